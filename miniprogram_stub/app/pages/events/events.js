// The events that I am in, those that can be joined, and those that are over.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const clock = require('../../lib/clock.js');
const platform = require('../../lib/platform.js');
const session = require('../../lib/session.js');
const { paths } = require('../../lib/protocol.js');
const list = require('./list.js');

const STEP = 50;
const MOST = 200;

definePage({
  data: { groups: [], hasMore: false, isBusy: false },

  onLoad() {
    this._size = STEP;
  },

  async load() {
    const [, { items, total }] = await Promise.all([
      session.me(),
      api.get(paths.events, { page_size: this._size }),
    ]);
    const groups = list.shown(items, {
      isMine: session.isMine,
      isHost: session.isHost,
      now: clock.now(),
    });
    return { groups, hasMore: total > items.length && this._size < MOST };
  },

  async more() {
    this._size = Math.min(MOST, this._size + STEP);
    this.setData({ isBusy: true });
    await this.refresh();
    this.setData({ isBusy: false });
  },

  go(event) {
    platform.go(event.currentTarget.dataset.url);
  },

  goJoin() {
    platform.go('/pages/join/join');
  },
});
