import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const stand = require('../../miniprogram_stub/app/pages/contest/stand.js');

const ME = { id: 7, staff_number: '200001' };
const EVENT = { state: 'open', paused: false };
const QUESTION = {
  kind: 'single',
  topic: '网络',
  stem: '？',
  options: ['A', 'B'].map((key) => ({ key, text: `选项${key}` })),
};
const ROUND = {
  id: 31,
  position: 2,
  seconds: 20,
  ends_at: '2026-11-28T12:00:20.000Z',
  left_ms: 9500,
  paused: false,
  answered: 4,
  question: QUESTION,
};
const GAME = {
  phase: 'question',
  position: 2,
  rounds: 10,
  scoring: 'light_speed',
  streak: true,
  round: ROUND,
  board: null,
  playoff: null,
};
const OWN = { round_id: 31, plays: true, answer: null, notice: null, points: 80, rank: 4 };
const ANSWER = { choice: ['B'], used_ms: 3210, answered_at: '', counted: true };

const shown = (more = {}) => stand.shown({ game: GAME, own: OWN, me: ME, event: EVENT, ...more });
const answered = (more) => ({ ...OWN, answer: { ...ANSWER, ...more } });
const REVEAL = {
  ...GAME,
  phase: 'reveal',
  round: { ...ROUND, key: ['B'], explanation: '因为。', distribution: { A: 1, B: 3 }, right: 3 },
};

test('a contest that is not on says what happens next', () => {
  assert.equal(shown({ game: null }).rest.title, '竞赛还没开始');
  const over = shown({ game: null, event: { state: 'closed' } });
  assert.deepEqual([over.rest.title, over.rest.next], ['活动已结束', 'boards']);
  const played = shown({ game: null, isPlayed: true });
  assert.deepEqual([played.rest.title, played.rest.next], ['竞赛已结束', 'boards']);
});

test('who has no points has no place and no medal, also at the end', () => {
  const board = { frozen: false, rows: [], more: 0, out_of_competition: [] };
  const own = { ...OWN, rank: 1, points: 0 };
  const between = shown({ game: { ...GAME, phase: 'board', board }, own });
  assert.deepEqual([between.my.rank, between.my.word], [null, '还没有得分，下一题加油']);
  assert.match(between.nextWord, /下一题/);
  const last = { ...GAME, board, position: 10 };
  const podium = shown({ game: { ...last, phase: 'podium' }, own });
  assert.deepEqual([podium.my.medal, podium.my.word], ['', '这一场没有得分，谢谢参与']);
  assert.match(shown({ game: { ...last, phase: 'board' }, own }).nextWord, /题目都出完了/);
});

test('a question can be answered once something is chosen', () => {
  assert.deepEqual([shown().place, shown().isReady], ['ask', false]);
  const chosen = shown({ chosen: ['B'] });
  assert.deepEqual([chosen.isReady, chosen.button], [true, '就选 B']);
});

const PLACES = [
  ['sending', { sent: ['B'] }, '正在送出…'],
  ['sent', { own: answered() }, '已收到，等主持人揭晓'],
  ['guest', { me: { id: 7, staff_number: null } }, '亲友观战中'],
  ['late', { own: { ...OWN, plays: false } }, '下一题见'],
  ['over', { isLate: true }, '时间到'],
  [
    'paused',
    { game: { ...GAME, round: { ...ROUND, question: null, paused: true } } },
    '主持人按了暂停',
  ],
  [
    'audience',
    { own: { ...OWN, plays: false }, game: { ...GAME, playoff: [{ id: 1, name: '卓玛' }] } },
    '为他们加油',
  ],
];
for (const [place, more, title] of PLACES) {
  test(`who cannot answer is told why: ${place}`, () => {
    const found = shown(more);
    assert.equal(found.place, place);
    assert.equal(found.state.title, title);
    assert.equal(found.isFixed, true);
  });
}

test('an answer that the server has is shown as received, whatever the clock says', () => {
  assert.equal(shown({ own: answered(), isLate: true }).place, 'sent');
});

test('who has answered is told when the host has paused', () => {
  const paused = { ...GAME, round: { ...ROUND, question: null, paused: true } };
  const found = shown({ game: paused, own: answered() });
  assert.equal(found.place, 'sent');
  assert.equal(found.state.title, '已收到，比赛暂停中');
  assert.equal(found.state.text, '主持人按了暂停，继续后再揭晓。');
});

test('the line under the options is whole sentences', () => {
  assert.equal(shown({ own: answered() }).state.text, '你的答案：B。已有 4 人作答。');
  assert.equal(shown({ sent: ['B'] }).state.text, '你的答案：B。网络慢也会一直重试。');
});

test('what was seen of an earlier round is not taken for this one', () => {
  assert.equal(shown({ own: { ...answered(), round_id: 30 } }).place, 'ask');
});

test('who plays off is told so', () => {
  const found = shown({ game: { ...GAME, playoff: [{ id: 7, name: '我' }] } });
  assert.deepEqual([found.place, found.playoff.isMine, found.head], ['ask', true, '加赛题']);
});

test('nothing tells the key before the reveal', () => {
  const found = shown({ own: answered() });
  assert.deepEqual([found.verdict, found.explanation, found.keyWord], [null, '', '']);
  assert.ok(found.options.every((option) => option.count === null));
});

test('the reveal tells the verdict, what it earned and how all have chosen', () => {
  const found = shown({ game: REVEAL, own: answered({ correct: true, streak: 3, points: 70 }) });
  assert.deepEqual([found.verdict.tone, found.verdict.points], ['right', 70]);
  assert.match(found.verdict.text, /连对 3 题 · 用时 3\.2 秒/);
  assert.deepEqual(
    found.options.map(({ mark, count, share }) => [mark, count, share]),
    [
      ['', 1, 33],
      ['right', 3, 100],
    ],
  );
  assert.equal(found.explanation, '因为。');
});

test('a freeze hides what an answer earned, not whether it was right', () => {
  const own = { round_id: 31, plays: true, answer: { ...ANSWER, correct: true, streak: 1 } };
  const { verdict } = shown({ game: REVEAL, own });
  assert.deepEqual([verdict.title, verdict.points], ['答对了！', null]);
  assert.match(verdict.text, /已封榜/);
});

test('who did not answer is not blamed', () => {
  assert.equal(shown({ game: REVEAL }).verdict.tone, 'late');
});

const BOARD = {
  frozen: false,
  more: 0,
  out_of_competition: [],
  rows: [
    { rank: 1, id: 1, name: '卓玛', team: '一班', points: 200, climbed: 2 },
    { rank: 2, id: 7, name: '我', team: '二班', points: 150, climbed: -1 },
  ],
};

test('the board shows my place and how far I have climbed', () => {
  const game = { ...GAME, phase: 'board', board: BOARD };
  const found = shown({ game, own: { ...OWN, rank: 2, points: 150 }, before: 5 });
  assert.deepEqual([found.my.rank, found.my.climbed, found.my.word], [2, 3, '150 分']);
  assert.deepEqual(
    found.rows.map((row) => [row.isMine, row.climbedWord]),
    [
      [false, '升 2 名'],
      [true, '降 1 名'],
    ],
  );
});

test('a frozen board shows no place', () => {
  const game = { ...GAME, phase: 'board', board: { ...BOARD, frozen: true, rows: [] } };
  const found = shown({ game, own: { round_id: 31, plays: true, answer: null } });
  assert.deepEqual([found.isFrozen, found.my.rank], [true, null]);
  assert.match(found.my.word, /封榜/);
});

test('the podium names the medal', () => {
  const game = { ...GAME, phase: 'podium', board: BOARD };
  assert.equal(shown({ game, own: { ...OWN, rank: 1 } }).my.medal, '冠军');
  assert.equal(shown({ game, own: { ...OWN, rank: 4 } }).my.medal, '');
});
