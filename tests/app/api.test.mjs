import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { newPhone, newStorage, settle } from './phone.mjs';

let phone;
let api;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1_000_000 });
  phone = newPhone();
  api = phone.lib('api');
});

const LOGIN = { data: { token: 'new' } };

/** Let timers pass in small steps, and what waits for them go on. */
async function pass(ms) {
  for (let passed = 0; passed < ms; passed += 100) {
    mock.timers.tick(100);
    await settle();
  }
}

test('the first call logs in, with the version of the program', async () => {
  phone.server = ({ path }) => (path === '/login' ? LOGIN : { data: { hello: 1 } });
  assert.deepEqual(await api.get('/me'), { hello: 1 });
  const [login, me] = phone.requests;
  assert.deepEqual(login.data, { code: 'code-1' });
  assert.equal(me.header.Authorization, 'Bearer new');
  assert.match(me.header['Linka-Client'], /^miniprogram\/\d+\.\d+\.\d+$/);
});

test('many calls whose token has ended log in once', async () => {
  phone.storage.set('token', 'old');
  phone.server = ({ path, header }) => {
    if (path === '/login') {
      return LOGIN;
    }
    return header.Authorization === 'Bearer new' ? { data: path } : { status: 401 };
  };
  const found = await Promise.all(['/a', '/b', '/c'].map((path) => api.get(path)));
  assert.deepEqual(found, ['/a', '/b', '/c']);
  assert.equal(phone.logins, 1);
});

test('a refused code is followed by a new one, three at most', async () => {
  phone.server = () => ({ status: 401, data: { error: 'code_invalid', message: '登录失败' } });
  await assert.rejects(api.get('/me'), { slug: 'code_invalid', status: 401 });
  assert.deepEqual(
    phone.requestsTo('/login').map((request) => request.data.code),
    ['code-1', 'code-2', 'code-3'],
  );
});

test('nothing is sent and WeChat is not asked before the user has agreed', async () => {
  phone = newPhone(newStorage({}));
  api = phone.lib('api');
  await assert.rejects(api.get('/me'), { slug: 'consent_missing' });
  assert.equal(phone.logins, 0);
  assert.equal(phone.requests.length, 0);
});

test('what got lost is repeated as it was until it is answered', async () => {
  phone.storage.set('token', 'good');
  let tries = 0;
  phone.server = () => {
    tries += 1;
    return tries < 4 ? null : { data: { points: 40 } };
  };
  const answer = api.post('/hunts/1/digs/2/answer', { choice: ['A'] });
  await pass(3000);
  assert.deepEqual(await answer, { points: 40 });
  assert.equal(new Set(phone.requests.map((request) => JSON.stringify(request.data))).size, 1);
  assert.equal(phone.requests.length, 4);
});

test('a key that is sent along stays the same in every repeat', async () => {
  phone.storage.set('token', 'good');
  phone.server = () => (phone.requests.length < 3 ? { status: 503 } : { data: 1 });
  const answer = api.call('POST', '/events/1/adjustments', {}, 20000, { 'Idempotency-Key': 'k' });
  await pass(3000);
  assert.equal(await answer, 1);
  assert.deepEqual(
    phone.requests.map((request) => request.header['Idempotency-Key']),
    ['k', 'k', 'k'],
  );
});

test('the pauses double, differ from phone to phone and end at five seconds', () => {
  const { pauseMs } = phone.lib('backoff');
  const random = mock.method(Math, 'random', () => 0);
  assert.deepEqual([1, 2, 3, 4, 9].map(pauseMs), [100, 200, 400, 800, 2500]);
  random.mock.mockImplementation(() => 0.999999);
  assert.deepEqual(
    [1, 2, 3, 4, 9].map((tries) => Math.round(pauseMs(tries))),
    [200, 400, 800, 1600, 5000],
  );
  random.mock.restore();
});

test('a reader hears after a while that there is no network', async () => {
  phone.storage.set('token', 'good');
  phone.server = () => null;
  const answer = assert.rejects(api.get('/me'), (error) => error instanceof api.NoNetwork);
  await pass(10_000);
  await answer;
  assert.ok(phone.requests.length > 3);
});

test('a phone without a network says so at once', async () => {
  phone.storage.set('token', 'good');
  phone.lib('outbox');
  phone.setOnline(false);
  phone.server = () => null;
  await assert.rejects(api.get('/me'), (error) => error instanceof api.NoNetwork);
  assert.equal(phone.requests.length, 1);
});

test('a refusal has its word, its sentence, its fields and when to come again', async () => {
  phone.storage.set('token', 'good');
  phone.server = () => ({
    status: 429,
    data: { error: 'too_many_attempts', message: '请稍后再试。', errors: { code: ['x'] } },
    header: { 'Retry-After': '600' },
  });
  await assert.rejects(api.post('/me/binding', {}), {
    status: 429,
    slug: 'too_many_attempts',
    message: '请稍后再试。',
    fields: { code: ['x'] },
    retryAfterSeconds: 600,
  });
});

test('a page of a proxy is a refusal with a sentence of our own', async () => {
  phone.storage.set('token', 'good');
  phone.server = () => ({ status: 500, data: '<html>' });
  await assert.rejects(api.get('/me'), { slug: 'unknown', message: /服务器出错了（500）/ });
});

test('the clock follows the answer that was fastest', async () => {
  phone.storage.set('token', 'good');
  const clock = phone.lib('clock');
  phone.server = () => ({ data: {}, header: { 'linka-time': '5000000' } });
  await api.get('/me');
  assert.equal(clock.now(), 5_000_000);
  clock.learn(9_000_000, Date.now() - 3000);
  assert.equal(clock.now(), 5_000_000);
  assert.equal(clock.left(5_010_000), 10);
});
