// 便捷查询: one search box. What has no answer becomes a question for the person in charge; it is kept
// while one types it, and without a network it waits in the outbox.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const outbox = require('../../lib/outbox.js');
const platform = require('../../lib/platform.js');
const session = require('../../lib/session.js');
const shown = require('./shown.js');

const DRAFT = 'question-draft';
const LONGEST = 200;
const LEAST = 2;

definePage({
  data: {
    examples: shown.EXAMPLES,
    longest: LONGEST,
    text: '',
    asked: '',
    answers: [],
    similar: [],
    isEmpty: false,
    isStaff: true,
    question: '',
    isReady: false,
    state: '',
  },

  async load({ q }) {
    const me = await session.me();
    const found = q ? await api.get('/lookup', { q }) : { answers: [], similar: [] };
    return Object.assign({ asked: q || '', isStaff: Boolean(me.staff) }, shown.foundOf(found));
  },

  onLoad({ q }) {
    const question = platform.storage.get(DRAFT, '') || q || '';
    this.setData({ text: q || '' });
    this._ask(question);
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

  write(event) {
    this.setData({ text: event.detail.value });
  },

  search() {
    this._look(this.data.text);
  },

  choose(event) {
    this._look(event.currentTarget.dataset.text);
  },

  /** The answers to each text are stored, for times without a network. */
  _look(typed) {
    const q = typed.trim();
    if (q) {
      platform.replace(`/pages/lookup/lookup?q=${encodeURIComponent(q)}`);
    }
  },

  copy(event) {
    platform.copy(event.currentTarget.dataset.text);
    platform.say('已复制');
  },

  writeQuestion(event) {
    platform.storage.set(DRAFT, event.detail.value);
    this._ask(event.detail.value);
  },

  _ask(question) {
    const isWaiting = outbox.isWaiting(DRAFT);
    this.setData({
      question,
      state: isWaiting ? 'waits' : '',
      isReady: Array.from(question.trim()).length >= LEAST && !isWaiting,
    });
  },

  submit() {
    if (!this.data.isReady) {
      return;
    }
    platform.buzz('medium');
    outbox.send({
      key: DRAFT,
      path: '/lookup/questions',
      body: { text: this.data.question.trim() },
      label: '一个提问',
    });
    this._ask(this.data.question);
  },

  _outboxSays({ type, item, refusal }) {
    if (!item || item.key !== DRAFT) {
      return;
    }
    if (type === 'sent') {
      platform.storage.set(DRAFT, '');
      platform.say('已经交给负责人');
      platform.replace('/pages/asked/asked');
    } else {
      this._ask(this.data.question);
      platform.say(refusal.message);
    }
  },

  goAsked() {
    platform.go('/pages/asked/asked');
  },

  goBind() {
    platform.go('/pages/bind/bind');
  },
});
