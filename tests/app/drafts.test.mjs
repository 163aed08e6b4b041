// Texts for columns wait on the phone with their pictures, and are sent once.

import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { newPhone, newStorage, settle } from './phone.mjs';

const PATH = '/posts/submissions';
const TEXT = { columnId: 8, title: '酸奶饼', text: '先和面。' };

let storage;
let files;
let server;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1_000_000 });
  storage = newStorage();
  storage.set('token', 'good');
  files = new Set(['a.jpg', 'b.jpg']);
  server = new Server();
});

async function pass(ms) {
  for (let passed = 0; passed < ms; passed += 100) {
    mock.timers.tick(100);
    await settle();
  }
}

/** The mini program after a start; its requests are answered by the server of the test. */
function started() {
  const phone = newPhone(storage, files);
  phone.server = (request) => server.answer(request);
  const drafts = phone.lib('drafts');
  return { phone, drafts, outbox: phone.lib('outbox') };
}

/** What the server keeps of a text. */
function kept({ column_id, title, text, picture_ids = [] }) {
  return { column: { id: column_id }, title, text, pictures: picture_ids.map((id) => ({ id })) };
}

/** One submission as the server keeps it; an answer to what `loses` names does not arrive. */
class Server {
  constructor() {
    this.kept = null;
    this.pictures = [];
    this.sendings = 0;
    this.loses = '';
    this.refuses = '';
  }

  answer({ method, path, data, filePath }) {
    const heard = `${method} ${path.replace(/[0-9]+/, 'N')}`;
    const refusal = { status: 422, data: { error: 'invalid', message: '看不懂这张图片。' } };
    const said = heard === this.refuses ? refusal : this._done(method, path, data, filePath);
    if (heard === this.loses) {
      this.loses = '';
      return null;
    }
    return said;
  }

  pictureIds() {
    return this.kept.pictures.map(({ id }) => id);
  }

  _done(method, path, data, filePath) {
    if (method === 'POST' && path === PATH) {
      this.kept ||= { id: 5, sent: 0, state: 'draft', ...kept(data) };
    } else if (!this.kept) {
      return { status: 404, data: { error: 'not_found', message: '没有找到。' } };
    } else if (method === 'UPLOAD') {
      this.pictures = [...new Set([...this.pictures, filePath])];
      const id = this.pictures.indexOf(filePath) + 1;
      return { status: 201, data: { id, path: `/pictures/${id}` } };
    } else if (method === 'PUT') {
      assert.match(this.kept.state, /draft|returned/);
      Object.assign(this.kept, kept(data));
    } else if (data?.action === 'take_back') {
      this.kept.state = 'draft';
    } else if (method === 'POST' && data.sent === this.kept.sent) {
      this.sendings += 1;
      Object.assign(this.kept, { state: 'waiting', sent: this.kept.sent + 1 });
    }
    return { data: structuredClone(this.kept) };
  }
}

function write(drafts, facts = {}) {
  const pictures = ['a.jpg', 'b.jpg'].map((file) => ({ id: 0, path: '', file }));
  drafts.keep('mine', { ...drafts.empty(), ...TEXT, pictures, ...facts });
}

test('it waits without a network and is sent once with its pictures after a restart', async () => {
  const first = started();
  write(first.drafts);
  first.phone.setOnline(false);
  first.phone.server = () => null;
  first.drafts.send('mine');
  await pass(500);
  assert.deepEqual(first.drafts.sent(), [
    { name: 'mine', id: 0, title: '酸奶饼', failure: '', isWaiting: true },
  ]);
  assert.equal(first.outbox.waiting()[0].label, '投稿：酸奶饼');
  const { drafts, outbox } = started();
  await outbox.flush();
  assert.deepEqual(server.pictures, ['a.jpg', 'b.jpg']);
  assert.deepEqual(server.pictureIds(), [1, 2]);
  assert.equal(server.sendings, 1);
  assert.equal(drafts.get('mine'), undefined);
  assert.deepEqual([...files], []);
});

for (const loses of [`POST ${PATH}`, `PUT ${PATH}/N`, `POST ${PATH}/N/transitions`]) {
  test(`the answer to ${loses} is lost, and it is sent once`, async () => {
    const { drafts } = started();
    write(drafts);
    server.loses = loses;
    drafts.send('mine');
    await pass(3000);
    assert.equal(server.sendings, 1);
    assert.deepEqual(server.pictureIds(), [1, 2]);
    assert.equal(drafts.get('mine'), undefined);
  });
}

test('it is not sent again after it was returned while the phone did not hear that', async () => {
  const first = started();
  write(first.drafts);
  first.phone.setOnline(false);
  server.loses = `POST ${PATH}/N/transitions`;
  first.drafts.send('mine');
  await pass(500);
  assert.deepEqual([server.sendings, first.drafts.isWaiting('mine')], [1, true]);
  Object.assign(server.kept, { state: 'returned' });
  const { drafts, outbox } = started();
  await outbox.flush();
  assert.equal(server.sendings, 1);
  assert.equal(drafts.get('mine'), undefined);
});

/** A draft that waits without a network, is taken back and changed. */
async function changed(drafts, phone) {
  write(drafts);
  phone.setOnline(false);
  drafts.send('mine');
  await pass(500);
  assert.equal(drafts.takeBack('mine'), true);
  assert.equal(drafts.isWaiting('mine'), false);
  drafts.keep('mine', { ...drafts.get('mine'), text: '先发面，再和面。' });
}

test('what waits is taken back, changed, and sent once with its new text', async () => {
  const first = started();
  first.phone.server = () => null;
  await changed(first.drafts, first.phone);
  // It is still on the list after a restart, and nothing is sent by itself.
  const { drafts, outbox } = started();
  await outbox.flush();
  assert.equal(server.kept, null);
  assert.deepEqual(
    drafts.sent().map(({ isWaiting, failure }) => [isWaiting, failure]),
    [[false, '']],
  );
  await drafts.send('mine');
  assert.deepEqual([server.sendings, server.kept.text], [1, '先发面，再和面。']);
  assert.equal(drafts.get('mine'), undefined);
});

test('what is being sent at this moment is not taken back', async () => {
  const { drafts, phone } = started();
  write(drafts);
  let answer;
  phone.server = (request) => {
    const said = server.answer(request);
    return request.method === 'PUT' ? new Promise((later) => (answer = () => later(said))) : said;
  };
  const sent = drafts.send('mine');
  await settle();
  assert.equal(drafts.takeBack('mine'), false);
  answer();
  await sent;
  assert.equal(server.sendings, 1);
  assert.equal(drafts.takeBack('mine'), false);
});

for (const state of ['waiting', 'returned']) {
  test(`the text of before had arrived and is ${state}: the changed one replaces it`, async () => {
    const { phone, drafts } = started();
    server.loses = `POST ${PATH}/N/transitions`;
    await changed(drafts, phone);
    Object.assign(server.kept, { state });
    phone.setOnline(true);
    server.loses = `POST ${PATH}/N/transitions`;
    drafts.send('mine');
    await pass(3000);
    assert.deepEqual([server.kept.state, server.kept.text], ['waiting', '先发面，再和面。']);
    assert.deepEqual([server.sendings, server.kept.sent], [2, 2]);
    assert.equal(drafts.get('mine'), undefined);
  });
}

test('the text of before was published: the changed one stays on the phone, with the reason', async () => {
  const { phone, drafts } = started();
  server.loses = `POST ${PATH}/N/transitions`;
  await changed(drafts, phone);
  Object.assign(server.kept, { state: 'accepted' });
  phone.setOnline(true);
  await assert.rejects(drafts.send('mine'), /可以另写一篇/);
  assert.equal(server.sendings, 1);
  assert.match(drafts.sent()[0].failure, /可以另写一篇/);
  assert.equal(drafts.get('mine').text, '先发面，再和面。');
});

test('a picture that is refused leaves the draft with the reason', async () => {
  const { drafts } = started();
  write(drafts);
  server.refuses = `UPLOAD ${PATH}/N/pictures`;
  await assert.rejects(drafts.send('mine'), /看不懂/);
  assert.equal(server.sendings, 0);
  const { failure, pictures } = drafts.get('mine');
  assert.deepEqual([failure, pictures.map(({ file }) => file)], ['看不懂这张图片。', ['b.jpg']]);
});

test('a picture that the phone has lost is said so before anything is sent', async () => {
  const { drafts } = started();
  write(drafts);
  files.delete('b.jpg');
  await assert.rejects(drafts.send('mine'), /找不到/);
  assert.equal(server.sendings, 0);
});

test('what the server has erased is sent anew with the pictures of the phone', async () => {
  const { drafts } = started();
  write(drafts, {
    id: 3,
    sent: 1,
    pictures: [
      { id: 7, path: '/pictures/7', file: 'a.jpg' },
      { id: 8, path: '/pictures/8', file: '' },
    ],
  });
  await drafts.send('mine');
  assert.deepEqual([server.sendings, server.pictureIds()], [1, [1]]);
});

test('who signs out leaves neither texts nor pictures on the phone', () => {
  const { phone, drafts } = started();
  write(drafts);
  phone.lib('session').forget();
  assert.equal(drafts.get('mine'), undefined);
  assert.deepEqual([...files], []);
});
