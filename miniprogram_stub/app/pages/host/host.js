// 主持遥控: what is on, and the one next step. Each step says where it leads, so that a double tap,
// a repeat and a second host do it once; who may is for the server to say.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const clock = require('../../lib/clock.js');
const platform = require('../../lib/platform.js');
const words = require('../../lib/words.js');
const remote = require('./remote.js');

const POLL_MS = 2000;
// A button that has just got another meaning does not hear the finger of the tap before.
const SETTLES_MS = 700;
// Where more is said to hosts of an activity than what is on.
const DETAILS = { contest: '', drawing: '', polls: '', keywords: '/words', raffle: '' };

definePage({
  // An old state would offer steps that are done.
  keeps: false,
  data: { remote: null, eventTitle: '', busy: '', isSettling: false },

  async load({ event }) {
    const [now, of] = await Promise.all([
      api.get(`/events/${event}/now`),
      this._of || api.get(`/events/${event}`),
    ]);
    this._now = now;
    this._of = of;
    const { chosenId } = this._shown();
    this._detail = await this._detailOf(of.activities.find((one) => one.id === chosenId));
    return Object.assign({ eventTitle: of.title }, this._drawn());
  },

  onLoad() {
    this._chosenId = Number(this.query.activity) || null;
    this._detail = null;
  },

  onShow() {
    platform.keepAwake(true);
    this._isWatching = true;
    this._watch();
  },

  onHide() {
    this._unwatch();
  },

  onUnload() {
    this._unwatch();
  },

  /** Ask again a while after the last answer, however long that took. */
  _watch() {
    clearTimeout(this._next);
    this._next = setTimeout(async () => {
      await this.refresh();
      if (this._isWatching) {
        this._watch();
      }
    }, POLL_MS);
  },

  _unwatch() {
    platform.keepAwake(false);
    this._isWatching = false;
    clearTimeout(this._next);
  },

  /** What the server says to hosts of an activity that is not on, or is more than one thing. */
  async _detailOf(activity) {
    if (!activity || !(activity.kind in DETAILS)) {
      return null;
    }
    const isOn = this._now.activities.some((one) => one.id === activity.id);
    if (isOn && ['contest', 'drawing'].includes(activity.kind)) {
      return null;
    }
    return api.get(words.activityPath(activity.kind, activity.id) + DETAILS[activity.kind]);
  },

  _shown() {
    return remote.shown({
      now: this._now,
      activities: this._of.activities,
      chosenId: this._chosenId,
      detail: this._detail,
      at: clock.now(),
    });
  },

  _drawn() {
    const found = this._shown();
    const before = this.data.remote && this.data.remote.main;
    const isSettling = Boolean(before && found.main && found.main.id !== before.id);
    if (isSettling) {
      clearTimeout(this._settles);
      this._settles = setTimeout(() => this.setData({ isSettling: false }), SETTLES_MS);
    }
    return { remote: found, isSettling: isSettling || this.data.isSettling };
  },

  choose(event) {
    this._chosenId = Number(event.currentTarget.dataset.id);
    this._detail = null;
    platform.buzz('light');
    this.setData(this._drawn());
    this.refresh();
  },

  async press(event) {
    const { id } = event.currentTarget.dataset;
    const step = remote.stepOf(this._shown(), id);
    if (this.data.busy || this._isAsking || !step) {
      return;
    }
    this._isAsking = true;
    const agreed = !step.ask || (await platform.confirm(Object.assign({ danger: true }, step.ask)));
    this._isAsking = false;
    if (!agreed) {
      return;
    }
    this.setData({ busy: id });
    try {
      await this._do(step);
    } finally {
      this.setData({ busy: '' });
    }
  },

  async _do(step) {
    platform.buzz('medium');
    try {
      const path = step.path || `/events/${this.query.event}/transitions`;
      await api.post(path, step.body);
    } catch (error) {
      if (error instanceof api.NoNetwork) {
        platform.say('网络断了，这一步可能没有送到。再按一次也只算一次。');
      } else if (error instanceof api.Refusal) {
        platform.say(error.message);
      } else {
        throw error;
      }
    }
    await this.refresh();
  },

  /** The time of a question is over: revealing it needs no question any more. */
  over() {
    this.setData(this._drawn());
  },
});
