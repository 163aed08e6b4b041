// What I have written for a column, with what became of it.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const platform = require('../../lib/platform.js');
const { lineOf } = require('./piece.js');

// As many as the server lists at once.
const MOST = 200;

definePage({
  data: { lines: [] },

  async load() {
    const { items } = await api.get('/posts/submissions', { page_size: MOST });
    return items.length > 0 ? { lines: items.map(lineOf) } : null;
  },

  open(event) {
    platform.go(`/pages/submission/submission?submission=${event.currentTarget.dataset.id}`);
  },

  write() {
    platform.go('/pages/submission/submission');
  },
});
