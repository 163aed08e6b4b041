// The posts of a column, or what I have not read yet: the oldest of those first.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const platform = require('../../lib/platform.js');
const { lineOf } = require('./list.js');

const AT_ONCE = 30;
// As many as the server lists at once.
const MOST = 200;

definePage({
  data: { lines: [], total: 0, isMissed: false },

  async load(query) {
    const asked = query.column ? { column_id: query.column } : { unread: true };
    const page = { page_size: this._shown || AT_ONCE };
    const { items, total } = await api.get('/posts', Object.assign(page, asked));
    this.entitle(query.column ? query.title || '栏目' : '我错过的');
    return items.length > 0 ? { lines: items.map(lineOf), total, isMissed: !query.column } : null;
  },

  more() {
    this._shown = MOST;
    return this.refresh();
  },

  open(event) {
    platform.go(`/pages/post/post?post=${event.currentTarget.dataset.id}`);
  },

  goHome() {
    platform.tab('/pages/home/home');
  },
});
