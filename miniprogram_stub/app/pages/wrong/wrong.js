// The questions of a hunt that were answered wrong the last time, with the explanation.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const platform = require('../../lib/platform.js');
const words = require('../../lib/words.js');
const missed = require('./missed.js');

definePage({
  data: { found: null, list: null },

  async load({ activity }) {
    const found = await api.get(`${words.activityPath('hunt', activity)}/wrong-questions`);
    if (found.items.length === 0) {
      return null;
    }
    return { found, list: missed.shown(found, this.data.list ? this.data.list.topic : '') };
  },

  choose(event) {
    const { topic } = event.currentTarget.dataset;
    this.setData({ list: missed.shown(this.data.found, topic) });
  },

  back() {
    platform.back();
  },
});
