// What I am told about posts: reminders, comments on what I wrote, decisions. Opening the page counts as
// seeing what it shows.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const platform = require('../../lib/platform.js');
const { newsOf } = require('../posts/list.js');

definePage({
  data: { items: [] },

  async load() {
    const { items } = await api.get('/posts/notices');
    if (items.length === 0) {
      return null;
    }
    await api.put('/posts/notices', { until: items[0].at });
    return { items: items.map(newsOf) };
  },

  open(event) {
    platform.go(event.currentTarget.dataset.url);
  },

  goHome() {
    platform.tab('/pages/home/home');
  },
});
