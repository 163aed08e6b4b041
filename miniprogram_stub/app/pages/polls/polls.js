// 投票: the polls of an activity, and the way to suggestions.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const outbox = require('../../lib/outbox.js');
const platform = require('../../lib/platform.js');
const words = require('../../lib/words.js');
const receipts = require('../ballot/receipts.js');
const { shown } = require('./list.js');

definePage({
  data: { list: null },

  async load({ event, activity }) {
    const path = words.activityPath('polls', activity);
    const [{ items }, own] = await Promise.all([api.get(path), api.get(`/events/${event}/me`)]);
    const open = items.filter((poll) => poll.state === 'open');
    const told = await Promise.all(open.map((poll) => receipts.own(path, poll.id)));
    this._facts = {
      polls: items,
      own: Object.fromEntries(open.map((poll, at) => [poll.id, told[at].ballots_left])),
      isStaff: Boolean(own.player.staff_number),
    };
    return this._drawn();
  },

  hears: {
    'polls.reminder'({ title }) {
      platform.buzz('heavy');
      platform.say(`主持人提醒：《${title}》还没投票。`);
    },
  },

  onShow() {
    this._deaf = outbox.on(() => this._facts && this.setData(this._drawn()));
  },

  onHide() {
    this._deaf();
  },

  onUnload() {
    this._deaf();
  },

  live(state, game) {
    const { state: stands, paused } = state.event;
    const poll = game ? game.poll : null;
    const heard = [stands, paused, poll && poll.id].join(' ');
    const isOther = this._heard !== undefined && this._heard !== heard;
    this._heard = heard;
    if (isOther || (poll && this._isNews(poll))) {
      this.refresh();
    } else if (poll && this._facts) {
      this._facts.polls = this._facts.polls.map((one) => (one.id === poll.id ? poll : one));
      this.setData(this._drawn());
    }
  },

  /** Whether the poll on the screen has moved on since the list was asked for. */
  _isNews({ id, state, results_shown }) {
    const known = this._facts && this._facts.polls.find((poll) => poll.id === id);
    return (
      Boolean(this._facts) &&
      !(known && known.state === state && known.results_shown === results_shown)
    );
  },

  _drawn() {
    const { polls } = this._facts;
    const waiting = polls.map(({ id }) => id).filter((id) => receipts.waiting(id).length > 0);
    return { list: shown(Object.assign({ waiting }, this._facts)) };
  },

  open(event) {
    const { event: eventId, activity } = this.query;
    const { id } = event.currentTarget.dataset;
    platform.go(`/pages/ballot/ballot?event=${eventId}&activity=${activity}&poll=${id}`);
  },

  goSuggestions() {
    const { event, activity } = this.query;
    platform.go(`/pages/suggestions/suggestions?event=${event}&activity=${activity}`);
  },
});
