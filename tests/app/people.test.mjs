// What pages say about colleagues.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const APP = '../../miniprogram_stub/app/pages';
const { peopleOf } = require(`${APP}/home/people.js`);
const { birthdayOf } = require(`${APP}/me/birthday.js`);
const { teamOf } = require(`${APP}/team/shown.js`);

const today = (more) => ({
  is_own_birthday: false,
  birthday_choice: 'private',
  birthdays: [],
  is_first_day: false,
  newcomers: [],
  ...more,
});

test('a usual day says nothing', () => {
  assert.equal(peopleOf(today()), null);
});

test('an own birthday says who sees it', () => {
  const own = (choice) => peopleOf(today({ is_own_birthday: true, birthday_choice: choice })).wish;
  assert.match(own('private'), /只有你/);
  assert.match(own('shared'), /同班组/);
});

test('many birthdays are counted', () => {
  const birthdays = Array.from({ length: 13 }, (_, at) => ({ name: `同事${at}` }));
  const told = peopleOf(today({ birthdays })).birthdays;
  assert.match(told, /^同事0、同事1、.*同事11等 13 位同事$/);
  assert.equal(peopleOf(today({ birthdays: birthdays.slice(0, 2) })).birthdays, '同事0、同事1');
});

test('newcomers are named by team, and each team once', () => {
  const newcomers = [
    { id: 1, name: '扎西', team: '话务一组' },
    { id: 2, name: '卓玛', team: '话务一组' },
    { id: 3, name: '达瓦', team: '话务二组' },
  ];
  assert.deepEqual(peopleOf(today({ newcomers })).newcomers, [
    { team: '话务一组', people: '扎西、卓玛' },
    { team: '话务二组', people: '达瓦' },
  ]);
  const many = Array.from({ length: 14 }, (_, at) => ({ name: `同事${at}`, team: '话务一组' }));
  assert.deepEqual(peopleOf(today({ newcomers: many })).newcomers.slice(1), [
    { team: '', people: '还有 2 位新同事' },
  ]);
  assert.equal(peopleOf(today({ is_first_day: true })).isFirstDay, true);
});

test('a person chooses only if the roster has a birthday', () => {
  assert.equal(birthdayOf({ birthday: '', choice: 'private' }), null);
  const { day, choices } = birthdayOf({ birthday: '05-03', choice: 'hidden' });
  assert.equal(day, '5 月 3 日');
  assert.deepEqual(
    choices.filter((one) => one.isChosen).map((one) => one.name),
    ['hidden'],
  );
});

test('a team shows its members, places and posts, and leads to the others', () => {
  const team = {
    id: 3,
    name: '话务三组',
    slogan: '句句有回响',
    about: '',
    people: 2,
    picture_path: null,
    members: [{ id: 7, name: '边巴', is_leader: true }],
    results: [{ event_id: 1, title: '大淘金', rank: 2, teams: 5, points: 12.3456 }],
  };
  const list = {
    own_id: 3,
    items: [
      { id: 3, name: '话务三组', slogan: '' },
      { id: 4, name: '话务四组', slogan: '' },
    ],
  };
  const shown = teamOf(team, { items: [] }, list);
  assert.deepEqual(shown.members, [{ id: 7, name: '边巴', leads: true }]);
  assert.deepEqual(
    [shown.results[0].place, shown.results[0].of],
    ['第 2 名', '共 5 个班组 · 12.3 分'],
  );
  assert.equal(shown.isOwn, true);
  assert.deepEqual(
    shown.others.map(({ id }) => id),
    [4],
  );
});
