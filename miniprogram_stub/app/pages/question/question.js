// One question of the hunt: choose, send, verdict. The answer goes through the outbox, so that no
// network loses it; the clock is the server's.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const clock = require('../../lib/clock.js');
const outbox = require('../../lib/outbox.js');
const platform = require('../../lib/platform.js');
const words = require('../../lib/words.js');
const { tapped } = require('../../components/options/choosing.js');
const asked = require('./asked.js');

const DRAFT = 'dig-draft';

definePage({
  data: {
    dig: null,
    hunt: null,
    asked: null,
    clock: null,
    points: 0,
    snooze: null,
    isSnoozing: false,
    coins: [0, 1, 2, 3, 4, 5],
    isFlying: false,
  },

  async load({ event, activity, dig: id }) {
    const [hunt, dig, own] = await Promise.all([
      api.get(words.activityPath('hunt', activity)),
      api.get(this._path()),
      api.get(`/events/${event}/me`),
    ]);
    this._learn(hunt, dig, Number(id));
    const points = own.standing.points || 0;
    return Object.assign({ points, hunt: this._hunt, dig }, this._drawn());
  },

  onLoad() {
    this._hunt = this.data.hunt;
    this._dig = this.data.dig;
    this._chosen = [];
    if (this._dig) {
      this._learn(this._hunt, this._dig, this._dig.id);
      this.setData(this._drawn());
    }
  },

  onShow() {
    this._offs2 = outbox.on((news) => this._outboxSays(news));
  },

  onHide() {
    this._offs2();
  },

  onUnload() {
    this._offs2();
  },

  live(state) {
    const { state: stands, paused } = state.event;
    const heard = `${stands} ${paused}`;
    if (this._heard && this._heard !== heard) {
      this.refresh();
    }
    this._heard = heard;
  },

  _path(end = '') {
    const { activity, dig } = this.query;
    return `${words.activityPath('hunt', activity)}/digs/${dig}${end}`;
  },

  /** What was chosen is kept until the question is over: a reload loses nothing. */
  _learn(hunt, dig, id) {
    const known = this._dig;
    // A dig that was requested before its answer was acknowledged is older than the known state.
    const isOlder = known && known.id === dig.id && known.result && !dig.result;
    this._hunt = hunt;
    this._dig = isOlder ? known : dig;
    this._isLate = false;
    const draft = platform.storage.get(DRAFT);
    this._chosen = draft && draft.id === id && dig.state === 'open' ? draft.choice : [];
  },

  _answerKey() {
    return `dig:${this.query.dig}`;
  },

  _sent() {
    const item = outbox.waiting().find((one) => one.key === this._answerKey());
    return item ? item.body.choice : null;
  },

  _drawn() {
    const dig = this._dig;
    const site = this._hunt.sites.find((one) => one.key === dig.site);
    const isPaused = this._hunt.state === 'paused' || (dig.state === 'open' && !dig.question);
    return {
      dig,
      asked: asked.shown({
        dig,
        place: site ? site.title : '',
        chosen: this._chosen,
        sent: this._sent(),
        isOnline: platform.isOnline() && !this._isAway,
        isLate: this._isLate,
      }),
      clock: asked.clockOf(dig, this._hunt.question_seconds, isPaused),
      snooze: asked.snoozeOf(dig, this._hunt.snooze_left),
    };
  },

  choose(event) {
    this._chosen = tapped(this._dig.question, this._chosen, event.detail.key);
    platform.storage.set(DRAFT, { id: this._dig.id, choice: this._chosen });
    platform.buzz('light');
    this.setData(this._drawn());
  },

  async submit() {
    if (!this.data.asked.isReady) {
      return;
    }
    this._isAway = false;
    const told = outbox.send({
      key: this._answerKey(),
      path: this._path('/answer'),
      body: { choice: this._chosen },
      label: `${this.data.asked.place}的答案`,
    });
    this.setData(this._drawn());
    // Nobody is told the verdict at once: the network is slow, or not there.
    clearTimeout(this._slowly);
    this._slowly = setTimeout(() => {
      this._isAway = outbox.isWaiting(this._answerKey());
      this.setData(this._drawn());
    }, 3000);
    await told.catch(() => {});
    clearTimeout(this._slowly);
  },

  _outboxSays({ type, item, data, refusal }) {
    if (!item || item.key !== this._answerKey()) {
      return;
    }
    if (type === 'sent') {
      this._judged(data);
    } else if (type === 'refused') {
      platform.say(refusal.message);
      this.refresh();
    }
  },

  _judged(result) {
    this._isAway = false;
    this._dig = Object.assign({}, this._dig, { state: 'answered', seconds_left: 0, result });
    platform.storage.remove(DRAFT);
    const isGain = result.points > 0 || Boolean(result.treasure);
    platform.buzz(isGain ? 'heavy' : 'light');
    this.setData(Object.assign({ isFlying: isGain }, this._drawn()));
    // The gold arrives, then the purse counts.
    clearTimeout(this._lands);
    this._lands = setTimeout(() => {
      const { points } = result.score;
      this.setData({ isFlying: false, points: points === null ? this.data.points : points });
    }, 900);
  },

  async snooze() {
    if (this.data.isSnoozing) {
      return;
    }
    this.setData({ isSnoozing: true });
    try {
      this._dig = await api.post(this._path('/snooze'));
      this._hunt = Object.assign({}, this._hunt, { snooze_left: false });
      platform.buzz('medium');
      this.setData(this._drawn());
    } catch (error) {
      platform.say(error.message);
      this.refresh();
    } finally {
      this.setData({ isSnoozing: false });
    }
  },

  /** The time is over by this phone's clock: the server says what became of the question. */
  over() {
    if (this._sent() || this._dig.state !== 'open') {
      return;
    }
    if (clock.left(this._dig.deadline_at) <= 0) {
      this._isLate = true;
      this.setData(this._drawn());
      this.refresh();
    }
  },

  back() {
    platform.back();
  },
});
