// The micro-lesson of a post: choose, send, see why. Answers go through the outbox, so that no network
// loses them.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const outbox = require('../../lib/outbox.js');
const platform = require('../../lib/platform.js');
const { tapped } = require('../../components/options/choosing.js');
const taught = require('./taught.js');

definePage({
  data: { lesson: null, place: 0, asked: null, end: null },

  async load({ post }) {
    const before = this._told.length;
    const read = await api.get(`/posts/${post}/lesson`);
    // An answer that was acknowledged meanwhile may not be in it.
    const lesson = this._told.slice(before).reduce(taught.withAnswer, read);
    if (lesson.items.length === 0) {
      return null;
    }
    if (this._place === undefined) {
      this._place = taught.nextOf(lesson);
    }
    return Object.assign({ lesson }, this._drawn(lesson));
  },

  onLoad() {
    // The stored lesson of the last visit is shown until the new one has loaded.
    this._place = this.data.lesson ? this.data.place : undefined;
    this._chosen = [];
    this._told = [];
    // An answer that waits for the network is not in it.
    if (this.data.lesson) {
      this.setData(this._drawn(this.data.lesson));
    }
  },

  onShow() {
    this._offs2 = outbox.on((news) => this._outboxSays(news));
  },

  onHide() {
    this._offs2();
  },

  onUnload() {
    this._offs2();
  },

  _answerKey(id) {
    return `lesson:${this.query.post}:${id}`;
  },

  _drawn(lesson) {
    const question = lesson.items[this._place];
    const item =
      question && outbox.waiting().find((one) => one.key === this._answerKey(question.id));
    return {
      place: this._place,
      asked: taught.shown(lesson, this._place, this._chosen, item ? item.body.choice : null),
      end: question ? null : taught.endOf(lesson),
    };
  },

  choose(event) {
    const question = this.data.lesson.items[this._place];
    this._chosen = tapped(question, this._chosen, event.detail.key);
    platform.buzz('light');
    this.setData(this._drawn(this.data.lesson));
  },

  submit() {
    const { lesson, asked } = this.data;
    if (!asked.isReady) {
      return;
    }
    outbox
      .send({
        key: this._answerKey(asked.id),
        path: `/posts/${this.query.post}/lesson/answers`,
        body: { question_id: asked.id, choice: this._chosen },
        label: '微课的答案',
      })
      .catch(() => {});
    this.setData(this._drawn(lesson));
  },

  _outboxSays({ type, item, data, refusal }) {
    const { lesson, asked } = this.data;
    if (!item || !asked || item.key !== this._answerKey(asked.id)) {
      return;
    }
    if (type === 'sent') {
      this._told.push(data);
      const next = taught.withAnswer(lesson, data);
      platform.buzz(data.result.is_right ? 'heavy' : 'light');
      this._turnTo(next);
    } else if (type === 'refused') {
      platform.say(refusal.message);
      this.refresh();
    }
  },

  /** Show the lesson as it is by now, and store it for a return without a network. */
  _turnTo(lesson) {
    const found = Object.assign({ lesson }, this._drawn(lesson));
    this.setData(found);
    this.remember(found);
  },

  next() {
    this._place += 1;
    this._chosen = [];
    this._turnTo(this.data.lesson);
  },

  again() {
    this._place = 0;
    this._turnTo(this.data.lesson);
  },

  back() {
    platform.back();
  },
});
