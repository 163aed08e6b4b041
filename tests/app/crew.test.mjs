// What the owner of tasks is shown.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const { shown, distance } = require('../../miniprogram_stub/app/pages/crew/tasks.js');

const task = (id, more) => ({
  id,
  title: `任务 ${id}`,
  duty: '后勤',
  minutes: -60,
  due_at: null,
  done_at: null,
  state: 'open',
  event: { id: 3, title: '林卡之夜', rehearsal: false },
  ...more,
});

test('what is done goes to the end, and what is left is counted', () => {
  const done = { state: 'done', done_at: '2026-11-22T02:00:00Z' };
  const [event] = shown([task(1, done), task(2), task(3, { state: 'late' })]);
  assert.deepEqual(
    event.tasks.map((one) => [one.id, one.isDone, one.isLate]),
    [
      [2, false, false],
      [3, false, true],
      [1, true, false],
    ],
  );
  assert.equal(event.left, 2);
});

test('each event has its own tasks', () => {
  const other = { event: { id: 4, title: '周年庆', rehearsal: true } };
  const events = shown([task(1), task(2, other)]);
  assert.deepEqual(
    events.map((event) => [event.title, event.isRehearsal, event.tasks.length]),
    [
      ['林卡之夜', false, 1],
      ['周年庆', true, 1],
    ],
  );
});

test('without an opening the time is told from it', () => {
  const cases = [
    [-2880, '开场前 2 天'],
    [-90, '开场前 90 分钟'],
    [120, '开场后 2 小时'],
    [0, '开场时'],
  ];
  for (const [minutes, words] of cases) {
    assert.equal(distance(minutes), words);
  }
  assert.equal(shown([task(1)])[0].tasks[0].when, '开场前 1 小时');
});
