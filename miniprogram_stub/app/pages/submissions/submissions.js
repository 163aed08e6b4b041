// What I have written for a column, with what became of it; first what waits for a network.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const drafts = require('../../lib/drafts.js');
const outbox = require('../../lib/outbox.js');
const platform = require('../../lib/platform.js');
const { lineOf, linesOf } = require('./piece.js');

// As many as the server lists at once.
const MOST = 200;

definePage({
  data: { lines: [] },

  async load() {
    let others;
    try {
      const { items } = await api.get('/posts/submissions', { page_size: MOST });
      others = items.map(lineOf);
    } catch (error) {
      // What waits is shown without a network, too.
      if (!(error instanceof api.NoNetwork) || drafts.sent().length === 0) {
        throw error;
      }
      others = this.data.lines.filter(({ isKept }) => !isKept);
    }
    const lines = linesOf(drafts.sent(), others, platform.isOnline());
    return lines.length > 0 ? { lines } : null;
  },

  onShow() {
    this._deaf = outbox.on(({ type }) => {
      if (type !== 'changed') {
        this.refresh();
      }
    });
  },

  onHide() {
    this._deaf();
  },

  onUnload() {
    this._deaf();
  },

  open(event) {
    platform.go(event.currentTarget.dataset.url);
  },

  write() {
    platform.go('/pages/submission/submission');
  },
});
