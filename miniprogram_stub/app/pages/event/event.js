// One event: what it is, what can be done in each activity now, and its boards.

const { definePage } = require('../../lib/page.js');
const agenda = require('../../lib/agenda.js');
const api = require('../../lib/api.js');
const clock = require('../../lib/clock.js');
const platform = require('../../lib/platform.js');
const session = require('../../lib/session.js');
const plan = require('./plan.js');

definePage({
  data: { facts: null, plan: null },

  async load({ event: id }) {
    const [event, own] = await Promise.all([
      api.get(`/events/${id}`),
      session.seat(id),
      session.me(),
    ]);
    if (own) {
      session.choose(event);
    }
    const facts = { event, own, isHost: session.isHost(id) };
    return Object.assign({ facts }, this._drawn(facts));
  },

  live(state) {
    this._heard = { games: state.activities, played: state.played, open: state.open };
    const { facts } = this.data;
    if (!facts) {
      return;
    }
    const event = agenda.follow(facts.event, state.event);
    const next = Object.assign({}, facts, { event });
    this.setData(Object.assign({ facts: next }, this._drawn(next)));
    if (agenda.hasMoved(facts.event, event)) {
      this.refresh();
    }
  },

  _drawn(facts) {
    return {
      plan: plan.shown(Object.assign({ games: null, now: clock.now() }, this._heard, facts)),
    };
  },

  play(event) {
    const { url } = event.currentTarget.dataset;
    if (url) {
      platform.go(url);
    } else {
      platform.update();
    }
  },

  goBoards() {
    platform.tab('/pages/boards/boards');
  },

  goReceipts() {
    platform.go(`/pages/receipts/receipts?event=${this.query.event}`);
  },

  goHost() {
    platform.go(`/pages/host/host?event=${this.query.event}`);
  },

  goJoin() {
    platform.go(`/pages/join/join?code=${this.data.facts.event.join_code}`);
  },

  goBind() {
    platform.go('/pages/bind/bind');
  },
});
