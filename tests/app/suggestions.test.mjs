import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const APP = '../../miniprogram_stub/app/pages';
const collected = require(`${APP}/suggestions/collected.js`);
const similar = require(`${APP}/propose/similar.js`);

const ITEM = {
  id: 3,
  text: '食堂加一道藏面',
  picture_path: '/events/1/pictures/77',
  proposer: { player_id: 9, name: '卓玛', team: '早班一组' },
  own: false,
  supports: 4,
  supported: false,
  status: 'collecting',
  reason: '',
  answer: '',
  merged_into: null,
  poll: null,
  moderation: null,
  created_at: '2026-11-28T12:00:00.000Z',
};
const shown = (more = {}, how = {}) =>
  collected.shown({ ...ITEM, ...more }, { mayWrite: true, waiting: [], ...how });

test('a suggestion says who made it and can be seconded', () => {
  const found = shown();
  assert.equal(found.by, '卓玛 · 早班一组');
  assert.deepEqual([found.maySupport, found.supportWord], [true, '附议 · 4']);
  assert.equal(found.pictureId, '77');
});

const CLOSED = [
  ['seconded before', { supported: true }, {}, '已附议 · 4'],
  ['decided', { status: 'adopted' }, {}, '4 人附议'],
  ['of a guest', {}, { mayWrite: false }, '4 人附议'],
  ['waiting for the network', {}, { waiting: [3] }, '等网络'],
  ['the own', { own: true, supported: true }, {}, '4 人附议'],
];
for (const [name, more, how, word] of CLOSED) {
  test(`one that cannot be seconded: ${name}`, () => {
    const found = shown(more, how);
    assert.deepEqual([found.maySupport, found.supportWord], [false, word]);
  });
}

const words = (more) => shown({ own: true, ...more }).answers.map(({ word }) => word);

test('proposers read what became of it', () => {
  assert.deepEqual(words({ moderation: { status: 'pending', reason: '' } }), ['等审核']);
  assert.deepEqual(words({ moderation: { status: 'rejected', reason: '有广告' } }), [
    '没有通过审核',
  ]);
  assert.deepEqual(words({ merged_into: 2 }), ['已并入相近的建议']);
  assert.deepEqual(words({ status: 'declined', reason: '场地不够' }), ['理由']);
  assert.deepEqual(words({ status: 'done', answer: '下周就有' }), ['答复']);
});

test('a poll is a way on once it is no draft', () => {
  const poll = { id: 5, number: 1, title: '吃什么', state: 'draft' };
  assert.equal(shown({ poll }).poll.isSeen, false);
  assert.equal(shown({ poll: { ...poll, state: 'open' } }).poll.action, '去投票');
});

test('lists take over what is newer and list nothing twice', () => {
  const newer = { ...ITEM, supports: 5 };
  assert.equal(collected.replaced([ITEM], newer)[0].supports, 5);
  assert.deepEqual(
    collected.joined([ITEM], [newer, { ...ITEM, id: 4 }]).map(({ id }) => id),
    [3, 4],
  );
});

test('what is alike is shown, the most alike as almost the same', () => {
  const likes = [90, 50, 45, 41, 20];
  const items = likes.map((likeness, at) => ({ ...ITEM, id: at, likeness }));
  const found = similar.shown({ items });
  assert.deepEqual(
    found.map(({ word }) => word),
    ['几乎一样', '有点像', '有点像'],
  );
});

test('who has sent one is told whether others see it already', () => {
  assert.match(similar.sentWord({ moderation: { status: 'approved' } }), /现在就能看到/);
  assert.match(similar.sentWord({ moderation: { status: 'pending' } }), /审核通过以后/);
});
