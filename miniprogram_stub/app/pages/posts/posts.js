// The posts of a column, those that I keep, or what I have not read yet: the oldest of those first.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const pictures = require('../../lib/pictures.js');
const platform = require('../../lib/platform.js');
const { lineOf } = require('./list.js');

const AT_ONCE = 30;
// As many as the server lists at once.
const MOST = 200;

function askedFor(query) {
  if (query.saved) {
    return { saved: true };
  }
  return query.column ? { column_id: query.column } : { unread: true };
}

function titleOf(query) {
  if (query.saved) {
    return '我收藏的';
  }
  return query.column ? query.title || '栏目' : '我错过的';
}

definePage({
  data: { lines: [], covers: {}, total: 0, isMissed: false, emptyText: '' },

  onLoad(query) {
    const ofColumn = query.saved
      ? '还没有收藏。看文章时点“收藏”，就会留在这里。'
      : '这个栏目还没有文章。';
    this.setData({ emptyText: askedFor(query).unread ? '都看过了，没有错过的文章。' : ofColumn });
  },

  async load(query) {
    const asked = askedFor(query);
    const page = { page_size: this._shown || AT_ONCE };
    const { items, total } = await api.get('/posts', Object.assign(page, asked));
    this.entitle(titleOf(query));
    const isMissed = Boolean(asked.unread);
    pictures.each(
      items.map((post) => post.cover_path),
      (path, local) =>
        this.setData({ covers: Object.assign({}, this.data.covers, { [path]: local }) }),
    );
    return items.length > 0 ? { lines: items.map(lineOf), total, isMissed } : null;
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
