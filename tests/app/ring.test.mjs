import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { newPhone } from './phone.mjs';

const FILE = '../../miniprogram_stub/app/components/clock-ring/clock-ring.js';

test('a clock that is stopped in its last seconds is not late any more', () => {
  newPhone();
  let made;
  globalThis.Component = (options) => {
    made = options;
  };
  createRequire(import.meta.url)(FILE);
  const data = { left: 0, share: 0, isLate: false, endsAt: Date.now() + 3999, seconds: 20 };
  const ring = {
    data: { ...data, stoppedAt: -1, buzzes: false },
    setData: (change) => Object.assign(ring.data, change),
    ...made.methods,
  };
  ring._draw();
  assert.deepEqual([ring.data.left, ring.data.isLate], [4, true]);
  ring.data.stoppedAt = 20 * ring.data.share;
  ring._draw();
  assert.deepEqual([ring.data.left, ring.data.isLate], [4, false]);
});
