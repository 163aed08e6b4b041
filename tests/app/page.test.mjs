import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { newPhone, settle } from './phone.mjs';

let phone;
let page;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1_000_000 });
  phone = newPhone();
  phone.storage.set('token', 'good');
  globalThis.Page = (made) => {
    page = made;
  };
});

afterEach(() => {
  delete globalThis.Page;
});

/** Open a page with these options, as WeChat does. */
async function open(options, query = {}) {
  phone.lib('page').definePage(options);
  page.route = 'pages/test/test';
  page.setData = (data) => Object.assign(page.data, data);
  page.onLoad(query);
  page.onShow();
  await settle();
  return page;
}

const define = (options) => phone.lib('page').definePage(options);

for (const name of ['_key', '_show', '_hear', 'refresh', 'onPullDownRefresh', 'query', '_turn']) {
  test(`a page may not define ${name}: every page has it`, () => {
    assert.throws(() => define({ [name]() {} }), new RegExp(`every page has ${name} already`));
  });
}

for (const name of ['phase', 'problem', 'staleSince', 'scale', 'connected']) {
  test(`a page may not have data of the name ${name}: every page has them`, () => {
    assert.throws(() => define({ data: { [name]: 1 } }), new RegExp(`every page has ${name} `));
  });
}

test('names of its own and hooks are a page’s to define', async () => {
  const called = [];
  const hooks = Object.fromEntries(
    ['onLoad', 'onShow', 'onHide', 'onUnload'].map((name) => [name, () => called.push(name)]),
  );
  await open({ ...hooks, data: { own: 1 }, _answerKey: () => 'mine' });
  page.onHide();
  page.onUnload();
  assert.deepEqual(called, ['onLoad', 'onShow', 'onHide', 'onUnload']);
  assert.deepEqual([page.data.own, page.data.phase, page._answerKey()], [1, 'ready', 'mine']);
});

test('without a network a page shows what it knew, and since when', async () => {
  await open({ load: async () => ({ found: 'first' }) }, { event: '3' });
  const { NoNetwork } = phone.lib('api');
  const away = { load: () => Promise.reject(new NoNetwork()) };
  await open(away, { event: '3' });
  assert.deepEqual([page.data.phase, page.data.found], ['stale', 'first']);
  await open(away, { event: '4' });
  assert.deepEqual([page.data.phase, page.data.problem.action], ['error', 'again']);
});

test('text is as large as in WeChat, until another size is chosen', async () => {
  phone.font = 22;
  await open({});
  assert.equal(page.data.scale, 'size-3');
  phone.lib('session').chooseTextSize('size-1');
  page.onShow();
  assert.equal(page.data.scale, 'size-1');
});

test('a refusal is shown with what to do about it', async () => {
  phone.server = () => ({ status: 426, data: { error: 'update_required', message: '请更新。' } });
  await open({ load: () => phone.lib('api').get('/events/3') });
  assert.equal(page.data.phase, 'error');
  assert.deepEqual(page.data.problem, { text: '请更新。', action: 'update' });
});

test('a socket that is refused lets the page find out why', async () => {
  phone.server = () => ({ data: { path: '/api/v1/events/3/socket?ticket=t' } });
  const load = () => phone.lib('api').get('/events/3');
  await open({ load, live() {} }, { event: '3' });
  phone.sockets[0].hello();
  assert.equal(page.data.phase, 'ready');
  phone.server = () => ({ status: 426, data: { error: 'update_required', message: '请更新。' } });
  phone.sockets[0].drop(4403);
  mock.timers.tick(1000);
  await settle();
  assert.deepEqual(page.data.problem, { text: '请更新。', action: 'update' });
});

test('a page that was left does not change the title of the page above it', async () => {
  const titles = [];
  phone.wx.setNavigationBarTitle = ({ title }) => titles.push(title);
  let answer;
  await open({
    load() {
      return new Promise((resolve) => {
        answer = resolve;
      }).then((title) => this.entitle(title));
    },
  });
  page.onHide();
  answer('大淘金');
  await settle();
  assert.deepEqual(titles, []);
  page.onShow();
  answer('大淘金');
  await settle();
  assert.deepEqual(titles, ['大淘金']);
});

test('a page loads again when its activity is on no more, and says why it is void', async () => {
  phone.server = () => ({ data: { path: '/api/v1/events/3/socket?ticket=t' } });
  const load = () => phone.lib('api').get('/contests/7');
  await open({ load, live() {} }, { event: '3', activity: '7' });
  const socket = phone.sockets[0];
  socket.hello();
  socket.say({ type: 'state', data: { event: {}, present: 1, activities: [{ id: 7 }] } });
  assert.equal(page.data.phase, 'ready');
  phone.server = () => ({ status: 404, data: { error: 'activity_voided', message: '已作废。' } });
  socket.say({ type: 'state', data: { event: {}, present: 1, activities: [] } });
  await settle();
  assert.deepEqual(page.data.problem, { text: '已作废。', action: 'home' });
});
