// 抽奖: the draw as the big screen shows it, my number in it, my prizes with their codes, and the
// record of every draw.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const platform = require('../../lib/platform.js');
const words = require('../../lib/words.js');
const { countedOf, entryOf, placeOf, shown, withStage } = require('./draws.js');
const { checked } = require('./proof.js');

// After a draw all phones ask, spread over this time, how many prizes are left.
const COUNT_SPREAD_MS = 8000;

definePage({
  data: { raffle: null, facts: null, isGuest: false },

  async load({ event, activity }) {
    const [found, own, of] = await Promise.all([
      api.get(words.activityPath('raffle', activity)),
      api.get(`/events/${event}/me`),
      api.get(`/events/${event}`),
    ]);
    this._event = of;
    this._own = found.own;
    this._prizes = found.prizes;
    // The state from the socket is newer than the answer to a request that was sent before.
    if (this.data.connected !== 'live' || this._stage === undefined) {
      this._stage = found.stage;
    }
    this._draws = withStage(found.draws, this._stage);
    const isGuest = !own.player.staff_number;
    return Object.assign({ isGuest, facts: this._facts() }, this._drawn());
  },

  onLoad() {
    const facts = this.data.facts || {};
    this._event = facts.event || null;
    this._stage = facts.stage;
    this._own = facts.own || null;
    this._draws = facts.draws || [];
    this._prizes = facts.prizes || [];
    this._openId = null;
    this._check = null;
  },

  onShow() {
    platform.keepAwake(true);
  },

  onHide() {
    platform.keepAwake(false);
    clearTimeout(this._counts);
  },

  onUnload() {
    platform.keepAwake(false);
    clearTimeout(this._counts);
  },

  live(state, stage) {
    const before = placeOf(this._stage, this._own);
    const counted = countedOf(this._stage);
    this._event = state.event;
    this._stage = stage || null;
    this._draws = withStage(this._draws, this._stage);
    this.setData(this._drawn());
    if (placeOf(this._stage, this._own) !== before) {
      this._look();
    }
    if (countedOf(this._stage) !== counted) {
      clearTimeout(this._counts);
      this._counts = setTimeout(() => this.refresh(), Math.random() * COUNT_SPREAD_MS);
    }
  },

  hears: {
    'raffle.handed'() {
      this._look();
    },
  },

  /** Ask what this player alone sees: the number in the pool, and prizes with their codes. */
  async _look() {
    const { activity } = this.query;
    const won = this._own ? this._own.wins.length : 0;
    try {
      this._own = await this.connection.look(activity, {
        twin: () => api.get(words.activityPath('raffle', activity)).then((found) => found.own),
      });
      if (this._own && this._own.wins.length > won) {
        platform.buzz('heavy');
      }
      this.setData(Object.assign({ facts: this._facts() }, this._drawn()));
    } catch (error) {
      // The page says by itself that the network is away; the next state asks again.
      if (error instanceof api.Refusal) {
        platform.say(error.message);
      } else if (!(error instanceof api.NoNetwork)) {
        throw error;
      }
    }
  },

  _facts() {
    return {
      event: this._event,
      stage: this._stage,
      own: this._own,
      draws: this._draws,
      prizes: this._prizes,
    };
  },

  _drawn() {
    return {
      raffle: shown({
        stage: this._stage,
        draws: this._draws,
        prizes: this._prizes,
        own: this._own,
        event: this._event,
        openId: this._openId,
        check: this._check,
      }),
    };
  },

  unfold(event) {
    const { id } = event.currentTarget.dataset;
    this._openId = this._openId === id ? null : id;
    this.setData(this._drawn());
  },

  copyCode(event) {
    platform.copy(event.currentTarget.dataset.code);
    platform.say('领奖码已复制。');
  },

  _proof(id) {
    return api.get(`${words.activityPath('raffle', this.query.activity)}/draws/${id}`);
  },

  /** Draw again on this phone, and compare. */
  async check(event) {
    const { id } = event.currentTarget.dataset;
    try {
      const proof = await this._proof(id);
      const draw = this._draws.find((one) => one.id === id);
      this._check = Object.assign({ id }, checked(proof, draw ? entryOf(draw, this._own) : null));
      platform.buzz('light');
      this.setData(this._drawn());
    } catch (error) {
      told(error);
    }
  },

  /** Copy the whole record: anybody can check it on a computer. */
  async copyRecord(event) {
    const { id } = event.currentTarget.dataset;
    try {
      const proof = await this._proof(id);
      platform.copy(JSON.stringify(proof, null, 1));
      platform.say('整份记录已复制，发到电脑上就能核对。');
    } catch (error) {
      told(error);
    }
  },
});

/** Show a refusal by the network or the rules; anything else is an error of the page. */
function told(error) {
  if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
    throw error;
  }
  platform.say(error.message);
}
