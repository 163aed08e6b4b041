import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const remote = require('../../miniprogram_stub/app/pages/host/remote.js');

const step = (id, ask = null) => ({ id, text: id, path: `/contests/5/${id}`, body: {}, ask });
const ANSWER = {
  event: { state: 'open', paused: false, frozen: true, rehearsal: false },
  players: 12,
  present: 3,
  pending: 0,
  screen: '现场竞赛 · 答题中',
  activity_id: 5,
  activities: [
    { id: 4, kind: 'hunt', title: '大淘金', phase: null, phase_text: null },
    { id: 5, kind: 'contest', title: '现场竞赛', phase: 'question', phase_text: '答题中' },
  ],
  title: '第 2 题 / 共 3 题',
  text: '1 人已作答，3 部手机在场。',
  clock: { ends_at: '2026-11-28T12:00:12.000Z', seconds: 20, left_ms: null },
  main: step('reveal'),
  waits: '',
  groups: [
    { name: '榜单', steps: [step('freeze')] },
    { name: '整个活动', steps: [step('pause'), step('close')] },
  ],
};

test('the activity that is run is marked, and each says what it does', () => {
  const found = remote.shown(ANSWER);
  assert.deepEqual(found.activities, [
    { id: 4, title: '大淘金', word: '', isChosen: false },
    { id: 5, title: '现场竞赛', word: '答题中', isChosen: true },
  ]);
});

test('a pause is the state of an open event', () => {
  assert.equal(remote.shown(ANSWER).state, '进行中');
  const paused = { ...ANSWER, event: { ...ANSWER.event, paused: true } };
  assert.equal(remote.shown(paused).state, '已暂停');
});

test('a clock runs, or stands still while the event is paused', () => {
  assert.equal(remote.shown(ANSWER).clock.stoppedAt, -1);
  const stopped = { ...ANSWER, clock: { ...ANSWER.clock, left_ms: 11_400 } };
  assert.equal(remote.shown(stopped).clock.stoppedAt, 12);
  assert.equal(remote.shown({ ...ANSWER, clock: null }).clock, null);
});

test('a number of phones that is not known is no zero', () => {
  assert.equal(remote.shown({ ...ANSWER, present: null }).present, '？');
});

test('a step is found by its id among all that are shown', () => {
  const found = remote.shown(ANSWER);
  assert.equal(remote.stepOf(found, 'reveal').path, '/contests/5/reveal');
  assert.equal(remote.stepOf(found, 'close').path, '/contests/5/close');
  assert.equal(remote.stepOf(found, 'open'), undefined);
  assert.equal(remote.stepOf(remote.shown({ ...ANSWER, main: null }), 'reveal'), undefined);
});
