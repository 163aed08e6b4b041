// What the page of a lesson shows.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const {
  endOf,
  nextOf,
  shown,
  withAnswer,
} = require('../../miniprogram_stub/app/pages/lesson/taught.js');

const question = (id, result = null) => ({
  id,
  kind: 'single',
  topic: '携号转网',
  stem: '可以当场办吗？',
  options: [
    { key: 'A', text: '可以' },
    { key: 'B', text: '不可以' },
  ],
  result,
});
const right = { choice: ['A'], is_right: true, key: ['A'], explanation: '因为', points: 40 };
const wrong = { choice: ['B'], is_right: false, key: ['A'], explanation: '因为', points: 0 };
const lesson = (...items) => withAnswer({ items }, { id: 0 });

test('a lesson goes on with the first question that is not answered', () => {
  assert.equal(nextOf(lesson(question(1, right), question(2))), 1);
  assert.equal(nextOf(lesson(question(1, right))), 1);
});

test('a choice can be sent once, and what is sent waits for the network', () => {
  const open = lesson(question(1), question(2));
  assert.equal(shown(open, 0).isReady, false);
  assert.equal(shown(open, 0, ['B']).button, '就选 B');
  assert.equal(shown(open, 0, ['B']).isReady, true);
  const waits = shown(open, 0, [], ['B']);
  assert.deepEqual([waits.isReady, waits.isWaiting, waits.isFixed], [false, true, true]);
});

test('a verdict names the right answer and why', () => {
  const judged = shown(lesson(question(1, wrong), question(2)), 0);
  assert.equal(judged.verdict.title, '正确答案：A');
  assert.equal(judged.explanation, '因为');
  assert.equal(judged.button, '下一题');
  assert.equal(shown(lesson(question(1, right)), 0).button, '看看结果');
});

test('the end says what was right and what it earned', () => {
  const done = withAnswer(lesson(question(1, wrong), question(2)), question(2, right));
  assert.equal(shown(done, 2), null);
  assert.equal(endOf(done).title, '2 道题，答对 1 道');
  assert.match(endOf(done).text, /得 40 分/);
  const unpaid = { ...right, points: 0 };
  const all = endOf(lesson(question(1, unpaid)));
  assert.deepEqual(all, { title: '1 道题全部答对', text: '每道题的解析都可以再看一遍。' });
});
