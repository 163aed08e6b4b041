// 回复有效关键词: what the stage announces is shown here at the same moment; the first who reply win.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const clock = require('../../lib/clock.js');
const platform = require('../../lib/platform.js');
const words = require('../../lib/words.js');
const announced = require('./announced.js');

const DRAFT = 'keyword-draft';

definePage({
  data: { call: null, facts: null, text: '' },

  async load({ event, activity }) {
    const [found, own, of] = await Promise.all([
      api.get(words.activityPath('keywords', activity)),
      api.get(`/events/${event}/me`),
      api.get(`/events/${event}`),
    ]);
    this._me = own.player;
    this._event = of;
    this._own = found.own;
    // The state from the socket is newer than the answer to a request that was sent before.
    if (this.data.connected !== 'live' || this._game === undefined) {
      this._game = found.phase ? found : null;
    }
    return Object.assign({ facts: this._facts() }, this._drawn());
  },

  onLoad() {
    const facts = this.data.facts || {};
    this._me = facts.me || null;
    this._event = facts.event || null;
    this._game = facts.game;
    this._own = facts.own || null;
    this._text = platform.storage.get(DRAFT, '');
    this._sent = '';
    this._reply = null;
    this.setData({ text: this._text });
  },

  onShow() {
    platform.keepAwake(true);
  },

  onHide() {
    platform.keepAwake(false);
  },

  onUnload() {
    platform.keepAwake(false);
  },

  live(state, game) {
    const { frozen } = state.event;
    const known = new Set((this._game ? this._game.words : []).map((word) => word.id));
    const isNew =
      Boolean(game) && game.words.some(({ id, state: is }) => is === 'open' && !known.has(id));
    const isOther = this._event && this._event.frozen !== frozen;
    this._event = state.event;
    this._game = game || null;
    if (isNew) {
      this._reply = null;
      platform.buzz('heavy');
    }
    this.setData(this._drawn());
    if (isOther) {
      // Points of the own words are told or hidden from now on.
      this.refresh();
    }
  },

  _facts() {
    return { me: this._me, event: this._event, game: this._game, own: this._own };
  },

  _drawn() {
    return {
      call: announced.shown({
        game: this._game,
        own: this._own,
        me: this._me,
        event: this._event,
        text: this._text,
        sent: this._sent,
        reply: this._reply,
      }),
    };
  },

  write(event) {
    this._text = event.detail.value;
    platform.storage.set(DRAFT, this._text);
    this.setData(Object.assign({ text: this._text }, this._drawn()));
  },

  async submit() {
    if (!this.data.call.isReady) {
      return;
    }
    const { activity } = this.query;
    const text = this._text.trim();
    this._sent = text;
    this._reply = null;
    this.setData(this._drawn());
    platform.buzz('light');
    try {
      const twin = () => api.post(`${words.activityPath('keywords', activity)}/replies`, { text });
      const answer = await this.connection.ask('keywords.reply', activity, { text }, { twin });
      this._answered(text, answer);
    } catch (error) {
      this._sent = '';
      this.setData(this._drawn());
      if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
        throw error;
      }
      platform.say(
        error instanceof api.NoNetwork ? '没有送到，你写的字还在，有网络再点一次。' : error.message,
      );
    }
  },

  _answered(text, answer) {
    const isHit = answer.outcome === 'hit';
    const word = this._game && this._game.words.find(({ id }) => id === answer.word_id);
    this._sent = '';
    this._reply = Object.assign({ text }, answer);
    this._own = announced.withHit(this._own, answer, word ? word.text : text, clock.now());
    // A wrong word stays in the field, because it may be a typing error.
    if (answer.outcome !== 'wrong' && this._text.trim() === text) {
      this._text = '';
      platform.storage.remove(DRAFT);
    }
    platform.buzz(isHit ? 'heavy' : 'light');
    this.setData(Object.assign({ text: this._text, facts: this._facts() }, this._drawn()));
  },

  goBind() {
    platform.go('/pages/bind/bind');
  },

  goReceipts() {
    platform.go(`/pages/receipts/receipts?event=${this.query.event}`);
  },
});
