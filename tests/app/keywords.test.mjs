import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const announced = require('../../miniprogram_stub/app/pages/keywords/announced.js');

const ME = { id: 7, staff_number: '200001' };
const EVENT = { state: 'open', paused: false, frozen: false };
const WORD = {
  id: 3,
  text: '格桑花开',
  points: 20,
  places: 2,
  seconds: 60,
  state: 'open',
  closes_at: '2026-11-28T12:01:00.000Z',
  left_ms: 30500,
  taken: 1,
  hits: [{ place: 1, player_id: 9, name: '卓玛', team: null }],
  decoy: null,
  caught: null,
};
const GAME = { phase: 'open', paused: false, hits_per_person: 2, words: [WORD] };
const OWN = { hits: [], hits_left: 2 };

const shown = (more = {}) =>
  announced.shown({ game: GAME, own: OWN, me: ME, event: EVENT, ...more });
const withWord = (more) => ({ ...GAME, words: [{ ...WORD, ...more }] });

test('an open word says how many places are left and who was first', () => {
  const [card] = shown().cards;
  assert.equal(card.leftWord, '还剩 1 个名额');
  assert.equal(card.prize, '前 2 位，每人 +20');
  assert.equal(card.share, 50);
  assert.deepEqual(card.names, [{ place: 1, name: '卓玛', team: '', isMine: false }]);
  assert.equal(card.mineWord, '');
  assert.equal(card.clock.stoppedAt, -1);
});

test('a word that is open stands above those that are over, the latest of them first', () => {
  const over = (id) => ({ ...WORD, id, state: 'over', left_ms: 0 });
  const words = [over(1), over(2), WORD, { ...WORD, id: 4 }];
  const { cards } = shown({ game: { ...GAME, words } });
  assert.deepEqual(
    cards.map((card) => card.id),
    [3, 4, 2, 1],
  );
});

test('the own hit is told apart from those of others', () => {
  const game = withWord({ hits: [{ place: 1, player_id: 7, name: '我', team: null }] });
  const [card] = shown({ game }).cards;
  assert.equal(card.mineWord, '你是第 1 位');
  assert.equal(card.names[0].isMine, true);
});

test('a reply is ready once something is written and nothing is on its way', () => {
  assert.equal(shown().isReady, false);
  assert.equal(shown({ text: '  ' }).isReady, false);
  assert.equal(shown({ text: '格桑花开' }).isReady, true);
  assert.equal(shown({ text: '格桑花开', sent: '格桑花开' }).isReady, false);
});

const HINDRANCES = [
  ['over', { event: { ...EVENT, state: 'closed' } }],
  ['guest', { me: { id: 7, staff_number: null } }],
  ['paused', { event: { ...EVENT, paused: true } }],
  ['enough', { own: { hits: [], hits_left: 0 } }],
  ['wait', { game: null }],
  ['wait', { game: withWord({ state: 'gone' }) }],
];
for (const [kind, more] of HINDRANCES) {
  test(`who cannot win is told why: ${kind}`, () => {
    const found = shown({ text: '格桑花开', ...more });
    assert.equal(found.hindrance.kind, kind);
    assert.equal(found.isReady, false);
  });
}

test('the clock of a paused word stands still', () => {
  const [card] = shown({ game: { ...GAME, paused: true } }).cards;
  assert.equal(card.clock.stoppedAt, 31);
});

test('a decoy is told once it is over, with how many it caught', () => {
  const game = withWord({ state: 'over', decoy: true, caught: 4, taken: 0, hits: [] });
  const [card] = shown({ game }).cards;
  assert.deepEqual([card.stateWord, card.leftWord], ['原来是幌子', '逗到了 4 位同事']);
});

test('a wrong reply is quoted, a hit says its points', () => {
  const message = '这不是有效关键词';
  const wrong = shown({ reply: { text: '格桑', outcome: 'wrong', message, points: null } });
  assert.equal(wrong.verdict.text, `“格桑”：${message}`);
  const hit = shown({ reply: { text: '格桑花开', outcome: 'hit', message: '', points: 20 } });
  assert.deepEqual([hit.verdict.tone, hit.verdict.points], ['right', 20]);
});

test('a hit is added once, and takes one of those that are left', () => {
  const answer = { outcome: 'hit', word_id: 3, place: 2, points: 20 };
  const once = announced.withHit(OWN, answer, '格桑花开', 0);
  assert.deepEqual([once.hits.length, once.hits_left], [1, 1]);
  assert.equal(announced.withHit(once, answer, '格桑花开', 0), once);
  assert.equal(announced.withHit(OWN, { ...answer, outcome: 'decoy' }, '', 0), OWN);
});

test('points of a frozen board wait for the reveal', () => {
  const hit = { word_id: 3, text: '格桑花开', place: 1, points: null, hit_at: 0 };
  assert.equal(shown({ own: { hits: [hit], hits_left: 1 } }).mine[0].points, '揭榜后公布');
});
