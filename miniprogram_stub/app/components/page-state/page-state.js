// The content of a page with its states: loading, empty, error (what to do next), stale (since when),
// and the privacy notice before anything is asked of WeChat.

const platform = require('../../lib/platform.js');
const consent = require('../../lib/consent.js');
const outbox = require('../../lib/outbox.js');

const LABELS = {
  again: '再试一次',
  join: '输入加入码',
  bind: '绑定工号',
  home: '回首页',
  update: '更新小程序',
};

Component({
  properties: {
    phase: { type: String, value: 'loading' },
    problem: { type: Object, value: null },
    staleSince: { type: String, value: '' },
    emptyText: { type: String, value: '这里还没有内容。' },
    // The button of an empty page; without a word there is none.
    emptyAction: { type: String, value: '' },
  },
  data: { labels: LABELS, notice: consent.NOTICE, waiting: 0 },
  observers: {
    // A person who opens a page without a network wants to know whether an answer was sent.
    phase(phase) {
      this.setData({ waiting: phase === 'error' ? outbox.waiting().length : 0 });
    },
  },
  methods: {
    agree() {
      consent.give();
      platform.buzz('light');
      this.triggerEvent('again');
    },
    refuse() {
      platform.say('不同意也没关系：随时可以回来，现在什么都没有记录。');
    },
    act() {
      const { action } = this.data.problem;
      if (action === 'join' || action === 'bind') {
        platform.go(`/pages/${action}/${action}`);
      } else if (action === 'home') {
        platform.tab('/pages/home/home');
      } else if (action === 'update') {
        platform.update();
      } else {
        this.triggerEvent('again');
      }
    },
    again() {
      this.triggerEvent('again');
    },
    fill() {
      this.triggerEvent('fill');
    },
  },
});
