import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { beforeEach, mock, test } from 'node:test';

let made;
globalThis.Component = (options) => {
  made = options;
};
createRequire(import.meta.url)('../../miniprogram_stub/app/components/settle/settle.js');

let settle;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  const data = { isSettling: false, pause: made.properties.pause.value };
  settle = { data, setData: (change) => Object.assign(data, change), ...made.methods };
});

const OTHERS = {
  'buttons that just came': () => made.lifetimes.attached.call(settle),
  'buttons of another meaning': () => made.observers.of.call(settle),
  'buttons of a page that one came back to': () => made.pageLifetimes.show.call(settle),
};

for (const [what, come] of Object.entries(OTHERS)) {
  test(`${what} cannot be pressed by the second tap of a double tap`, () => {
    come();
    mock.timers.tick(300);
    assert.equal(settle.data.isSettling, true);
    mock.timers.tick(400);
    assert.equal(settle.data.isSettling, false);
  });
}

test('a change that follows another counts from its own moment', () => {
  made.lifetimes.attached.call(settle);
  mock.timers.tick(500);
  made.observers.of.call(settle);
  mock.timers.tick(500);
  assert.equal(settle.data.isSettling, true);
});
