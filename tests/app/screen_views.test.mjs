import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isUnveiling,
  shownOf,
  situationOf,
  turnedFrom,
  viewsOf,
} from '../../backend/screen/static/views.js';

const ACTS = { has: (kind) => kind !== 'hunt', suggestions: null, posts: 0 };
const SHAKE = { id: 7, kind: 'shake', title: '摇一摇', phase: 'running' };
const HUNT = { id: 8, kind: 'hunt', title: '淘金', phase: 'open' };
const ROWS = [{ id: 1, rank: 1, name: '卓玛', points: 10 }];

function stateOf({
  event = {},
  screen = {},
  players = 3,
  activities = [],
  rows = ROWS,
  pictures = [],
}) {
  return {
    event: { state: 'open', reveal: null, paused: false, ...event },
    screen: { shows: 'automatic', activity_id: null, notice: null, ...screen },
    players,
    activities,
    boards: { players: { total: rows.length, rows }, teams: { total: 0, rows: [] } },
    media: { background: null, pictures, music: null },
  };
}

const keyOf = (facts, turned = null, settles = false) =>
  shownOf(stateOf(facts), ACTS, turned, settles).key;

test('people are welcomed before the opening and until the first one is there', () => {
  assert.equal(keyOf({ event: { state: 'scheduled' } }), 'welcome');
  assert.equal(keyOf({ players: 0 }), 'welcome');
  assert.equal(keyOf({}), 'board');
});

test('an activity with something to show has the screen by itself', () => {
  assert.equal(keyOf({ activities: [HUNT] }), 'board');
  assert.equal(keyOf({ activities: [HUNT, SHAKE] }), 'activity-7');
});

test('a choice is shown, and what cannot be shown leaves the screen to what is on', () => {
  for (const shows of ['welcome', 'arrivals', 'agenda', 'board', 'podium']) {
    assert.equal(keyOf({ screen: { shows }, activities: [SHAKE] }), shows);
  }
  assert.equal(keyOf({ screen: { shows: 'slides' } }), 'board');
  assert.equal(keyOf({ screen: { shows: 'slides' }, pictures: ['/a'] }), 'slides');
  assert.equal(keyOf({ screen: { shows: 'notice' } }), 'board');
  const notice = { text: '请入座', ends_at: null };
  assert.equal(keyOf({ screen: { shows: 'notice', notice } }), 'notice');
  const other = { shows: 'activity', activity_id: 99 };
  assert.equal(keyOf({ screen: other, activities: [SHAKE] }), 'activity-7');
  assert.equal(keyOf({ screen: other }), 'board');
});

test('suggestions have a view where there are some, and before the first one if a host asks', () => {
  const keysOf = (suggestions, shows) => {
    const state = stateOf({ screen: { shows } });
    return viewsOf(state, { ...ACTS, suggestions }).map((view) => view.key);
  };
  assert.equal(keysOf(null, 'suggestions').includes('suggestions'), false);
  assert.equal(keysOf(0, 'automatic').includes('suggestions'), false);
  assert.equal(keysOf(0, 'suggestions').includes('suggestions'), true);
  assert.equal(keysOf(3, 'automatic').includes('suggestions'), true);
});

test('pinned posts are slides, also in an event without pictures', () => {
  const keys = viewsOf(stateOf({}), { ...ACTS, posts: 2 }).map((view) => view.key);
  assert.equal(keys.includes('slides'), true);
});

test('a reveal keeps the board, and ends with the first three', () => {
  const under = { event: { reveal: { step: 3, of: 11 } }, screen: { shows: 'welcome' } };
  assert.equal(keyOf(under, 'agenda'), 'board');
  const done = { event: { reveal: { step: 11, of: 11 } } };
  assert.equal(keyOf(done, null, true), 'board');
  assert.equal(keyOf(done), 'podium');
  assert.equal(keyOf(done, 'board'), 'board');
  assert.equal(isUnveiling(stateOf(under)), true);
  assert.equal(isUnveiling(stateOf(done)), false);
});

test('after the end only what fits the end takes the place of the final board', () => {
  const event = { state: 'closed' };
  assert.equal(keyOf({ event, screen: { shows: 'welcome' }, activities: [SHAKE] }), 'board');
  assert.equal(keyOf({ event, screen: { shows: 'podium' } }), 'podium');
  const keys = viewsOf(stateOf({ event, activities: [SHAKE] }), ACTS).map((view) => view.key);
  assert.deepEqual(keys, ['arrivals', 'agenda', 'board', 'podium']);
});

test('a page goes round through the views of the evening', () => {
  const state = stateOf({ activities: [SHAKE], pictures: ['/a'] });
  const views = viewsOf(state, ACTS);
  const keys = ['welcome', 'arrivals', 'agenda', 'activity-7', 'slides', 'board', 'podium'];
  assert.deepEqual(
    views.map((view) => view.key),
    keys,
  );
  assert.equal(turnedFrom(views, 'podium', 1), 'welcome');
  assert.equal(turnedFrom(views, 'welcome', -1), 'podium');
  assert.equal(keyOf({ activities: [SHAKE] }, 'agenda'), 'agenda');
  assert.equal(keyOf({}, 'activity-7'), 'board');
});

test('a turned page follows again when a host chooses or an activity begins', () => {
  const before = situationOf(stateOf({}));
  assert.equal(situationOf(stateOf({ players: 9 })), before);
  assert.notEqual(situationOf(stateOf({ screen: { shows: 'agenda' } })), before);
  assert.notEqual(situationOf(stateOf({ activities: [SHAKE] })), before);
  assert.notEqual(situationOf(stateOf({ event: { state: 'closed' } })), before);
});
