import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const remote = require('../../miniprogram_stub/app/pages/host/remote.js');

const AT = Date.parse('2026-11-28T12:00:00.000Z');
const EVENT = {
  state: 'open',
  paused: false,
  frozen: false,
  rehearsal: false,
  join_code: 'ABCDE',
  reveal: null,
};
const CONTEST = { id: 5, kind: 'contest', title: '现场竞赛' };
const HUNT = { id: 4, kind: 'hunt', title: '大淘金' };
const ROUND = {
  id: 31,
  seconds: 20,
  ends_at: '2026-11-28T12:00:12.000Z',
  left_ms: 12000,
  paused: false,
  answered: 1,
  right: 1,
};
const GAME = { ...CONTEST, phase: 'question', position: 2, rounds: 3, round: ROUND, playoff: null };
const ROWS = [
  { rank: 1, points: 80 },
  { rank: 2, points: 40 },
];

function shown({ event = {}, on = [], detail = null, ...more } = {}) {
  return remote.shown({
    now: {
      event: { ...EVENT, ...event },
      activities: on,
      players: 12,
      present: 3,
      moderation: { pending: 0 },
    },
    activities: [HUNT, CONTEST],
    detail,
    at: AT,
    ...more,
  });
}

const main = (facts) => shown(facts).main;
const inPhase = (phase, more = {}) => ({ on: [{ ...GAME, phase, ...more }] });
const others = (facts) =>
  shown(facts).groups.flatMap((group) => group.steps.map((step) => step.text));

// The one next step of each state of a contest, and what is sent for it.
const board = { rows: ROWS };
const NEXT = [
  ['not begun', {}, '开始候场', { action: 'begin' }],
  ['lobby', inPhase('lobby', { position: 0 }), '出第 1 题', { action: 'next', position: 1 }],
  ['question', inPhase('question'), '揭晓答案', { action: 'reveal', position: 2 }],
  ['reveal', inPhase('reveal'), '看排行', { action: 'board', position: 2 }],
  ['board', inPhase('board', { board }), '出第 3 题', { action: 'next', position: 3 }],
  ['last board', inPhase('board', { board, position: 3 }), '颁奖', { action: 'podium' }],
  ['podium', inPhase('podium', { board }), '结束竞赛，回到榜单', { action: 'dismiss' }],
];
for (const [state, facts, text, body] of NEXT) {
  test(`the next step of a contest is clear: ${state}`, () => {
    const step = main(facts);
    assert.equal(step.text, text);
    assert.deepEqual(step.body, body);
    assert.equal(step.path, '/contests/5/actions');
  });
}

test('a contest that was played has no next step', () => {
  const found = shown({ detail: { played: true } });
  assert.equal(found.main, null);
  assert.match(found.waits, /揭榜/);
});

test('a reveal asks first only while somebody could still answer', () => {
  assert.match(main(inPhase('question')).ask.text, /还有 12 秒/);
  const all = inPhase('question', { round: { ...ROUND, answered: 3 } });
  assert.equal(main(all).ask, null);
  assert.equal(main({ ...inPhase('question'), at: AT + 12_000 }).ask, null);
});

test('what cannot be undone asks first, and what can does not', () => {
  const found = shown(inPhase('board', { board }));
  const asks = found.groups.flatMap((group) =>
    group.steps.filter((step) => step.ask).map((step) => step.text),
  );
  assert.deepEqual(asks, ['提前颁奖', '结束活动']);
});

test('every question fits into the dialogs of WeChat', () => {
  const states = [
    shown(inPhase('question')),
    shown(inPhase('board', { board })),
    shown({ event: { state: 'draft' } }),
    shown({ event: { frozen: true } }),
  ];
  const steps = states.flatMap((found) => [
    found.main,
    ...found.groups.flatMap((group) => group.steps),
  ]);
  const asks = steps.filter((step) => step?.ask).map((step) => step.ask);
  assert.ok(asks.length >= 4);
  for (const ask of asks) {
    assert.ok(ask.ok.length <= 4, `${ask.ok} has more than four characters`);
  }
});

test('a playoff is offered where one of the first places is shared', () => {
  assert.ok(!others(inPhase('board', { board })).includes('并列的人加赛一题'));
  const tied = { rows: [...ROWS, { rank: 2, points: 40 }] };
  assert.ok(others(inPhase('board', { board: tied })).includes('并列的人加赛一题'));
  const below = { rows: [...ROWS, { rank: 4, points: 20 }, { rank: 4, points: 20 }] };
  assert.ok(!others(inPhase('board', { board: below })).includes('并列的人加赛一题'));
});

test('a pause goes before the activity, and so does an event that is not open', () => {
  assert.equal(main({ ...inPhase('question'), event: { paused: true } }).text, '继续');
  const draft = main({ event: { state: 'draft' } });
  assert.deepEqual([draft.text, draft.ask.ok], ['开始活动', '开始']);
  assert.equal(main({ event: { state: 'archived' } }), null);
  assert.equal(main({ event: { state: 'closed' } }), null);
});

test('a freeze leads to the ceremony, step by step, to the champion', () => {
  assert.ok(others().includes('封榜'));
  const closed = { state: 'closed', frozen: true };
  assert.deepEqual(main({ event: closed }).body, { action: 'reveal', step: 1 });
  const at = (step) => main({ event: { ...closed, reveal: { step, of: 11 } } });
  assert.deepEqual([at(1).text, at(1).body.step], ['揭晓第 10 名', 2]);
  assert.deepEqual([at(10).text, at(10).body.step], ['揭晓冠军，公布全榜', 11]);
});

test('a frozen board waits for its ceremony where no game is on', () => {
  const frozen = { event: { frozen: true } };
  assert.equal(main({ ...frozen, chosenId: 4 }).text, '开始揭榜');
  assert.equal(main({ ...frozen, ...inPhase('reveal') }).text, '看排行');
});

test('a ceremony skips places that nobody has', () => {
  const event = { frozen: true, reveal: { step: 1, of: 11 } };
  const now = {
    event: { ...EVENT, ...event },
    activities: [],
    players: 3,
    present: 3,
    moderation: { pending: 0 },
  };
  const found = remote.shown({ now, activities: [], at: AT });
  assert.deepEqual([found.main.text, found.main.body.step], ['揭晓第 3 名', 9]);
});

test('the screen is named as the hall sees it', () => {
  assert.equal(shown().screen, '榜单');
  assert.equal(shown(inPhase('question')).screen, '现场竞赛 · 答题中');
  assert.equal(shown({ event: { frozen: true } }).screen, '榜单（封榜中）');
  const reveal = { frozen: true, reveal: { step: 2, of: 11 } };
  assert.equal(
    shown({ ...inPhase('board', { board }), event: reveal }).screen,
    '揭榜，第 2 / 11 步',
  );
});

test('the activity that is on is steered, or the one that the host has chosen', () => {
  assert.equal(shown(inPhase('lobby')).chosenId, 5);
  const hunt = shown({ ...inPhase('lobby'), chosenId: 4 });
  assert.deepEqual([hunt.chosenId, hunt.main], [4, null]);
  assert.equal(hunt.title, '自己进行');
});

test('the same state gives the same step, and the next state another one', () => {
  const first = main(inPhase('reveal'));
  assert.equal(first.id, main(inPhase('reveal')).id);
  assert.notEqual(first.id, main(inPhase('reveal', { position: 3 })).id);
  assert.equal(remote.stepOf(shown(inPhase('reveal')), first.id).text, '看排行');
  assert.equal(remote.stepOf(shown(inPhase('lobby', { position: 0 })), first.id), undefined);
});

const KINDS = [
  ['shake', '没有在摇', '开始一轮：竞速', null, { phase: null }],
  ['drawing', '还没开始', '开始你画我猜', null, { phase: 'waiting' }],
  ['polls', '还没有投票', undefined, null, { items: [] }],
  ['keywords', '还没有准备关键词', undefined, null, []],
  ['raffle', '还没抽奖', undefined, null, { prizes: [], draws: [] }],
];
for (const [kind, title, text, game, detail] of KINDS) {
  test(`${kind} that has not begun says what comes next`, () => {
    const activities = [{ id: 9, kind, title: kind }];
    const found = shown({ activities, on: game ? [game] : [], detail });
    assert.equal(found.title, title);
    assert.equal(found.main?.text, text);
    assert.ok(found.main || found.waits);
  });
}

const only = (kind, game, detail) =>
  shown({
    activities: [{ id: 9, kind, title: kind }],
    on: game ? [{ id: 9, kind, title: kind, ...game }] : [],
    detail,
  });

test('a shake that runs can be cancelled, and is followed by the next number', () => {
  const round = { id: 3, number: 2, mode: 'race', seconds: 30, ends_at: '', paused: false };
  const running = only('shake', { phase: 'running', round });
  assert.equal(running.main, null);
  assert.equal(running.groups[0].steps[0].path, '/shakes/9/rounds/3/cancel');
  const over = only('shake', { phase: 'podium', round, podium: { shakers: 7 } });
  assert.equal(over.main.path, '/shakes/9/rounds/3/dismiss');
  assert.deepEqual(over.groups[0].steps[0].body, { mode: 'race', number: 3 });
});

test('a poll goes from draft over open to its result and off the screen', () => {
  const poll = { id: 2, title: '最美合唱', turnout: { valid: 8 }, on_screen: true };
  const action = (facts) =>
    only('polls', null, { items: [{ ...poll, ...facts }] }).main?.body.action;
  assert.equal(action({ state: 'draft' }), 'open');
  assert.equal(action({ state: 'open' }), 'close');
  assert.equal(action({ state: 'closed', results_shown: false }), 'show');
  assert.equal(action({ state: 'closed', results_shown: true }), 'dismiss');
  assert.equal(action({ state: 'closed', results_shown: true, on_screen: false }), undefined);
});

test('a word is announced, then closes by itself', () => {
  const word = { id: 6, text: '扎西德勒', places: 5, points: 20, seconds: 60, taken: 2 };
  const ready = only('keywords', null, [{ ...word, state: 'prepared' }]);
  assert.deepEqual(ready.main.body, { word_ids: [6] });
  const open = only('keywords', { phase: 'open' }, [{ ...word, state: 'open' }]);
  assert.equal(open.main, null);
  assert.ok(open.groups[0].steps[0].ask);
});

test('a draw is locked under the next number, drawn after a question, then verified', () => {
  const prizes = [{ id: 1, title: '茶砖', left: 3 }];
  const lock = only('raffle', null, { prizes, draws: [] }).main;
  assert.deepEqual(lock.body, { prize_id: 1, count: 3, number: 1 });
  const draw = { id: 4, number: 1, prize: '茶砖', count: 3, pool_size: 20 };
  const committed = only('raffle', null, { prizes, draws: [{ ...draw, state: 'committed' }] });
  assert.deepEqual([committed.main.body.upto, committed.main.ask.ok], [3, '开抽']);
  const drawn = only('raffle', null, { prizes: [], draws: [{ ...draw, state: 'drawn' }] });
  assert.equal(drawn.groups[0].steps[0].path, '/raffles/9/draws/4/reveal');
});
