// A strict phone finds what the OpenAPI document does not know.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

const ok = (schema) => ({
  responses: { 200: { content: { 'application/json': { schema } } } },
});
const DOCUMENT = {
  paths: {
    '/hunts/{id}': { get: ok({ $ref: '#/components/schemas/Hunt' }) },
    '/hunts/latest': { get: ok({ type: 'object', properties: { id: {} } }) },
    '/hunts/{id}/digs': {
      post: {
        ...ok({ anyOf: [{ $ref: '#/components/schemas/Dig' }, { type: 'null' }] }),
        parameters: [{ in: 'query', name: 'dry' }],
        requestBody: {
          content: {
            'application/json': { schema: { type: 'object', properties: { site: {} } } },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Hunt: {
        type: 'object',
        properties: {
          title: { type: 'string' },
          sites: { type: 'array', items: { $ref: '#/components/schemas/Dig' } },
          counts: { type: 'object', additionalProperties: {} },
        },
      },
      Dig: { type: 'object', properties: { key: {}, closed_at: {} } },
    },
  },
};

let said;
let terms;

beforeEach(async () => {
  globalThis.location = { search: '' };
  const { contract } = await import('../../miniprogram_stub/browser/runtime/contract.js');
  said = [];
  terms = contract(DOCUMENT, (text) => said.push(text));
});

const hunt = () =>
  terms.answered('GET', '/hunts/7', 200, {
    title: '大淘金',
    sites: [{ key: 'a' }, { key: 'b' }],
    counts: { today: 1 },
  });
const sent = (method, path, body, query = '') =>
  terms.sent(method, path, body, new URLSearchParams(query));

test('fields that the document knows are read', async () => {
  const found = await Promise.resolve(hunt());
  assert.equal(found.title, '大淘金');
  assert.deepEqual(
    found.sites.map(({ key, closed_at }) => [key, closed_at]),
    [
      ['a', undefined],
      ['b', undefined],
    ],
  );
  assert.equal(found.counts.tomorrow, undefined);
  assert.equal(JSON.parse(JSON.stringify(found)).sites[1].key, 'b');
  assert.deepEqual({ ...found }.counts, { today: 1 });
  assert.deepEqual(said, []);
});

test('a misspelt field is reported once', () => {
  assert.equal(hunt().titel, undefined);
  assert.equal(hunt().titel, undefined);
  assert.deepEqual(said, ['GET /hunts/….titel is read, which the OpenAPI document does not know']);
});

test('a misspelt field within a list, and where null may be, is reported', () => {
  hunt().sites.map(({ kee }) => kee);
  assert.match(said[0], /sites\.kee is read/);
  terms.answered('POST', '/hunts/7/digs', 200, { key: 'a' }).closed;
  assert.match(said[1], /digs\.closed is read/);
  assert.equal(terms.answered('POST', '/hunts/7/digs', 200, null), null);
});

test('an operation that the document does not know is reported', () => {
  sent('GET', '/hunts/7');
  sent('GET', '/hunts/latest');
  assert.deepEqual(said, []);
  sent('PUT', '/hunts/7');
  sent('GET', '/hunt/7');
  assert.equal(said.length, 2);
  assert.match(said[1], /GET \/hunt\/… is called/);
});

test('a field or a parameter that nobody takes is reported', () => {
  sent('POST', '/hunts/7/digs', { site: 'a' }, 'dry=1');
  assert.deepEqual(said, []);
  sent('POST', '/hunts/7/digs', { sit: 'a' }, 'dri=1');
  assert.deepEqual(
    said.map((text) => text.split(',')[0]),
    ['POST /hunts/…/digs is sent sit', 'POST /hunts/…/digs is sent dri'],
  );
});
