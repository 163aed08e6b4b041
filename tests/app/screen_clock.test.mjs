import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerClock } from '../../backend/screen/static/clock.js';

const NOON = '2026-11-29T12:00:00.000Z';
const at = (seconds) => new Date(Date.parse(NOON) + seconds * 1000).toISOString();

test('the clock is unknown before the first message', () => {
  assert.ok(Number.isNaN(new ServerClock().now(0)));
});

test('a message that was on its way for five seconds does not put the clock back', () => {
  const clock = new ServerClock();
  clock.hear(NOON, 1_000);
  clock.hear(at(5), 11_000);
  assert.equal(clock.now(11_000), Date.parse(at(10)));
});

test('a faster message puts the clock right', () => {
  const clock = new ServerClock();
  clock.hear(NOON, 6_000);
  clock.hear(at(10), 11_000);
  assert.equal(clock.now(11_000), Date.parse(at(10)));
});

test('a server whose clock was put back is believed after two minutes', () => {
  const clock = new ServerClock();
  clock.hear(NOON, 0);
  for (let seconds = 5; seconds <= 130; seconds += 5) {
    clock.hear(at(seconds - 30), seconds * 1000);
  }
  assert.equal(clock.now(130_000), Date.parse(at(100)));
});
