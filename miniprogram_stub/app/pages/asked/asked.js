// My questions with their answers, and the questions that wait for me. An answer is kept while one
// types it.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const outbox = require('../../lib/outbox.js');
const platform = require('../../lib/platform.js');
const { questionOf, waitingOf } = require('../lookup/shown.js');

const DRAFTS = 'answer-drafts';
const KEY = 'answer:';
const LONGEST = 2000;
// As many as the server lists at once.
const MOST = 200;

definePage({
  data: { longest: LONGEST, mine: [], forMe: [] },

  async load() {
    const { items, for_me: forMe } = await api.get('/lookup/questions/mine', { page_size: MOST });
    if (items.some((question) => question.is_new)) {
      await api.put('/lookup/questions/seen');
    }
    if (items.length + forMe.length === 0) {
      return null;
    }
    return { mine: items.map(questionOf), forMe: forMe.map((one) => this._withDraft(one)) };
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

  _withDraft(question) {
    const draft = platform.storage.get(DRAFTS, {})[question.id] || '';
    const isWaiting = outbox.isWaiting(KEY + question.id);
    return Object.assign({ draft, isWaiting }, waitingOf(question));
  },

  write(event) {
    const { id } = event.currentTarget.dataset;
    const drafts = platform.storage.get(DRAFTS, {});
    platform.storage.set(DRAFTS, Object.assign({}, drafts, { [id]: event.detail.value }));
  },

  submit(event) {
    const { id } = event.currentTarget.dataset;
    const answer = (platform.storage.get(DRAFTS, {})[id] || '').trim();
    if (!answer) {
      platform.say('先写回答');
      return;
    }
    platform.buzz('medium');
    outbox.send({
      key: KEY + id,
      method: 'PUT',
      path: `/lookup/questions/${id}/answer`,
      body: { answer },
      label: '一个回答',
    });
    this._mark(id, true);
  },

  _mark(id, isWaiting) {
    this.setData({
      forMe: this.data.forMe.map((one) =>
        one.id === id ? Object.assign({}, one, { isWaiting }) : one,
      ),
    });
  },

  _outboxSays({ type, item, refusal }) {
    if (!item?.key.startsWith(KEY)) {
      return;
    }
    const id = Number(item.key.slice(KEY.length));
    if (type === 'sent') {
      const drafts = Object.assign({}, platform.storage.get(DRAFTS, {}));
      delete drafts[id];
      platform.storage.set(DRAFTS, drafts);
      platform.say('已回答');
    } else {
      this._mark(id, false);
      platform.say(refusal.message);
    }
    this.refresh();
  },

  goLookup() {
    platform.go('/pages/lookup/lookup');
  },
});
