// 首页: what is on now as one card with one button, what comes next, and my place.

const { definePage } = require('../../lib/page.js');
const agenda = require('../../lib/agenda.js');
const api = require('../../lib/api.js');
const clock = require('../../lib/clock.js');
const outbox = require('../../lib/outbox.js');
const platform = require('../../lib/platform.js');
const session = require('../../lib/session.js');
const { paths } = require('../../lib/protocol.js');
const { newsOf } = require('../lookup/shown.js');
const { homeOf } = require('../posts/list.js');
const hall = require('./hall.js');
const { peopleOf } = require('./people.js');

definePage({
  data: {
    facts: null,
    hall: null,
    posts: null,
    people: null,
    news: null,
    greeting: '',
    name: '',
    waiting: 0,
    invitations: 0,
  },

  event() {
    const chosen = session.event();
    return chosen && chosen.id;
  },

  async load() {
    const [me, { items }, posts, news, today] = await Promise.all([
      session.me(),
      api.get(paths.events),
      api.get('/posts/home'),
      api.get('/lookup/news'),
      api.get('/people/today'),
    ]);
    const chosen = session.event();
    const event = hall.eventOf(items, chosen && chosen.id, session.isMine);
    const own = event && (await session.seat(event.id));
    if (event) {
      session.choose(event);
    }
    const facts = event && { event, own, isHost: session.isHost(event.id) };
    return Object.assign(
      {
        facts,
        name: (me.staff && me.staff.name) || '',
        posts: homeOf(posts),
        news: newsOf(news),
        people: peopleOf(today),
        invitations: items.filter((one) => one.state === 'open' && !session.isMine(one)).length,
      },
      this._drawn(facts),
    );
  },

  onShow() {
    this._off = outbox.on(() => this._count());
    this._count();
    if (this.data.facts) {
      this.setData(this._drawn(this.data.facts));
    }
  },

  onHide() {
    this._off();
  },

  onUnload() {
    this._off();
  },

  hears: {
    'posts.notice'() {
      this.refresh();
    },
  },

  live(state) {
    const { facts } = this.data;
    if (!facts || facts.event.id !== state.event.id) {
      return;
    }
    this._heard = {
      eventId: state.event.id,
      found: { games: state.activities, played: state.played, open: state.open },
    };
    const event = agenda.follow(facts.event, state.event);
    const next = Object.assign({}, facts, { event });
    this.setData(Object.assign({ facts: next }, this._drawn(next)));
    if (agenda.hasMoved(facts.event, event)) {
      this.refresh();
    }
  },

  _drawn(facts) {
    const now = clock.now();
    const isHeard = facts && this._heard && this._heard.eventId === facts.event.id;
    const heard = isHeard ? this._heard.found : { games: null };
    return {
      greeting: hall.greeting(new Date(now).getHours()),
      hall: facts && hall.shown(Object.assign({ now }, heard, facts)),
    };
  },

  _count() {
    this.setData({ waiting: outbox.waiting().length });
  },

  play(event) {
    const { url } = event.currentTarget.dataset;
    if (url) {
      platform.go(url);
    } else {
      platform.update();
    }
  },

  openPost(event) {
    platform.go(`/pages/post/post?post=${event.currentTarget.dataset.id}`);
  },

  openColumn(event) {
    const { id, title } = event.currentTarget.dataset;
    platform.go(`/pages/posts/posts?column=${id}&title=${encodeURIComponent(title)}`);
  },

  goLookup() {
    platform.go('/pages/lookup/lookup');
  },

  goAsked() {
    platform.go('/pages/asked/asked');
  },

  goSaved() {
    platform.go('/pages/posts/posts?saved=1');
  },

  goSubmissions() {
    platform.go('/pages/submissions/submissions');
  },

  goNotices() {
    platform.go('/pages/notices/notices');
  },

  goMissed() {
    platform.go('/pages/posts/posts');
  },

  goEvent() {
    platform.go(`/pages/event/event?event=${this.data.facts.event.id}`);
  },

  goBoards() {
    platform.tab('/pages/boards/boards');
  },

  goEvents() {
    platform.tab('/pages/events/events');
  },

  goReceipts() {
    platform.go(`/pages/receipts/receipts?event=${this.data.facts.event.id}`);
  },

  goHost() {
    platform.go(`/pages/host/host?event=${this.data.facts.event.id}`);
  },

  goJoin() {
    platform.go('/pages/join/join');
  },

  joinAgain() {
    platform.go(`/pages/join/join?code=${this.data.facts.event.join_code || ''}`);
  },

  goTeam() {
    platform.go('/pages/team/team');
  },

  goMe() {
    platform.tab('/pages/me/me');
  },

  goBind() {
    platform.go('/pages/bind/bind');
  },
});
