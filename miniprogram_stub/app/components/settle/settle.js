// Buttons that replace other ones: for a moment they cannot be pressed, because the second tap of a
// double tap was meant for the earlier button.

const SETTLES_MS = 600;

Component({
  properties: {
    // The meaning of the buttons; a change means that other buttons are shown.
    of: null,
    // How long, in ms.
    pause: { type: Number, value: SETTLES_MS },
  },
  data: { isSettling: true },
  observers: {
    of() {
      this._settle();
    },
  },
  lifetimes: {
    attached() {
      this._settle();
    },
    detached() {
      clearTimeout(this._settles);
    },
  },
  pageLifetimes: {
    // The tap may have been meant for the page before.
    show() {
      this._settle();
    },
  },
  methods: {
    _settle() {
      clearTimeout(this._settles);
      this.setData({ isSettling: true });
      this._settles = setTimeout(() => this.setData({ isSettling: false }), this.data.pause);
    },
  },
});
