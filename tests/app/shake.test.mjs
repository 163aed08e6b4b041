import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const page = (name) => require(`../../miniprogram_stub/app/pages/shake/${name}.js`);
const { Swings } = page('motion');
const { Count, worthOf, wayIn } = page('count');
const { Rain, EVERY_MS, FALLS_MS } = page('rain');
const { Reports } = page('reports');
const { shown, phaseOf, playedMs } = page('round');

const AT = Date.parse('2026-11-28T12:00:00.000Z');
const ROUND = {
  id: 5,
  number: 2,
  mode: 'race',
  seconds: 30,
  starts_at: '2026-11-28T12:00:04.000Z',
  ends_at: '2026-11-28T12:00:34.000Z',
  left_ms: 30000,
  paused: false,
  winner_count: 0,
  at_least: 0,
  teams: [],
  percents: { shake: 100, tap: 125, press: 300, swipe: 0 },
  cap_per_second: 8,
};
const ME = { id: 7, staff_number: '200001', team: { id: 3, name: '一组' } };
const EVENT = { state: 'open', paused: false };
const game = (more = {}, phase = 'running') => ({
  phase,
  round: { ...ROUND, ...more },
  podium: null,
});
const at = (seconds, facts = {}) =>
  shown({ game: game(), me: ME, event: EVENT, now: AT + seconds * 1000, how: 'shake', ...facts });

// Swings

const STEP_MS = 20;

/** How many swings are counted in a second of `feel(ms)`. */
function swings(feel, ms = 2000) {
  const found = new Swings();
  let count = 0;
  for (let now = 0; now < ms; now += STEP_MS) {
    count += found.feel(feel(now), now) ? 1 : 0;
  }
  return count;
}

const swinging = (hertz, force) => (now) => ({
  x: force * Math.sin((now / 1000) * hertz * 2 * Math.PI),
  y: 0,
  z: -1,
});

test('each swing and each swing back counts', () => {
  assert.equal(swings(swinging(3, 2)), 12);
  assert.equal(swings(swinging(4, 2.6)), 16);
});

test('a phone that lies still, walks along or is turned over is not shaken', () => {
  assert.equal(
    swings(() => ({ x: 0, y: 0, z: -1 })),
    0,
  );
  assert.equal(swings(swinging(2, 0.4)), 0);
  assert.ok(swings((now) => ({ x: 0, y: 0, z: now < 1000 ? -1 : 1 })) <= 1);
});

test('no more swings are counted than a hand can make', () => {
  assert.ok(swings(swinging(20, 4), 4000) <= 45);
});

// Counts

test('what a count is worth follows its percent and the cap', () => {
  for (const [count, how, playedMs, worth] of [
    [20, 'shake', 30000, 20],
    [20, 'tap', 30000, 25],
    [3, 'tap', 30000, 3],
    [5, 'press', 30000, 15],
    [100, 'shake', 2000, 16],
    [400, 'shake', 99000, 240],
    [5, 'shake', -100, 0],
  ]) {
    assert.equal(worthOf(count, how, ROUND, playedMs), worth, `${count} ${how}`);
  }
});

test('two taps closer than a thumb can make them are one', () => {
  const count = new Count(ROUND, 'tap');
  assert.deepEqual([count.tap(0), count.tap(40), count.tap(90)], [true, false, true]);
  assert.equal(count.count, 2);
});

test('holding counts by the half second until it is released', () => {
  const count = new Count(ROUND, 'press');
  assert.equal(count.held(900), false);
  count.hold(1000);
  assert.deepEqual([count.held(1400), count.held(1510), count.held(2600)], [false, true, true]);
  assert.equal(count.count, 3);
  count.release();
  assert.equal(count.held(9000), false);
});

test('another way to shake goes on from the same worth', () => {
  const count = new Count(ROUND, 'shake', 30);
  count.changeTo('tap', 10000);
  assert.deepEqual([count.how, count.count, count.worth(10000)], ['tap', 24, 30]);
  count.changeTo('press', 10000);
  assert.deepEqual([count.count, count.worth(10000)], [10, 30]);
});

test('a restart goes on from what the server counts', () => {
  const count = new Count(ROUND, 'tap');
  count.atLeast(10);
  assert.equal(count.worth(30000), 10);
  count.atLeast(5);
  assert.equal(count.worth(30000), 10);
});

// Reports

/** Reports of a phone, and what they ask for; `answer(accepted)` answers the oldest. */
function reporting() {
  const sent = [];
  const reports = new Reports(
    (report) => new Promise((resolve) => sent.push({ ...report, resolve })),
  );
  reports.begin(5);
  const tick = (now, count, more = {}) =>
    reports.tick({
      now,
      count,
      how: 'shake',
      value: count,
      isOver: false,
      hasSocket: true,
      ...more,
    });
  const answer = (accepted) => {
    const { resolve, roundId } = sent.find((report) => !report.isAnswered);
    sent.find((report) => !report.isAnswered).isAnswered = true;
    resolve({ round_id: roundId, accepted });
    return new Promise((done) => setImmediate(done));
  };
  return { reports, sent, tick, answer };
}

test('a report waits for the answer to the one before, for a second at most', async () => {
  const { sent, tick, answer } = reporting();
  tick(0, 3);
  tick(300, 5);
  assert.deepEqual(
    sent.map(({ count }) => count),
    [3],
  );
  tick(1000, 9);
  assert.deepEqual(
    sent.map(({ count }) => count),
    [3, 9],
  );
  await answer(3);
  await answer(9);
  tick(1300, 9);
  assert.equal(sent.length, 2);
  tick(1400, 12);
  assert.deepEqual(
    sent.map(({ count }) => count),
    [3, 9, 12],
  );
});

test('what the cap held back is reported again when there is room', async () => {
  const { sent, tick, answer } = reporting();
  tick(0, 20);
  await answer(8);
  tick(300, 20);
  assert.equal(sent.length, 2);
});

test('over HTTP a report comes once a second', async () => {
  const { sent, tick, answer } = reporting();
  tick(0, 3, { hasSocket: false });
  await answer(3);
  tick(600, 5, { hasSocket: false });
  assert.equal(sent.length, 1);
  tick(1000, 6, { hasSocket: false });
  assert.equal(sent.length, 2);
});

test('the last count is sent at once and repeated until it is heard or too late', () => {
  const { sent, tick } = reporting();
  tick(0, 3);
  tick(100, 5, { isOver: true });
  tick(200, 5, { isOver: true });
  assert.deepEqual(
    sent.map(({ count }) => count),
    [3, 5],
  );
  tick(500, 5, { isOver: true });
  assert.equal(sent.length, 3);
  tick(2000, 5, { isOver: true });
  assert.equal(sent.length, 3);
});

test('an answer about an earlier round says nothing of this one', async () => {
  const { reports, tick, answer } = reporting();
  tick(0, 30);
  reports.begin(6);
  await answer(30);
  assert.equal(reports.accepted, 0);
});

// The page

test('the clock alone moves a round on', () => {
  const phases = [0, 5, 40].map((seconds) => phaseOf(game({}, 'countdown'), AT + seconds * 1000));
  assert.deepEqual(phases, ['countdown', 'running', 'counting']);
  assert.equal(phaseOf(game({}, 'podium'), AT), 'podium');
});

test('a pause stops it', () => {
  const paused = game({ paused: true, left_ms: 20000 }, 'running');
  assert.equal(phaseOf(paused, AT + 90000), 'running');
  assert.equal(playedMs(paused, AT + 90000), 10000);
  const found = at(90, { game: paused });
  assert.deepEqual([found.clock.stoppedAt, found.pad.title, found.pad.isOn], [20, '暂停中', false]);
});

test('the countdown counts as the big screen does, and stands while paused', () => {
  assert.deepEqual([at(0.5).count, at(1.5).count, at(3.9).count], ['预备', '3', '1']);
  const paused = game({ paused: true }, 'countdown');
  assert.equal(at(9, { game: paused, heardAt: AT + 1500 }).count, '3');
});

test('nobody plays before the first round', () => {
  const found = at(0, { game: null, tried: 3 });
  assert.deepEqual([found.scene, found.pad.title], ['rest', '感应到了 3 下']);
  const closed = at(0, { game: null, event: { state: 'closed' } });
  assert.deepEqual([closed.rest.title, closed.rest.next], ['活动已结束', 'boards']);
});

const LANES = [
  { player_id: 1, name: '卓玛', team: '一组', count: 40 },
  { player_id: 7, name: '我', team: '一组', count: 20 },
  { player_id: 2, name: '旺堆', team: '二组', count: 10 },
];

test('my lane has what this phone knows, others what the server says', () => {
  const { race } = at(10, { worth: 30, lanes: LANES, shakers: 3 });
  assert.deepEqual([race.place, race.share, race.word], [2, 75, '第 2 名，离前一名 10 下']);
  assert.deepEqual(
    race.others.map(({ name, place }) => [name, place]),
    [
      ['卓玛', 1],
      ['旺堆', 3],
    ],
  );
  assert.equal(at(10, { worth: 50, lanes: LANES }).race.word, '第 1 名，领先！');
});

test('who has no lane learns what is missing', () => {
  const others = LANES.filter((lane) => lane.player_id !== 7);
  assert.equal(at(10, { worth: 4, lanes: others }).race.word, '离第 2 名还差 7 下');
});

test('a tug has the lanes of teams, and only theirs pull', () => {
  const teams = [
    { team_id: 3, name: '一组' },
    { team_id: 4, name: '二组' },
  ];
  const lanes = [
    { team_id: 3, name: '一组', members: 2, total: 9, count: 4.5 },
    { team_id: 4, name: '二组', members: 1, total: 8, count: 8 },
  ];
  const found = at(10, { game: game({ mode: 'tug', teams }), lanes, worth: 6 });
  assert.deepEqual([found.role, found.race.word], ['plays', '一组：第 2 名，人均 4.5 下']);
  const out = at(10, { game: game({ mode: 'tug', teams: teams.slice(1) }), lanes });
  assert.deepEqual([out.role, out.pad.title], ['out', '为同事加油']);
});

test('a guest watches', () => {
  const found = at(10, { me: { id: 9, staff_number: null, team: null } });
  assert.deepEqual([found.role, found.pad.isOn], ['guest', false]);
});

test('a draw says how much is missing to be in it', () => {
  const draw = game({ mode: 'draw', at_least: 15, winner_count: 2 });
  assert.equal(at(10, { game: draw, worth: 5 }).race.word, '再摇 10 下入围');
  assert.equal(at(10, { game: draw, worth: 15 }).race.word, '已入围，等着抽奖');
});

test('the cap is told, louder when it holds something back', () => {
  assert.equal(at(10).capWord, '每秒最多算 8 下');
  assert.equal(at(10, { isCapped: true }).capWord, '已是最快：每秒最多算 8 下');
  assert.equal(at(10, { game: game({ mode: 'cash' }) }).capWord, '每秒最多算 8 张');
});

const PODIUM = {
  shakers: 3,
  rows: [{ place: 1, player_id: 7, name: '我', team: '一组', count: 90, value: 90, points: 55 }],
  teams: [],
};
const RESULT = { round_id: 5, count: 90, value: 90, place: 1, points: 55, won: false };
const podium = (own, more = {}) =>
  at(60, { game: { ...game(more, 'podium'), podium: PODIUM }, own });

for (const [what, own, more, title, points] of [
  ['the first place', RESULT, {}, '冠军', 55],
  ['another place', { ...RESULT, place: 12 }, {}, '第 12 名', 55],
  ['points that are frozen', { ...RESULT, points: null }, {}, '冠军', null],
  ['nothing', { ...RESULT, count: 0, place: null, points: null }, {}, '这一轮没有摇', null],
  ['a prize', { ...RESULT, won: true }, { mode: 'draw' }, '恭喜中奖！', 55],
  ['no prize', { ...RESULT, place: null }, { mode: 'draw' }, '这次没有抽中', 55],
  ['an answer that is not there yet', { round_id: 5, count: 90 }, {}, '正在取回我的成绩…', null],
]) {
  test(`the podium tells me of ${what}`, () => {
    const { result } = podium(own, more);
    assert.deepEqual([result.title, result.points], [title, points]);
  });
}

test('a frozen result says when points are told', () => {
  const { result } = podium({ ...RESULT, points: null });
  assert.deepEqual([result.tone, result.frozenWord], ['frozen', '已封榜，得分揭榜后公布']);
});

test('my row on the podium is marked', () => {
  assert.deepEqual(
    podium(RESULT).podium.rows.map(({ isMine, note }) => [isMine, note]),
    [[true, '一组 · 90 下']],
  );
});

// 数钱 and 红包雨

const CASH = { mode: 'cash', percents: { shake: 0, tap: 125, press: 300, swipe: 100 } };
const PACKETS = { mode: 'packets', percents: { shake: 0, tap: 100, press: 300, swipe: 0 } };

test('banknotes are swiped, packets are tapped, and who prefers another way keeps it', () => {
  assert.equal(wayIn(CASH, 'shake'), 'swipe');
  assert.equal(wayIn(PACKETS, 'shake'), 'tap');
  assert.equal(wayIn(CASH, 'press'), 'press');
  assert.equal(wayIn(ROUND, 'swipe'), 'shake');
});

test('only the ways of the game are offered', () => {
  const ways = (more) => at(10, { game: game(more), how: 'tap' }).ways.map((way) => way.how);
  assert.deepEqual(ways(CASH), ['tap', 'press', 'swipe']);
  assert.deepEqual(ways(PACKETS), ['tap', 'press']);
  assert.deepEqual(ways({}), ['shake', 'tap', 'press']);
});

test('a swiped banknote counts once, up to the cap', () => {
  const round = { ...ROUND, ...CASH };
  const count = new Count(round, 'swipe');
  for (let note = 0; note < 20; note += 1) count.swipe();
  assert.equal(count.worth(10_000), 20);
  assert.equal(count.worth(2_000), 16);
});

test('packets fall while one taps and the round runs', () => {
  const rains = (seconds, how, more = {}) =>
    at(seconds, { game: game({ ...PACKETS, ...more }), how }).isRain;
  assert.equal(rains(10, 'tap'), true);
  assert.equal(rains(10, 'press'), false);
  assert.equal(rains(10, 'tap', { paused: true }), false);
  assert.equal(at(10, { how: 'tap' }).isRain, false);
});

test('a packet is caught once, and one that has fallen is gone', () => {
  const rain = new Rain();
  assert.deepEqual(
    rain.packets(EVERY_MS).map(({ id }) => id),
    [0, 1],
  );
  assert.equal(rain.take(0), true);
  assert.equal(rain.take(0), false);
  assert.deepEqual(
    rain.packets(EVERY_MS).map(({ id }) => id),
    [1],
  );
  assert.ok(rain.packets(FALLS_MS * 2).every(({ id }) => id * EVERY_MS >= FALLS_MS));
});
