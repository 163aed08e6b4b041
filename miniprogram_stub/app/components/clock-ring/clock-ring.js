// The ring of the big screen: how much of a time is left, by the server's clock. It turns coral for
// the last five seconds, and buzzes lightly with each of them where `buzzes` is set.

const clock = require('../../lib/clock.js');
const platform = require('../../lib/platform.js');

const TICK_MS = 200;
const LATE_SECONDS = 5;

Component({
  properties: {
    // ISO text or ms; '' shows an empty ring.
    endsAt: { type: String, optionalTypes: [Number], value: '' },
    // The whole time.
    seconds: { type: Number, value: 0 },
    // What is left while the clock stands still; negative while it runs.
    stoppedAt: { type: Number, value: -1 },
    size: { type: Number, value: 144 },
    buzzes: { type: Boolean, value: false },
  },
  data: { left: 0, share: 0, isLate: false },
  observers: {
    'endsAt, seconds, stoppedAt'() {
      this._draw();
    },
  },
  lifetimes: {
    attached() {
      this._stop = clock.every(TICK_MS, () => this._tick());
    },
    detached() {
      this._stop();
    },
  },
  methods: {
    /** Draw, and say once that the time is over: not while a page draws itself, which may not draw anew then. */
    _tick() {
      this._draw();
      if (this._hasRun && this.data.left === 0 && this.data.stoppedAt < 0) {
        this._hasRun = false;
        this.triggerEvent('over');
      }
    },

    _draw() {
      const { endsAt, seconds, stoppedAt, left: before, isLate: wasLate, buzzes } = this.data;
      const exact = stoppedAt >= 0 ? stoppedAt : clock.left(endsAt);
      const left = Math.ceil(exact);
      this._hasRun = this._hasRun || left > 0;
      const share = seconds > 0 ? Math.min(1, exact / seconds) : 0;
      const isLate = left <= LATE_SECONDS && stoppedAt < 0 && Boolean(endsAt);
      const isSame = left === before && isLate === wasLate;
      if (isSame && Math.abs(share - this.data.share) < 0.002) {
        return;
      }
      if (buzzes && isLate && left < before && left > 0) {
        platform.buzz('light');
      }
      this.setData({ left, share, isLate });
    },
  },
});
