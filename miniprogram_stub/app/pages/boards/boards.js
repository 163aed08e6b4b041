// The boards of the event that was looked at last: the top, around me, my team, by day, week and
// activity. A frozen board looks frozen, and the ceremony is followed place by place.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const platform = require('../../lib/platform.js');
const session = require('../../lib/session.js');
const { shown } = require('./board.js');

const EVERY_MS = 10000;
const TOP = 50;
const MOST_TEAMS = 200;

definePage({
  data: {
    names: [],
    board: null,
    chosen: 'event',
    view: 'top',
    eventTitle: '',
    views: [
      { name: 'top', title: '个人' },
      { name: 'around', title: '我前后' },
      { name: 'teams', title: '班组' },
    ],
    isGuest: false,
    ownTeam: '',
  },

  event() {
    const chosen = session.event();
    return chosen && chosen.id;
  },

  async load() {
    const chosen = session.event();
    if (!chosen) {
      return null;
    }
    const { chosen: name, view } = this.data;
    const path = `/events/${chosen.id}`;
    const [event, own, names, board] = await Promise.all([
      api.get(path),
      api.get(`${path}/me`),
      api.get(`${path}/leaderboards`),
      api.get(`${path}/leaderboards/${name}`, queryOf(view)),
    ]);
    const { player } = own;
    const ownId = view === 'teams' ? player.team && player.team.id : player.id;
    const place = `${chosen.id} ${name} ${view}`;
    const before = this._place === place ? this._ranks : {};
    const made = shown({ board, ownId, reveal: event.reveal, before });
    this._place = place;
    this._ranks = made.ranks;
    return {
      names: names.boards,
      board: made,
      eventTitle: event.title,
      isGuest: !player.staff_number,
      ownTeam: player.team ? player.team.name : '',
    };
  },

  live(state) {
    const { frozen, reveal, state: stands } = state.event;
    const heard = `${frozen} ${reveal && reveal.step} ${stands}`;
    if (this._heard && this._heard !== heard) {
      if (reveal) {
        platform.buzz('light');
      }
      this.refresh();
    }
    this._heard = heard;
  },

  onShow() {
    // Points are not told to phones: the board is asked for now and then.
    clearInterval(this._again);
    this._again = setInterval(() => this.refresh(), EVERY_MS);
  },

  onHide() {
    clearInterval(this._again);
  },

  onUnload() {
    clearInterval(this._again);
  },

  chooseBoard(event) {
    this._choose({ chosen: event.currentTarget.dataset.name });
  },

  chooseView(event) {
    this._choose({ view: event.currentTarget.dataset.name });
  },

  _choose(change) {
    this.setData(Object.assign({ board: null }, change));
    this.refresh();
  },

  goEvents() {
    platform.tab('/pages/events/events');
  },

  goReceipts() {
    platform.go(`/pages/receipts/receipts?event=${session.event().id}`);
  },

  goBind() {
    platform.go('/pages/bind/bind');
  },
});

function queryOf(view) {
  if (view === 'teams') {
    return { scope: 'teams', top: MOST_TEAMS };
  }
  return view === 'around' ? { scope: 'players', around: 'me' } : { scope: 'players', top: TOP };
}
