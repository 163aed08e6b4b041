// The options of a question, as `choosing.drawn` makes them. Tells `choose` with the letter of a tap.

Component({
  properties: {
    items: { type: Array, value: [] },
    // Two large buttons side by side, for 对 and 错.
    isPair: { type: Boolean, value: false },
    // Nothing more can be chosen.
    isFixed: { type: Boolean, value: false },
  },
  methods: {
    choose(event) {
      if (!this.data.isFixed) {
        this.triggerEvent('choose', { key: event.currentTarget.dataset.key });
      }
    },
  },
});
