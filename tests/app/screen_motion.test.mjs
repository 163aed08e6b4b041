import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

mock.timers.enable({ apis: ['setTimeout'] });
globalThis.window = { matchMedia: () => ({ matches: false }) };
const frames = [];
globalThis.requestAnimationFrame = (draw) => frames.push(draw);
const { tickWhile } = await import('../../backend/screen/static/motion.js');

/** Draws so many frames of a display that draws one in 10 ms. */
function draw(count) {
  for (let frame = 0; frame < count; frame += 1) {
    for (const due of frames.splice(0)) due();
    mock.timers.tick(10);
  }
}

test('what runs by the clock begins with the next frame and goes on 20 times a second', () => {
  let ticks = 0;
  tickWhile(
    () => ticks < 20,
    () => {
      ticks += 1;
    },
  );
  draw(1);
  assert.equal(ticks, 1);
  draw(90);
  assert.ok(ticks > 15 && ticks < 20, `${ticks} ticks in 910 ms`);
  draw(100);
  assert.equal(ticks, 20);
  assert.equal(frames.length, 0);
});
