// The purse: how much gold there is. When `points` grows, what was gained flies up and the number
// counts along.

const STEPS = 12;
const STEP_MS = 50;

Component({
  properties: { points: { type: Number, value: 0 } },
  data: { shown: 0, gain: 0, isGaining: false },
  observers: {
    points(points) {
      this._count(points);
    },
  },
  lifetimes: {
    detached() {
      clearInterval(this._timer);
    },
  },
  methods: {
    _count(points) {
      clearInterval(this._timer);
      if (!this._wasShown) {
        this._wasShown = true;
        this.setData({ shown: points });
        return;
      }
      const from = this.data.shown;
      const gain = points - from;
      this.setData({ gain, isGaining: gain > 0 });
      let step = 0;
      this._timer = setInterval(() => {
        step += 1;
        this.setData({ shown: Math.round(from + (gain * step) / STEPS) });
        if (step === STEPS) {
          clearInterval(this._timer);
          this._timer = setTimeout(() => this.setData({ isGaining: false }), 700);
        }
      }, STEP_MS);
    },
  },
});
