// 征集建议: what staff suggest, who seconds it, and what became of one's own.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const outbox = require('../../lib/outbox.js');
const pictures = require('../../lib/pictures.js');
const platform = require('../../lib/platform.js');
const words = require('../../lib/words.js');
const collected = require('./collected.js');

const PAGE = 20;
const VIEWS = [
  { name: 'best', title: '最有呼声', query: { sort: 'supports' } },
  { name: 'new', title: '最新', query: { sort: 'new' } },
  { name: 'mine', title: '我的', query: { mine: true } },
];

definePage({
  data: {
    views: VIEWS,
    view: 'best',
    items: null,
    total: 0,
    isStaff: false,
    facts: null,
    pictures: {},
  },

  async load({ event }) {
    const [found, own] = await Promise.all([this._ask(1), api.get(`/events/${event}/me`)]);
    const isStaff = Boolean(own.player.staff_number);
    this._facts = { items: found.items, isStaff };
    const { view } = this.data;
    return Object.assign({ view, total: found.total, isStaff, facts: this._facts }, this._drawn());
  },

  hears: {
    'polls.suggestion'() {
      platform.buzz('light');
      this.refresh();
    },
  },

  onLoad({ view }) {
    this._facts = this.data.facts || { items: [], isStaff: false };
    if (VIEWS.some(({ name }) => name === view)) {
      this.setData({ view });
    }
  },

  onShow() {
    this._deaf = outbox.on((news) => this._outboxSays(news));
  },

  onHide() {
    this._deaf();
  },

  onUnload() {
    this._deaf();
  },

  live(state) {
    const { state: stands, paused } = state.event;
    const heard = `${stands} ${paused}`;
    if (this._heard !== undefined && this._heard !== heard) {
      this.refresh();
    }
    this._heard = heard;
  },

  _path(end = '') {
    return `${words.activityPath('polls', this.query.activity)}/suggestions${end}`;
  },

  _ask(page) {
    const { query } = VIEWS.find(({ name }) => name === this.data.view);
    return api.get(this._path(), Object.assign({ page, page_size: PAGE }, query));
  },

  _drawn() {
    const { items, isStaff } = this._facts;
    const waiting = items.map(({ id }) => id).filter((id) => outbox.isWaiting(keyOf(id)));
    const drawn = items.map((item) => collected.shown(item, { mayWrite: isStaff, waiting }));
    pictures.each(
      drawn.map(({ picture }) => picture),
      (path, local) => this.setData({ [`pictures.${collected.numberOf(path)}`]: local }),
    );
    return { items: drawn };
  },

  choose(event) {
    this.setData({ view: event.currentTarget.dataset.name, items: null });
    this.refresh();
  },

  async more() {
    const page = Math.floor(this._facts.items.length / PAGE) + 1;
    try {
      const found = await this._ask(page);
      this._facts.items = collected.joined(this._facts.items, found.items);
      this.setData(Object.assign({ total: found.total }, this._drawn()));
    } catch (error) {
      platform.say(error.message);
    }
  },

  /** Seconding twice is seconding once, so it waits for a network like an answer. */
  support(event) {
    const { id } = event.currentTarget.dataset;
    platform.buzz('light');
    outbox.send({
      key: keyOf(id),
      method: 'PUT',
      path: this._path(`/${id}/support`),
      body: {},
      label: '附议一条建议',
    });
    this.setData(this._drawn());
  },

  _outboxSays({ type, item, data, refusal }) {
    if (!item || !item.path.startsWith(this._path('/'))) {
      return;
    }
    if (type === 'sent') {
      this._facts.items = collected.replaced(this._facts.items, data);
      this.setData(this._drawn());
    } else {
      platform.say(refusal.message);
      this.refresh();
    }
  },

  lookAt(event) {
    const local = this.data.pictures[event.currentTarget.dataset.picture];
    if (local) {
      platform.preview([local]);
    }
  },

  goPoll(event) {
    const { event: id, activity } = this.query;
    const { poll } = event.currentTarget.dataset;
    platform.go(`/pages/ballot/ballot?event=${id}&activity=${activity}&poll=${poll}`);
  },

  propose() {
    const { event, activity } = this.query;
    platform.go(
      this.data.isStaff
        ? `/pages/propose/propose?event=${event}&activity=${activity}`
        : '/pages/bind/bind',
    );
  },
});

function keyOf(id) {
  return `support:${id}`;
}
