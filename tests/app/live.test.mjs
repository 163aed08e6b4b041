import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { newPhone, settle } from './phone.mjs';

let phone;
let connection;

beforeEach(async () => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1_000_000 });
  phone = newPhone();
  phone.storage.set('token', 'good');
  phone.server = tickets;
  connection = phone.lib('live').join(42);
  await settle();
});

let ticket = 0;

function tickets({ path }) {
  ticket += 1;
  return path === '/events/42/tickets'
    ? { status: 201, data: { path: `/api/v1/events/42/socket?ticket=t${ticket}` } }
    : { data: {} };
}

/** Let timers pass in small steps, and what waits for them go on. */
async function pass(ms) {
  for (let passed = 0; passed < ms; passed += 100) {
    mock.timers.tick(100);
    await settle();
  }
}

const newest = () => phone.sockets[phone.sockets.length - 1];

function heard(type) {
  const found = [];
  connection.on(type, (data) => found.push(data));
  return found;
}

test('a socket is opened with a ticket, and live after the greeting', () => {
  assert.match(
    newest().url,
    /^wss:\/\/linka\.example\/api\/v1\/events\/42\/socket\?ticket=t\d+&after=$/,
  );
  assert.equal(connection.status, 'offline');
  newest().hello();
  assert.equal(connection.status, 'live');
  assert.equal(connection.playerId, 7);
});

test('pages of one event share a socket; another event hangs it up', async () => {
  assert.equal(phone.lib('live').join('42'), connection);
  const first = newest();
  phone.server = () => ({ status: 201, data: { path: '/api/v1/events/9/socket?ticket=x' } });
  phone.lib('live').join(9);
  await settle();
  assert.ok(first.isClosed);
  assert.match(newest().url, /events\/9\//);
});

test('a listener may be taken off after the connection was closed', () => {
  const off = connection.on('state', () => {});
  phone.lib('live').leave();
  off();
});

test('signs of life go out more often than the server asks for', async () => {
  newest().hello();
  for (let second = 0; second < 60; second += 1) {
    newest().say({ type: 'beat', data: {} });
    await pass(1000);
  }
  const pings = newest().said('ping').length;
  assert.ok(pings >= 3 && pings <= 5, `${pings} pings in a minute`);
});

test('a new socket says what was heard last, and takes a new ticket', async () => {
  const first = newest();
  first.hello();
  first.say({ type: 'drawing.said', seq: '1000-0', data: {} });
  first.say({ type: 'state', seq: '1002-1', data: { activities: [] } });
  first.drop(4500);
  await pass(1000);
  assert.equal(phone.sockets.length, 2);
  assert.match(newest().url, /after=1002-1$/);
  assert.notEqual(newest().url.match(/ticket=(\w+)/)[1], first.url.match(/ticket=(\w+)/)[1]);
});

test('a message that comes twice is heard once', () => {
  newest().hello();
  const said = heard('drawing.said');
  newest().say({ type: 'drawing.said', seq: '5-0', data: { text: 'a' } });
  newest().say({ type: 'drawing.said', seq: '5-0', data: { text: 'a' } });
  newest().say({ type: 'drawing.said', seq: '4-9', data: { text: 'old' } });
  newest().say({ type: 'drawing.said', seq: '5-1', data: { text: 'b' } });
  assert.deepEqual(
    said.map((data) => data.text),
    ['a', 'b'],
  );
});

test('a snapshot is heard although it has the place of the message before', () => {
  newest().hello();
  newest().say({ type: 'drawing.said', seq: '5-0', data: {} });
  newest().say({ type: 'state', seq: '5-0', data: { present: 3, activities: [] } });
  assert.equal(connection.state.present, 3);
});

test('a request survives that the line was dead when the app came back', async () => {
  newest().hello();
  const answer = connection.ask('contest.answer', '3', { round_id: 1, choice: ['A'] });
  await pass(500);
  phone.hide();
  phone.show();
  // No ticket comes while the request is due again.
  phone.server = () => new Promise(() => {});
  await pass(6000);
  assert.equal(connection.status, 'offline');
  const isGivenUp = assert.rejects(answer, phone.lib('api').NoNetwork);
  await pass(20_000);
  await isGivenUp;
});

test('a request is repeated with the same id until it is acknowledged, once', async () => {
  newest().hello();
  const answer = connection.ask('contest.answer', '3', { round_id: 1, choice: ['A'] });
  await pass(2500);
  const [first, second] = newest().said('contest.answer');
  assert.deepEqual(first, second);
  assert.equal(first.activity_id, 3);
  newest().say({ type: 'ack', id: first.id, data: { accepted: true } });
  newest().say({ type: 'ack', id: first.id, data: { accepted: 'again' } });
  assert.deepEqual(await answer, { accepted: true });
  await pass(5000);
  assert.equal(newest().said('contest.answer').length, 2);
});

test('a request that was under way is sent again on the next socket', async () => {
  newest().hello();
  const answer = connection.ask('contest.answer', 3, { round_id: 1, choice: ['A'] });
  newest().drop();
  await pass(1000);
  newest().hello();
  const [again] = newest().said('contest.answer');
  newest().say({ type: 'ack', id: again.id, data: 'done' });
  assert.equal(await answer, 'done');
});

test('a refusal reaches who asked, in words', async () => {
  newest().hello();
  const answer = connection.ask('contest.answer', 3, {});
  const [{ id }] = newest().said('contest.answer');
  newest().say({
    type: 'refusal',
    id,
    data: { code: 409, error: 'round_over', message: '时间到了。' },
  });
  await assert.rejects(answer, { slug: 'round_over', message: '时间到了。', status: 409 });
});

test('a server that is away for a moment is asked again', async () => {
  newest().hello();
  const answer = connection.ask('contest.answer', 3, {});
  const [{ id }] = newest().said('contest.answer');
  newest().say({
    type: 'refusal',
    id,
    data: { code: 503, error: 'unavailable', message: '…', retry_after_seconds: 1 },
  });
  await pass(1200);
  assert.equal(newest().said('contest.answer').length, 2);
  newest().say({ type: 'ack', id, data: 'done' });
  assert.equal(await answer, 'done');
});

test('where no socket opens, requests go over HTTP', async () => {
  newest().drop();
  await pass(1000);
  newest().drop();
  assert.equal(connection.status, 'polling');
  let calls = 0;
  const answer = await connection.ask('contest.answer', 3, {}, { twin: async () => ++calls });
  assert.equal(answer, 1);
});

test('a socket that does not answer is passed by over HTTP', async () => {
  newest().hello();
  const answer = connection.ask('contest.answer', 3, {}, { twin: async () => 'over HTTP' });
  for (let second = 0; second < 5; second += 1) {
    newest().say({ type: 'beat', data: {} });
    await pass(1000);
  }
  assert.equal(await answer, 'over HTTP');
});

test('a request ends as no network when nothing is heard at all', async () => {
  const { NoNetwork } = phone.lib('api');
  const answer = assert.rejects(connection.ask('look', 3), (error) => error instanceof NoNetwork);
  await pass(25_000);
  await answer;
});

test('a message that the server does not know is a mistake at once', () => {
  assert.throws(() => connection.ask('contest.anwser', 3));
});

test('a line without a word for fifteen seconds is hung up', async () => {
  const first = newest();
  first.hello();
  await pass(17_000);
  assert.ok(first.isClosed);
  assert.ok(phone.sockets.length > 1);
});

test('after the background an open socket that is dead is replaced', async () => {
  const first = newest();
  first.hello();
  phone.hide();
  mock.timers.tick(60);
  phone.show();
  await settle();
  assert.ok(first.said('ping').length >= 2, 'it is asked whether it lives');
  await pass(3500);
  assert.equal(phone.sockets.length, 2);
});

test('after the background a socket that lives stays', async () => {
  newest().hello();
  phone.hide();
  phone.show();
  await pass(100);
  newest().say({ type: 'pong', data: { server_time: new Date().toISOString() } });
  await pass(4000);
  assert.equal(phone.sockets.length, 1);
});

test('in the background no socket is opened; in front again at once', async () => {
  newest().hello();
  phone.hide();
  newest().drop();
  await pass(20_000);
  assert.equal(phone.sockets.length, 1);
  phone.show();
  await settle();
  assert.equal(phone.sockets.length, 2);
});

for (const code of [4400, 4409]) {
  test(`after ${code} the socket stays closed and the pages poll`, async () => {
    newest().hello();
    newest().drop(code);
    await pass(30_000);
    assert.equal(phone.sockets.length, 1);
    assert.equal(connection.status, 'polling');
  });
}

test('after 4401 the phone logs in again', async () => {
  phone.server = (request) =>
    request.path === '/login' ? { data: { token: 'new' } } : tickets(request);
  newest().hello();
  newest().drop(4401);
  await pass(1000);
  assert.equal(phone.logins, 1);
  assert.equal(phone.sockets.length, 2);
});

test('after 4403 a refused ticket ends it, and the pages hear why', async () => {
  const refused = heard('refused');
  newest().hello();
  phone.server = () => ({ status: 403, data: { error: 'kicked', message: '你已被移出。' } });
  newest().drop(4403);
  await pass(20_000);
  assert.equal(phone.sockets.length, 1);
  assert.deepEqual(
    refused.map((refusal) => refusal.slug),
    ['kicked'],
  );
});

test('after 4422 the phone connects without its place', async () => {
  newest().hello();
  newest().say({ type: 'drawing.said', seq: '9-9', data: {} });
  newest().drop(4422);
  await pass(1000);
  assert.match(newest().url, /after=$/);
});

test('after 4503 the phone waits at least five seconds', async () => {
  newest().hello();
  newest().drop(4503);
  await pass(4000);
  assert.equal(phone.sockets.length, 1);
  await pass(2000);
  assert.equal(phone.sockets.length, 2);
});

test('a socket that has to move is opened again when the server says', async () => {
  newest().hello();
  newest().drop(4307, 'moving retry_after=0.8');
  await pass(700);
  assert.equal(phone.sockets.length, 1);
  await pass(300);
  assert.equal(phone.sockets.length, 2);
});

test('a message that was on its way for long does not put the clock back', async () => {
  const clock = phone.lib('clock');
  newest().hello();
  newest().say({
    type: 'beat',
    data: { server_time: new Date(Date.now() - 5000).toISOString() },
  });
  assert.equal(clock.now(), Date.now());
});
