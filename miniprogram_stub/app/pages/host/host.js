// 主持遥控: what is on, and the one next step. Each step says where it leads, so that a double tap,
// a repeat and a second host do it once; who may is for the server to say.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const platform = require('../../lib/platform.js');
const remote = require('./remote.js');

const POLL_MS = 2000;

definePage({
  // A stored state would offer steps that were done since.
  keeps: false,
  data: { remote: null, eventTitle: '', busy: '' },

  async load({ event }) {
    const chosen = this._chosenId ? `?activity_id=${this._chosenId}` : '';
    const found = await api.get(`/events/${event}/steps${chosen}`);
    return { eventTitle: found.event.title, remote: remote.shown(found) };
  },

  onLoad() {
    this._chosenId = Number(this.query.activity) || null;
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

  choose(event) {
    this._chosenId = Number(event.currentTarget.dataset.id);
    platform.buzz('light');
    this.refresh();
  },

  async press(event) {
    const { id } = event.currentTarget.dataset;
    const step = remote.stepOf(this.data.remote, id);
    if (this.data.busy || this._isAsking || !step) {
      return;
    }
    this._isAsking = true;
    const { ask } = step;
    const agreed =
      !ask ||
      (await platform.confirm({
        title: ask.title,
        text: ask.text,
        ok: ask.ok,
        danger: ask.danger,
      }));
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
      await api.post(step.path, step.body);
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
    this.refresh();
  },
});
