import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const {
  bytesOf,
  fromHex,
  hmac,
  sha256,
  toHex,
} = require('../../miniprogram_stub/app/lib/sha256.js');

test('a digest is what Node.js finds, at every length around a block', () => {
  for (let length = 0; length <= 200; length += 1) {
    const text = '林卡meadow😀'
      .repeat(20)
      .slice(0, length)
      .replace(/\p{Cs}$/u, '');
    const wanted = createHash('sha256').update(text, 'utf8').digest('hex');
    assert.equal(toHex(sha256(bytesOf(text))), wanted, `${length} letters`);
  }
});

test('a keyed digest is what Node.js finds, also with a long key', () => {
  for (const length of [0, 1, 32, 63, 64, 65, 200]) {
    const key = Array.from({ length }, (_, at) => (at * 7) % 256);
    const wanted = createHmac('sha256', Uint8Array.from(key)).update('扎西德勒').digest('hex');
    assert.equal(toHex(hmac(key, bytesOf('扎西德勒'))), wanted, `${length} bytes`);
  }
});

test('hexadecimal digits come back as they were', () => {
  assert.equal(toHex(fromHex('00ff0a')), '00ff0a');
});
