import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const APP = '../../miniprogram_stub/app/pages';
const { pointsWord, shown } = require(`${APP}/boards/board.js`);
const receipts = require(`${APP}/receipts/lines.js`);

const NOW = Date.parse('2026-11-28T12:00:00Z');
const row = (rank, id, points = 10) => ({ rank, id, name: `人${id}`, team: '一班', points });
const BOARD = {
  frozen: false,
  total: 30,
  formula: null,
  rows: [row(1, 1), row(2, 2), row(2, 3)],
  me: row(9, 7),
  out_of_competition: [],
};

test('points are written without needless decimals', () => {
  assert.deepEqual([86, 86.4, 86.456, 0, -20, null].map(pointsWord), [
    '86',
    '86.4',
    '86.46',
    '0',
    '−20',
    '',
  ]);
});

test('the own row is among the rows, or known apart from them', () => {
  const below = shown({ board: BOARD, ownId: 7 });
  assert.deepEqual([below.own.rank, below.isPinned], [9, true]);
  const among = shown({ board: BOARD, ownId: 3 });
  assert.deepEqual([among.own.rank, among.isPinned], [2, false]);
  assert.deepEqual(
    among.rows.map((one) => one.isMine),
    [false, false, true],
  );
});

test('a rank that grew better is marked as climbed', () => {
  const { rows, ranks } = shown({ board: BOARD, ownId: 7, before: { 3: 5, 1: 1 } });
  assert.deepEqual(
    rows.map((one) => one.climbed),
    [0, 0, 3],
  );
  assert.deepEqual(ranks, { 1: 1, 2: 2, 3: 2 });
});

test('without points nobody has a place, and the first points are no climb', () => {
  const rows = [row(1, 1), row(2, 7, 0), row(3, 3, 0)];
  const found = shown({ board: { ...BOARD, rows }, ownId: 7, before: { 7: 9 } });
  assert.deepEqual(
    found.rows.map((one) => [one.place, one.climbed]),
    [
      ['1', 0],
      ['–', 0],
      ['–', 0],
    ],
  );
  assert.deepEqual([found.own.placeWord, found.ranks], ['还没得分', { 1: 1 }]);
  assert.equal(shown({ board: BOARD, ownId: 7 }).own.placeWord, '第 9 名');
});

test('a frozen board says so, and the ceremony how far it has come', () => {
  const frozen = { ...BOARD, frozen: true };
  assert.match(shown({ board: frozen, ownId: 7 }).frozenWord, /已封榜/);
  const ceremony = shown({ board: frozen, ownId: 7, reveal: { step: 3, of: 11 } });
  assert.deepEqual(
    [ceremony.isCeremony, ceremony.frozenWord],
    [true, '揭榜进行中：第 3 步，共 11 步'],
  );
});

test('a place that is not revealed shows its rank alone', () => {
  const closed = { rank: 1, id: null, name: null, team: null, points: null };
  const { rows, closed: count } = shown({
    board: { ...BOARD, frozen: true, rows: [closed, row(2, 2)] },
    ownId: null,
  });
  assert.deepEqual(
    [rows[0].isClosed, rows[0].name, rows[0].points, rows[0].isMine],
    [true, '待揭晓', '', false],
  );
  assert.equal(count, 1);
});

const ACTIVITIES = [
  { id: 4, kind: 'hunt', title: '大淘金' },
  { id: 5, kind: 'contest', title: '现场竞赛' },
];
const entry = (id, reason, points, more = {}) => ({
  id,
  reason,
  points,
  note: '',
  source: `dig:${id}`,
  activity_id: 4,
  earned_at: '2026-11-28T11:00:00Z',
  reversed: false,
  reverses_id: null,
  ...more,
});
const receipt = (items) =>
  receipts.shown(
    { items, total_points: items.reduce((sum, one) => sum + one.points, 0), frozen: false },
    ACTIVITIES,
    NOW,
  );

test('each line says why, the latest first', () => {
  const { lines, total } = receipt([
    entry(1, 'answer', 40),
    entry(2, 'treasure', 50, { source: 'treasure:1', note: '绿松石' }),
    entry(3, 'adjustment', -20, { activity_id: null, source: 'adjustment:x', note: '迟到' }),
  ]);
  assert.deepEqual(
    lines.map((line) => [line.title, line.points, line.place, line.note]),
    [
      ['主持人调整', '−20', '整场活动', '迟到'],
      ['挖到宝贝：绿松石', '+50', '大淘金', ''],
      ['答对题目', '+40', '大淘金', ''],
    ],
  );
  assert.equal(total, 70);
});

test('only an answer that earned points has a tick', () => {
  const { lines } = receipt([entry(1, 'answer', 40), entry(2, 'answer', 0)]);
  assert.deepEqual(
    lines.map((line) => [line.title, line.icon]),
    [
      ['作答，没有得分', '–'],
      ['答对题目', '✓'],
    ],
  );
});

test('a correction shows what was taken back and what counts now', () => {
  const { lines } = receipt([
    entry(1, 'answer', 40, { reversed: true }),
    entry(2, 'reversal', -40, { source: 'reversal:1', reverses_id: 1, note: '答案有误' }),
    entry(3, 'correction', 60, { source: 'dig:1:correction:1', note: '答案有误' }),
  ]);
  const [correction, reversal, answer] = lines;
  assert.equal(answer.isReversed, true);
  assert.match(reversal.takes, /撤回了 .+「答对题目」/);
  assert.deepEqual([correction.title, correction.note], ['题目更正后重新计分', '答案有误']);
  assert.deepEqual(correction.dig, { id: 1, activity: 4 });
  assert.equal(reversal.dig, null);
});

test('points are summed by activity', () => {
  const { sums } = receipt([
    entry(1, 'answer', 40),
    entry(2, 'answer', 70, { activity_id: 5, source: 'contest:1:7' }),
    entry(3, 'adjustment', 5, { activity_id: null, source: 'adjustment:x' }),
  ]);
  assert.deepEqual(
    sums.map(({ title, points }) => `${title} ${points}`),
    ['大淘金 40', '现场竞赛 70', '调整 5'],
  );
});
