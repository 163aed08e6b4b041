import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const {
  countedOf,
  placeOf,
  shown,
  withStage,
} = require('../../miniprogram_stub/app/pages/raffle/draws.js');

const DRAW = {
  id: 11,
  number: 2,
  prize: '蓝牙耳机',
  count: 2,
  who: '参加活动的员工',
  pool_size: 30,
  only_candidate: false,
  state: 'drawing',
  commitment: 'c0ffee',
  committed_at: '2026-11-28T12:00:00.000Z',
  word: '扎西德勒',
  seed: null,
  rolling: ['卓*', '扎*'],
  winners: [{ turn: 1, status: 'won', number: 8, name: '王*明', team: null }],
};
const STAGE = { phase: 'drawing', draw: DRAW, prizes: [], calls: [] };
const ENTRY = { draw: 2, number: 5, tag: 'abcd' };
const OWN = { entry: ENTRY, wins: [] };
const WIN = {
  prize: '蓝牙耳机',
  code: 'ABCDEFGH',
  drawn_at: '2026-11-28T12:00:10.000Z',
  called_at: null,
  wait_ends_at: null,
  handed_at: null,
};

const facts = { stage: STAGE, draws: [DRAW], prizes: [], own: OWN, event: { state: 'open' } };
const raffle = (more = {}) => shown({ ...facts, ...more });
const staged = (more) => ({ ...STAGE, draw: { ...DRAW, ...more } });

test('a raffle without a draw says that it has not begun', () => {
  assert.equal(raffle({ stage: null, draws: [] }).rest.title, '抽奖还没开始');
  assert.equal(raffle({ stage: null }).rest.title, '等下一次抽奖');
  const over = raffle({ stage: null, event: { state: 'closed' } });
  assert.equal(over.rest.title, '抽奖结束了');
});

const TAGS = [
  ['in', '还没抽到，还有机会', {}],
  ['in', '我的号', { stage: staged({ state: 'committed', winners: [] }) }],
  ['out', '这次没有抽到', { stage: staged({ state: 'drawn' }) }],
  ['won', '抽中你了！', { own: { entry: { ...ENTRY, number: 8 }, wins: [WIN] } }],
  ['out', '你不在这一次的名单里', { own: { entry: { ...ENTRY, draw: 1 }, wins: [] } }],
  [
    'out',
    '叫到你时没有来',
    { stage: staged({ winners: [{ ...DRAW.winners[0], status: 'absent', number: 5 }] }) },
  ],
];
for (const [tone, title, more] of TAGS) {
  test(`the own lot says: ${title}`, () => {
    const { tag } = raffle(more).draw;
    assert.deepEqual([tag.tone, tag.title], [tone, title]);
  });
}

test('a prize that was handed over has no code to show any more', () => {
  const own = { entry: { ...ENTRY, number: 8 }, wins: [WIN] };
  assert.equal(raffle({ own }).draw.tag.text, '领奖码在最上面。');
  const handed = { ...own, wins: [{ ...WIN, handed_at: '2026-11-28T12:03:00.000Z' }] };
  assert.equal(raffle({ own: handed }).draw.tag.text, '奖品已经领走了。');
});

test('a code stands in groups of four, and a called winner has a clock', () => {
  const called_at = '2026-11-28T12:00:20.000Z';
  const wait_ends_at = '2026-11-28T12:01:20.000Z';
  const [win] = raffle({ own: { entry: ENTRY, wins: [{ ...WIN, called_at, wait_ends_at }] } }).wins;
  assert.deepEqual([win.code, win.isCalled, win.waitSeconds], ['ABCD EFGH', true, 60]);
});

test('a prize that was handed over is called no more', () => {
  const handed = { ...WIN, called_at: WIN.drawn_at, wait_ends_at: WIN.drawn_at, handed_at: 1 };
  const [win] = raffle({ own: { entry: ENTRY, wins: [handed] } }).wins;
  assert.deepEqual([win.isHanded, win.isCalled], [true, false]);
});

test('names roll until all are drawn', () => {
  assert.equal(raffle().draw.rolling.length, 4);
  assert.equal(raffle().draw.isRolling, true);
  const done = { winners: [1, 2].map((turn) => ({ ...DRAW.winners[0], turn })) };
  assert.equal(raffle({ stage: staged(done) }).draw.isRolling, false);
});

test('a record unfolds into the steps of the check, with the seed once it is told', () => {
  assert.deepEqual(raffle().records[0].steps, []);
  const open = raffle({ openId: 11 }).records[0];
  assert.deepEqual(
    open.steps.map((step) => step.value),
    ['abcd', 'c0ffee', '', ''],
  );
  const told = raffle({ openId: 11, draws: [{ ...DRAW, state: 'revealed', seed: '5eed' }] });
  assert.equal(told.records[0].steps[3].value, '5eed');
});

test('the draw on the stage replaces its older state among all draws', () => {
  const older = { ...DRAW, id: 10, number: 1 };
  const merged = withStage([older, { ...DRAW, state: 'committed' }], STAGE);
  assert.deepEqual(
    merged.map(({ id, state }) => [id, state]),
    [
      [10, 'drawing'],
      [11, 'drawing'],
    ],
  );
  assert.deepEqual(withStage([older], null), [older]);
});

test('what only others draw does not ask the server again', () => {
  const before = placeOf(STAGE, OWN);
  const another = staged({ winners: DRAW.winners.concat({ ...DRAW.winners[0], number: 9 }) });
  assert.equal(placeOf(another, OWN), before);
  const mine = staged({ winners: DRAW.winners.concat({ ...DRAW.winners[0], number: 5 }) });
  assert.notEqual(placeOf(mine, OWN), before);
  assert.notEqual(placeOf(staged({ state: 'drawn' }), OWN), before);
});

test('what is left of the prizes changes when a draw is over, and when a winner did not come', () => {
  assert.equal(countedOf(STAGE), countedOf(null));
  const over = countedOf(staged({ state: 'drawn' }));
  assert.notEqual(over, countedOf(STAGE));
  assert.equal(countedOf(staged({ state: 'revealed' })), over);
  const absent = [{ ...DRAW.winners[0], status: 'absent' }];
  assert.notEqual(countedOf(staged({ state: 'drawn', winners: absent })), over);
});
