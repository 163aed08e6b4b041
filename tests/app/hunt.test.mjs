import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const APP = '../../miniprogram_stub/app';
const { drawn, lettersOf, tapped } = require(`${APP}/components/options/choosing.js`);
const asked = require(`${APP}/pages/question/asked.js`);
const meadow = require(`${APP}/pages/hunt/meadow.js`);
const missed = require(`${APP}/pages/wrong/missed.js`);

const NOW = Date.parse('2026-11-28T12:00:00Z');
const QUESTION = {
  id: 5,
  kind: 'single',
  topic: '套餐资费',
  difficulty: 2,
  stem: '哪个对？',
  options: ['A', 'B', 'C'].map((key) => ({ key, text: `选项${key}` })),
};
const DIG = {
  id: 3,
  site: 'lake',
  question: QUESTION,
  deadline_at: '2026-11-28T12:00:40.000Z',
  seconds_left: 40,
  snoozed: false,
  state: 'open',
};
const RESULT = {
  dig_id: 3,
  verdict: 'correct',
  points: 65,
  counted: true,
  breakdown: [
    { rule: 'correct', points: 50 },
    { rule: 'speed', points: 10 },
    { rule: 'streak', points: 5 },
  ],
  streak: 3,
  choice: ['B'],
  key: ['B'],
  explanation: '因为。',
  sealed: false,
  corrected: false,
  treasure: null,
};
const judged = (change = {}) => ({ ...DIG, state: 'answered', result: { ...RESULT, ...change } });
const page = (dig, more = {}) => asked.shown({ dig, place: '套餐湖', ...more });
const marks = (options) => options.map(({ key, mark }) => `${key}:${mark}`).join(' ');

test('a tap chooses one option, and several in a multiple choice', () => {
  assert.deepEqual(tapped(QUESTION, ['A'], 'B'), ['B']);
  const multiple = { ...QUESTION, kind: 'multiple' };
  assert.deepEqual(tapped(multiple, ['B'], 'A'), ['A', 'B']);
  assert.deepEqual(tapped(multiple, ['A', 'B'], 'A'), ['B']);
});

test('letters of true and false are read as words', () => {
  const question = {
    kind: 'truefalse',
    options: [
      { key: 'T', text: '对' },
      { key: 'F', text: '错' },
    ],
  };
  assert.equal(lettersOf(question, ['T']), '对');
  assert.equal(lettersOf(QUESTION, ['A', 'C']), 'A、C');
});

test('right, wrong and missed options differ by mark and by word', () => {
  const options = drawn(QUESTION, { chosen: ['A', 'B'], key: ['B', 'C'], isJudged: true });
  assert.equal(marks(options), 'A:wrong B:right C:missed');
  assert.deepEqual(
    options.map((option) => option.word),
    ['你选的', '选对了', '正确答案'],
  );
});

test('nothing is marked right or wrong while the key is sealed', () => {
  const shown = page(judged({ key: null, explanation: null, sealed: true, verdict: 'wrong' }));
  assert.equal(marks(shown.options), 'A: B:chosen C:');
  assert.equal(shown.verdict.title, '这次没答对');
  assert.match(shown.notes[0], /最后一场结束后公布/);
  assert.equal(shown.keyWord, '');
});

test('an open question waits for a choice', () => {
  const before = page(DIG);
  assert.deepEqual([before.stage, before.isReady, before.button], ['ask', false, '先选一个答案']);
  const after = page(DIG, { chosen: ['B'] });
  assert.deepEqual([after.isReady, after.button], [true, '就选 B']);
});

test('an answer without a network is shown as saved', () => {
  const shown = page(DIG, { sent: ['B'], isOnline: false });
  assert.equal(shown.stage, 'waits');
  assert.equal(shown.waiting.title, '已保存，等网络');
  assert.equal(shown.isFixed, true);
  assert.equal(marks(shown.options), 'A: B:chosen C:');
});

test('an answer that waits is never shown as out of time', () => {
  assert.equal(page(DIG, { sent: ['B'], isLate: true }).stage, 'waits');
  assert.equal(page(DIG, { isLate: true }).stage, 'expired');
});

test('a right answer shows its parts, its streak and its treasure', () => {
  const shown = page(judged({ treasure: { title: '绿松石', points: 50 } }));
  assert.equal(shown.stage, 'right');
  assert.deepEqual(
    shown.parts.map(({ word, points }) => `${word} ${points}`),
    ['答对 50', '速度 10', '连对 5'],
  );
  assert.equal(shown.gained, 115);
  assert.equal(shown.isStreak, true);
});

test('a wrong answer opens the explanation', () => {
  const shown = page(judged({ verdict: 'wrong', choice: ['A'], points: 0, breakdown: [] }));
  assert.equal(shown.stage, 'wrong');
  assert.equal(shown.explanation, '因为。');
  assert.equal(shown.keyWord, 'B');
  assert.equal(marks(shown.options), 'A:wrong B:missed C:');
});

test('an answer out of competition says that it does not count', () => {
  const shown = page(judged({ counted: false, points: 0, breakdown: [] }));
  assert.match(shown.notes[0], /不计分/);
});

test('a voided question gives the dig back and says so', () => {
  const shown = page({ ...judged({ corrected: true }), state: 'voided' });
  assert.equal(shown.stage, 'voided');
  assert.match(shown.verdict.text, /退还/);
});

test('the clock stands still in a pause, and a call adds time', () => {
  const paused = asked.clockOf({ ...DIG, question: null, seconds_left: 17 }, 40, true);
  assert.deepEqual([paused.stoppedAt, paused.word], [17, '暂停中']);
  const snoozed = asked.clockOf({ ...DIG, snoozed: true, seconds_left: 200 }, 40, false);
  assert.deepEqual([snoozed.stoppedAt, snoozed.seconds], [-1, 200]);
});

test('“来电了” is offered once', () => {
  assert.deepEqual(asked.snoozeOf(DIG, true), { isReady: true, text: '来电了' });
  assert.equal(asked.snoozeOf(DIG, false).isReady, false);
  assert.equal(asked.snoozeOf({ ...DIG, snoozed: true }, false).isReady, false);
  assert.equal(asked.snoozeOf(judged(), true), null);
});

const HUNT = {
  activity_id: 9,
  title: '大淘金',
  state: 'open',
  sitting: null,
  sites: [
    { key: 'lake', title: '套餐湖', topic: '套餐资费', x: 10, y: 10, dug: 2, correct: 1 },
    { key: 'tent', title: '美多的帐篷', topic: '*', x: 50, y: 50, dug: 0, correct: 0 },
  ],
  digs_per_day: 12,
  digs_left: 5,
  question_seconds: 40,
  current_dig: null,
  snooze_left: true,
  found: [],
  streak: 0,
  sealed: false,
  notice: null,
};
const EVENT = { id: 1, state: 'open', activities: [{ id: 9, sittings: [] }] };
const map = (hunt = {}, event = {}, more = {}) =>
  meadow.shown({
    hunt: { ...HUNT, ...hunt },
    event: { ...EVENT, ...event },
    isGuest: false,
    chosenKey: 'lake',
    now: NOW,
    ...more,
  });

test('the map digs at the chosen tent', () => {
  assert.deepEqual(map().action, { kind: 'dig', text: '挖套餐湖' });
  assert.equal(map().hindrance, null);
  assert.equal(meadow.firstKey(HUNT), 'tent');
});

test('an open question comes before everything else', () => {
  const open = { current_dig: DIG };
  assert.equal(map(open).action.kind, 'resume');
  assert.equal(map({ ...open, digs_left: 0 }).action.kind, 'resume');
  assert.equal(map({ ...open, state: 'paused' }).action.kind, 'resume');
  assert.equal(meadow.firstKey({ ...HUNT, ...open }), 'lake');
});

test('an answer that waits for a network is told on the map, also where the hunt knows no dig', () => {
  const waits = { key: 'dig:31', path: '/hunts/9/digs/31/answer', label: '套餐湖的答案' };
  const other = { ...waits, path: '/hunts/8/digs/30/answer' };
  assert.equal(meadow.savedOf([other], '/hunts/9/digs'), null);
  const saved = meadow.savedOf([other, waits], '/hunts/9/digs');
  const { open, action } = map({}, {}, { saved });
  assert.deepEqual([open.id, open.place, open.endsAt], [31, '套餐湖的答案', '']);
  assert.match(open.word, /已保存，等网络/);
  assert.deepEqual(action, { kind: 'resume', text: '看这道题' });
  const known = map({ current_dig: { ...DIG, id: 31 } }, {}, { saved });
  assert.equal(known.open.endsAt, DIG.deadline_at);
});

const SITTING = {
  title: '中班场',
  shifts: ['中班'],
  starts_at: '2026-11-29T02:00:00.000Z',
  ends_at: '2026-11-29T06:00:00.000Z',
};
const HINDRANCES = [
  ['活动已结束', {}, { state: 'closed' }, {}, 'boards'],
  ['主持人按了暂停', { state: 'paused' }, {}, {}, ''],
  ['亲友可以逛一逛', {}, {}, { isGuest: true }, 'bind'],
  ['活动还没开始', { state: 'waiting' }, { state: 'scheduled' }, {}, ''],
  ['今天的挖宝次数用完了', { digs_left: 0 }, {}, {}, 'wrong'],
  ['这里没有你的场次', {}, { activities: [{ id: 9, sittings: [SITTING] }] }, {}, ''],
  ['中班场已结束', { state: 'closed', sitting: { ...SITTING, state: 'closed' } }, {}, {}, 'boards'],
];
for (const [title, hunt, event, more, next] of HINDRANCES) {
  test(`who cannot dig is told why: ${title}`, () => {
    const { hindrance, action } = map(hunt, event, more);
    assert.equal(hindrance.title, title);
    assert.ok(hindrance.text);
    assert.equal(action.kind, next);
  });
}

test('who waits for a sitting is told when it begins', () => {
  const { hindrance } = map({ state: 'waiting', sitting: { ...SITTING, state: 'waiting' } });
  assert.match(hindrance.title, /^中班场 .+ 开始$/);
});

test('treasures name the place where they were found', () => {
  const found = [{ title: '绿松石', points: 50, site: 'lake', found_at: '2026-11-28T11:00:00Z' }];
  assert.match(map({ found }).treasures[0].word, /^套餐湖 · /);
});

test('wrong questions are listed by topic, the most frequent first', () => {
  const item = (id, topic) => ({
    question_id: id,
    topic,
    stem: '？',
    options: QUESTION.options,
    choice: ['A'],
    key: ['B'],
    explanation: '因为。',
    answered_at: '2026-11-28T11:00:00Z',
  });
  const found = { sealed: false, items: [item(1, '甲'), item(2, '乙'), item(3, '乙')] };
  const all = missed.shown(found, '', NOW);
  assert.deepEqual(
    all.topics.map(({ title, count }) => `${title}${count}`),
    ['乙2', '甲1'],
  );
  assert.equal(all.items.length, 3);
  assert.equal(missed.shown(found, '甲', NOW).items.length, 1);
  assert.equal(missed.shown(found, '丙', NOW).items.length, 3);
});
