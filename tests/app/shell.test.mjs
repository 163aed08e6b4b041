import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const APP = '../../miniprogram_stub/app';
const agenda = require(`${APP}/lib/agenda.js`);
const codes = require(`${APP}/lib/codes.js`);
const hall = require(`${APP}/pages/home/hall.js`);
const list = require(`${APP}/pages/events/list.js`);
const person = require(`${APP}/pages/me/person.js`);
const plan = require(`${APP}/pages/event/plan.js`);
const words = require(`${APP}/lib/words.js`);

const NOW = new Date(2026, 10, 28, 20, 0).getTime();
const HUNT = { id: 1, kind: 'hunt', title: '大淘金', sittings: [] };
const CONTEST = { id: 2, kind: 'contest', title: '竞赛', sittings: [] };
const EVENT = {
  id: 9,
  title: '今晚',
  description: '一起玩',
  state: 'open',
  paused: false,
  frozen: false,
  rehearsal: false,
  join_code: '62D3UD',
  opens_at: null,
  closes_at: null,
  seconds_to_close: null,
  player_count: 12,
  reveal: null,
  activities: [HUNT, CONTEST],
};
const OWN = {
  player: { id: 7, shift: '早班', staff_number: '200001', team: { id: 1, name: '一班' } },
  standing: { points: 120, rank: 3, frozen: false },
};

const cardOf = (activity, more = {}) =>
  agenda.cards({
    event: { ...EVENT, ...more.event, activities: [activity] },
    now: NOW,
    ...more.at,
  })[0];
const sitting = (shifts, state) => ({
  title: '早班场',
  shifts,
  state,
  starts_at: NOW + 3600000,
  ends_at: NOW + 7200000,
});

test('a hunt without sittings can be played at once, whatever the host does', () => {
  for (const games of [null, []]) {
    const card = cardOf(HUNT, { at: { games } });
    assert.deepEqual([card.tone, card.state, card.action], ['open', '现在可以挖', '去挖宝']);
  }
});

test('a contest waits for the host, and only says so when that is known', () => {
  assert.equal(cardOf(CONTEST, { at: { games: null } }).state, '由主持人带着玩');
  assert.equal(cardOf(CONTEST, { at: { games: [] } }).state, '等主持人开始');
  const before = cardOf(CONTEST, { at: { games: [], played: [2] } });
  assert.deepEqual([before.tone, before.state, before.action], ['over', '已结束', '看结果']);
  const again = cardOf(CONTEST, { at: { games: [{ id: 2, phase: 'lobby' }], played: [] } });
  assert.equal(again.tone, 'live');
  const on = cardOf(CONTEST, { at: { games: [{ id: 2, phase: 'question' }] } });
  assert.deepEqual([on.tone, on.state], ['live', '答题中']);
  const over = cardOf(CONTEST, { at: { games: [{ id: 2, phase: 'podium' }] } });
  assert.deepEqual([over.tone, over.action], ['result', '看结果']);
});

test('polls wait for the host, and are open while one may vote, also off the screen', () => {
  const polls = { id: 4, kind: 'polls', title: '人气投票', sittings: [] };
  const of = (at) => {
    const { tone, state, action } = cardOf(polls, { at });
    return [tone, state, action];
  };
  assert.deepEqual(of({ games: null }), ['waiting', '由主持人带着玩', '去投票']);
  assert.deepEqual(of({ games: [] }), ['waiting', '还没开始投票', '进去看看']);
  const games = [{ id: 4, phase: 'open' }];
  assert.deepEqual(of({ games }), ['live', '正在投票', '去投票']);
  assert.deepEqual(of({ games: [], open: [4] }), ['open', '正在投票', '去投票']);
  assert.deepEqual(of({ games: [], open: [4], played: [4] }), ['open', '正在投票', '去投票']);
  assert.deepEqual(of({ games: [], played: [4] }), ['over', '已截止', '看结果']);
});

test('a state of the event goes before what its activities would say', () => {
  const states = [
    [{ state: 'closed' }, 'over', '已结束'],
    [{ state: 'scheduled' }, 'waiting', '还没开始'],
    [{ paused: true }, 'paused', '已暂停'],
  ];
  for (const [event, tone, word] of states) {
    const card = cardOf(HUNT, { event });
    assert.deepEqual([card.tone, card.state], [tone, word]);
  }
});

test("a sitting is the player's own, by shift", () => {
  const at = { shift: '早班' };
  const of = (...sittings) => cardOf({ ...HUNT, sittings }, { at });
  assert.equal(of(sitting(['夜班'], 'open')).state, '没有你的场次');
  assert.equal(of(sitting(['夜班'], 'open'), sitting(['早班'], 'waiting')).state, '21:00 开始');
  assert.equal(of(sitting([], 'open')).state, '早班场进行中');
  assert.equal(of(sitting(['早班'], 'closed')).state, '早班场已结束');
});

test('an activity of a kind that is newer than this version asks for an update', () => {
  const card = cardOf({ id: 3, kind: 'quiz2', title: '新', sittings: [] });
  assert.deepEqual([card.url, card.action], ['', '更新后可玩']);
});

test('what everybody plays now comes before what can wait', () => {
  const shown = hall.shown({
    event: EVENT,
    own: OWN,
    games: [{ id: 2, phase: 'question' }],
    isHost: false,
    now: NOW,
  });
  assert.deepEqual([shown.first.id, shown.others.map(({ id }) => id)], [2, [1]]);
  const quiet = hall.shown({ event: EVENT, own: OWN, games: [], isHost: false, now: NOW });
  assert.deepEqual([quiet.first.id, quiet.others.map(({ id }) => id)], [1, [2]]);
});

test('a place that is not known is said in words', () => {
  const unknown = agenda.place({
    player: { team: null },
    standing: { points: null, rank: null, frozen: true },
  });
  assert.deepEqual(unknown, {
    points: '—',
    rank: '还没上榜',
    hasRank: false,
    isFrozen: true,
    team: '',
  });
  assert.equal(agenda.place(OWN).rank, '第 3 名');
  const without = { ...OWN, standing: { points: 0, rank: 1, frozen: false } };
  assert.equal(agenda.place(without).rank, '还没得分');
});

test('the end of an event counts its pauses', () => {
  const planned = { ...EVENT, closes_at: '2026-11-28T13:00:00Z', seconds_to_close: 5400 };
  assert.equal(agenda.when(planned, NOW), '21:30 结束');
  assert.equal(agenda.when(EVENT, NOW), '');
});

test('the event of 首页 stays while it lives, else the one that is open', () => {
  const events = [
    { id: 1, state: 'closed' },
    { id: 2, state: 'open' },
    { id: 3, state: 'scheduled' },
    { id: 4, state: 'open', isOther: true },
  ];
  const pick = (chosen) => hall.eventOf(events, chosen, ({ isOther }) => !isOther);
  assert.deepEqual([pick(3).id, pick(1).id, pick(4).id, pick().id], [3, 2, 2, 2]);
  assert.equal(
    hall.eventOf([], 1, () => true),
    null,
  );
});

test('the notice of an event says the most important', () => {
  const notice = (more) =>
    plan.shown({ event: { ...EVENT, ...more }, own: OWN, games: [], isHost: false, now: NOW })
      .notice;
  assert.equal(notice({}), null);
  assert.match(notice({ frozen: true, paused: true }).text, /已封榜/);
  assert.match(notice({ frozen: true, reveal: { step: 2, of: 11 } }).text, /第 2 步，共 11 步/);
  assert.match(notice({ state: 'closed' }).text, /活动已结束/);
});

test('codes are read as people type them', () => {
  assert.deepEqual(['62d3ud', ' ６２Ｄ3-ud ', '62 D3 UD', ''].map(codes.codeOf), [
    '62D3UD',
    '62D3UD',
    '62D3UD',
    '',
  ]);
});

test('what is scanned is told apart', () => {
  const kinds = [
    ['linka:join:62D3UD', 'join'],
    ['linka:bind:200001:Q8VRVN', 'bind'],
    ['pages/join/join?scene=62D3UD', 'join'],
    ['pages/join/join?scene=code%3D62D3UD', 'join'],
    ['62d3ud', 'join'],
    ['linka:bind:200001', ''],
    ['https://example.com/abc', ''],
    ['', ''],
  ];
  for (const [text, kind] of kinds) {
    assert.equal(codes.read(text).kind, kind, text);
  }
  const slip = codes.read('linka:bind:200001:Q8VRVN');
  assert.deepEqual([slip.number, slip.invite], ['200001', 'Q8VRVN']);
});

test('a link brings the code itself or in a scene', () => {
  const links = [{ code: '62d3ud' }, { scene: '62D3UD' }, { scene: 'code=62D3UD' }, {}];
  assert.deepEqual(links.map(codes.linked), ['62D3UD', '62D3UD', '62D3UD', '']);
});

test('events are grouped by what can be done with them', () => {
  const events = ['open', 'scheduled', 'draft', 'closed', 'archived', 'open'].map((state, at) => ({
    ...EVENT,
    id: at,
    state,
  }));
  const groups = list.shown(events, { isMine: ({ id }) => id < 5, isHost: () => false, now: NOW });
  assert.deepEqual(
    groups.map(({ title, events: found }) => [title, found.map(({ id }) => id)]),
    [
      ['我的活动', [0, 1]],
      ['可以加入', [5]],
      ['筹备中', [2]],
      ['已结束', [3, 4]],
    ],
  );
  assert.equal(groups[0].events[0].url, '/pages/event/event?event=0');
  assert.equal(groups[1].events[0].url, '/pages/join/join');
});

test('everybody has a name and a number for the avatar', () => {
  const account = { id: 5, nickname: '', is_staff: false };
  const guest = person.shown({ account, staff: null, roles: [] });
  assert.deepEqual([guest.avatar, guest.name, guest.team], [5, '林卡的朋友', '亲友']);
  const staff = { number: '200001', name: '陈敏春', team: '', shift: '' };
  assert.equal(guest.hasConsole, false);
  assert.ok(person.shown({ account, staff, roles: [{ role: 'host' }] }).hasConsole);
  const bound = person.shown({ account, staff, roles: [] });
  assert.deepEqual([bound.avatar, bound.team, bound.about], [5, '还没有班组', '工号 200001']);
});

test('what is mine in an event is linked where the event has it', () => {
  assert.equal(person.playing(EVENT, null), null);
  const { links } = person.playing(EVENT, OWN);
  assert.deepEqual(
    links.map(({ title }) => title),
    ['得分明细', '我的错题'],
  );
});

test('the bar of a game names the activity, not the evening around it', () => {
  const evening = { title: '林卡之夜', activities: [{ id: 7, title: '摇一摇' }] };
  assert.equal(words.activityTitle(evening, '7'), '摇一摇');
  assert.equal(words.activityTitle(evening, '8'), '林卡之夜');
});
