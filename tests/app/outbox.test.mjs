import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { newPhone, settle } from './phone.mjs';

let phone;
let outbox;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1_000_000 });
  phone = newPhone();
  phone.storage.set('token', 'good');
  outbox = phone.lib('outbox');
});

async function pass(ms) {
  for (let passed = 0; passed < ms; passed += 100) {
    mock.timers.tick(100);
    await settle();
  }
}

const answer = (number) => ({
  key: `dig-${number}`,
  path: `/hunts/1/digs/${number}/answer`,
  body: { choice: ['A'] },
  label: `第 ${number} 题`,
});

test('what is sent is stored before it is sent, and gone once it was heard', async () => {
  phone.server = () => {
    assert.equal(phone.storage.get('outbox').length, 1);
    return { data: { points: 40 } };
  };
  assert.deepEqual(await outbox.send(answer(1)), { points: 40 });
  assert.deepEqual(outbox.waiting(), []);
});

test('without a network it waits, and goes when the network is back', async () => {
  phone.server = () => null;
  phone.setOnline(false);
  const told = outbox.send(answer(1));
  await pass(500);
  assert.deepEqual(
    outbox.waiting().map(({ key, label }) => [key, label]),
    [['dig-1', '第 1 题']],
  );
  phone.server = () => ({ data: 'heard' });
  phone.setOnline(true);
  assert.equal(await told, 'heard');
});

test('what waits survives a restart, in its order', async () => {
  phone.server = () => null;
  phone.setOnline(false);
  outbox.send(answer(1));
  outbox.send(answer(2));
  await pass(500);
  phone = newPhone(phone.storage);
  phone.server = () => ({ data: 'heard' });
  outbox = phone.lib('outbox');
  const news = [];
  outbox.on((item) => news.push(item));
  await outbox.flush();
  assert.deepEqual(
    phone.requests.map((request) => [request.path, request.data]),
    [
      ['/hunts/1/digs/1/answer', { choice: ['A'] }],
      ['/hunts/1/digs/2/answer', { choice: ['A'] }],
    ],
  );
  assert.deepEqual(
    news.filter(({ type }) => type === 'sent').map(({ item }) => item.key),
    ['dig-1', 'dig-2'],
  );
});

test('the same key is sent once', async () => {
  phone.server = () => ({ data: 'heard' });
  const both = await Promise.all([outbox.send(answer(1)), outbox.send(answer(1))]);
  assert.deepEqual(both, ['heard', 'heard']);
  assert.equal(phone.requests.length, 1);
});

test('one is sent after the other', async () => {
  const answers = [];
  phone.server = () => new Promise((resolve) => answers.push(resolve));
  outbox.send(answer(1));
  outbox.send(answer(2));
  await settle();
  assert.equal(phone.requests.length, 1);
  answers[0]({ data: 'heard' });
  await settle();
  assert.equal(phone.requests.length, 2);
});

test('a refusal is told and does not stop what comes after', async () => {
  phone.server = ({ path }) =>
    path.includes('/1/answer')
      ? { status: 409, data: { error: 'deadline_passed', message: '时间到了。' } }
      : { data: 'heard' };
  const first = assert.rejects(outbox.send(answer(1)), { slug: 'deadline_passed' });
  assert.equal(await outbox.send(answer(2)), 'heard');
  await first;
  assert.deepEqual(outbox.waiting(), []);
});

for (const [status, error] of [
  [409, 'event_paused'],
  [500, 'internal'],
  [403, 'update_required'],
]) {
  test(`${error} keeps what was said, and it is sent again`, async () => {
    phone.server = () => ({ status, data: { error, message: '…' } });
    const told = outbox.send(answer(1));
    await pass(1000);
    assert.equal(outbox.waiting().length, 1);
    phone.server = () => ({ data: 'heard' });
    await pass(6000);
    assert.equal(await told, 'heard');
  });
}

test('an answer does not wait for what takes several calls', async () => {
  let finish;
  outbox.sendBy('pictures', ({ name }) => {
    assert.equal(name, 'mine');
    return new Promise((resolve) => {
      finish = resolve;
    });
  });
  phone.server = () => ({ data: 'heard' });
  const long = outbox.send({ key: 'long', sender: 'pictures', body: { name: 'mine' } });
  assert.equal(await outbox.send(answer(1)), 'heard');
  assert.deepEqual(
    outbox.waiting().map(({ key }) => key),
    ['long'],
  );
  finish('all of it');
  assert.equal(await long, 'all of it');
  assert.deepEqual(outbox.waiting(), []);
});
