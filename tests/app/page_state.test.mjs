import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { newPhone } from './phone.mjs';

const FILE = '../../miniprogram_stub/app/components/page-state/page-state.js';

test('a page that cannot be loaded says how many answers are kept on the phone', () => {
  const phone = newPhone();
  let made;
  globalThis.Component = (options) => {
    made = options;
  };
  createRequire(import.meta.url)(FILE);
  const state = { data: {}, setData: (change) => Object.assign(state.data, change) };
  phone.storage.set('outbox', [{ key: 'dig:7', method: 'POST', path: '/', body: {} }]);
  made.observers.phase.call(state, 'error');
  assert.equal(state.data.waiting, 1);
  made.observers.phase.call(state, 'ready');
  assert.equal(state.data.waiting, 0);
});
