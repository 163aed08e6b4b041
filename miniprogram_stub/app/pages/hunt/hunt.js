// “美多”大淘金: the meadow from above. A tent is chosen by a tap, the gold button digs there.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const outbox = require('../../lib/outbox.js');
const platform = require('../../lib/platform.js');
const session = require('../../lib/session.js');
const words = require('../../lib/words.js');
const meadow = require('./meadow.js');

const CHOSEN = 'hunt-site';

definePage({
  data: { map: null, facts: null, points: 0, isList: false, isBusy: false },

  async load({ event, activity }) {
    const [hunt, of, own] = await Promise.all([
      api.get(words.activityPath('hunt', activity)),
      api.get(`/events/${event}`),
      api.get(`/events/${event}/me`),
    ]);
    this._facts = { hunt, event: of, isGuest: !own.player.staff_number };
    this.entitle(hunt.title);
    return Object.assign({ points: own.standing.points || 0, facts: this._facts }, this._drawn());
  },

  onShow() {
    // What was kept is drawn with the site that was chosen last.
    if (this.data.facts) {
      this._facts = this.data.facts;
      this.setData(this._drawn());
    }
    this._deaf = outbox.on((news) => this._outboxSays(news));
  },

  onHide() {
    this._deaf();
  },

  onUnload() {
    this._deaf();
  },

  live(state) {
    const { state: stands, paused, frozen } = state.event;
    const heard = `${stands} ${paused} ${frozen}`;
    if (this._heard && this._heard !== heard) {
      this.refresh();
    }
    this._heard = heard;
  },

  _drawn() {
    const { hunt, event, isGuest } = this._facts;
    const kept = platform.storage.get(CHOSEN, '');
    const isThere = hunt.sites.some((site) => site.key === kept);
    const chosenKey = isThere && !hunt.current_dig ? kept : meadow.firstKey(hunt);
    const saved = meadow.savedOf(outbox.waiting(), this._digs());
    return { map: meadow.shown({ hunt, event, isGuest, chosenKey, saved }) };
  },

  _digs() {
    return `${words.activityPath('hunt', this.query.activity)}/digs`;
  },

  /** A stored answer has arrived at the server, or came too late. */
  _outboxSays({ type, item, data, refusal }) {
    if (!item || !item.path.startsWith(`${this._digs()}/`)) {
      return;
    }
    platform.say(type === 'sent' ? meadow.arrivedWord(item, data) : refusal.message);
    this.refresh();
  },

  choose(event) {
    const { open } = this.data.map;
    if (open) {
      platform.say(
        open.isSaved ? '等这个答案送到，再换地方挖。' : '先答完手上的这道题，再换地方挖。',
      );
      return;
    }
    platform.storage.set(CHOSEN, event.currentTarget.dataset.key);
    platform.buzz('light');
    this.setData(this._drawn());
  },

  toggleList() {
    this.setData({ isList: !this.data.isList });
  },

  act() {
    const { kind } = this.data.map.action;
    const { event } = this.query;
    if (kind === 'dig') {
      this._dig();
    } else if (kind === 'resume') {
      this._open(this.data.map.open.id);
    } else if (kind === 'wrong') {
      this.goWrong();
    } else if (kind === 'bind') {
      platform.go('/pages/bind/bind');
    } else if (kind === 'boards') {
      session.choose(this._facts.event);
      platform.tab(`/pages/boards/boards?event=${event}`);
    }
  },

  /** Digging twice opens one question: a lost answer is asked for again. */
  async _dig() {
    if (this.data.isBusy) {
      return;
    }
    this.setData({ isBusy: true });
    try {
      const site = this.data.map.chosen.key;
      const dig = await api.post(this._digs(), { site });
      platform.buzz('medium');
      this._open(dig.id);
    } catch (error) {
      platform.say(error.message);
      this.refresh();
    } finally {
      this.setData({ isBusy: false });
    }
  },

  _open(dig) {
    const { event, activity } = this.query;
    platform.go(`/pages/question/question?event=${event}&activity=${activity}&dig=${dig}`);
  },

  goWrong() {
    const { event, activity } = this.query;
    platform.go(`/pages/wrong/wrong?event=${event}&activity=${activity}`);
  },

  goReceipts() {
    platform.go(`/pages/receipts/receipts?event=${this.query.event}`);
  },

  again() {
    this.refresh();
  },
});
