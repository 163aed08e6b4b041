// What lists of posts show.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const { joined } = require('../../miniprogram_stub/app/pages/post/article.js');
const { homeOf, lineOf, newsOf } = require('../../miniprogram_stub/app/pages/posts/list.js');

const {
  draftOf,
  isWritable,
  lacking,
  lineOf: submissionLine,
  linesOf,
} = require('../../miniprogram_stub/app/pages/submissions/piece.js');

const post = (more) => ({
  id: 1,
  title: '停水',
  summary: '',
  byline: '后勤保障组',
  column: { id: 2, title: '上传下达', icon: '知', module: 'news' },
  published_at: '2026-11-22T02:00:00.000Z',
  pinned: false,
  must_read: false,
  read_at: null,
  confirmed_at: null,
  ...more,
});

test('a line says what is left to do with a post', () => {
  const read = '2026-11-22T03:00:00.000Z';
  assert.equal(lineOf(post()).mark, '未读');
  assert.equal(lineOf(post({ read_at: read })).mark, '已读');
  assert.equal(lineOf(post({ read_at: read, must_read: true })).mark, '待收到');
  assert.equal(lineOf(post({ must_read: true, corrected: true })).mark, '有更正');
  const done = { read_at: read, must_read: true, confirmed_at: read };
  assert.equal(lineOf(post(done)).mark, '已读');
});

test('a module without columns is left out, and many unread posts are written short', () => {
  const columns = [{ id: 1, title: '微课', icon: '课', newest: '', unread: 120 }];
  const { modules, news } = homeOf({
    must_read: [],
    latest: [],
    notices: 2,
    modules: [
      { name: 'news', title: '微信息', columns: [] },
      { name: 'classroom', title: '微课堂', columns },
    ],
  });
  assert.deepEqual(
    modules.map((module) => module.title),
    ['微课堂'],
  );
  assert.equal(news, '2 条新消息');
  assert.equal(modules[0].columns[0].unread, '99+');
  assert.match(modules[0].columns[0].said, /120 篇未读/);
});

test('a notice says what happened, and whether it is new', () => {
  const at = '2026-11-22T02:00:00.000Z';
  const shown = newsOf({
    id: 1,
    post_id: 2,
    kind: 'reminder',
    title: '停水',
    text: '',
    at,
    seen_at: null,
  });
  assert.deepEqual([shown.word, shown.isNew], ['请看这篇通知', true]);
});

test('a notice about a submission leads to it, any other to its post', () => {
  const notice = { id: 1, post_id: 2, title: '', text: '', at: '2026-11-22T02:00:00.000Z' };
  assert.match(newsOf({ ...notice, kind: 'submission' }).url, /submission=2$/);
  assert.match(newsOf({ ...notice, kind: 'comment' }).url, /post=2$/);
});

test('a submission is written while nobody has it to decide', () => {
  const submission = {
    id: 3,
    title: '',
    text: '先和面。',
    state: 'returned',
    published: false,
    reason: '请补上用量',
    column: { id: 8, title: '厨艺菜谱' },
    changed_at: '2026-11-22T02:00:00.000Z',
    pictures: [{ id: 5, path: '/posts/3/pictures/5', width: 64, height: 48 }],
  };
  assert.equal(submissionLine(submission).word, '请修改');
  assert.equal(
    submissionLine({ ...submission, state: 'accepted', published: true }).word,
    '已发布',
  );
  assert.deepEqual(
    ['draft', 'waiting', 'returned', 'rejected', 'accepted'].map((state) => isWritable({ state })),
    [true, false, true, false, false],
  );
  const draft = draftOf(submission);
  assert.equal(lacking(draft), '请写标题');
  assert.equal(lacking({ ...draft, title: '酸奶饼', text: ' ' }), '请写内容');
  assert.equal(lacking({ ...draft, title: '酸奶饼' }), '');
});

test('texts that wait on the phone come first, and once', () => {
  const waiting = { name: '3', id: 3, title: '酸奶饼', failure: '', isWaiting: true };
  const refused = { name: 'a', id: 0, title: '青稞饼', failure: '不收了。', isWaiting: false };
  const held = { ...refused, name: 'b', failure: '' };
  const kept = [waiting, refused, held];
  const others = [{ id: '3' }, { id: '4', word: '草稿' }];
  const words = (isOnline) => linesOf(kept, others, isOnline).map(({ word }) => word);
  assert.deepEqual(words(false), ['等网络', '没有投出去', '在修改', '草稿']);
  assert.deepEqual(words(true), ['正在投', '没有投出去', '在修改', '草稿']);
});

test('a further page of comments goes below those that are shown, each once', () => {
  const of = (...ids) => ids.map((id) => ({ id }));
  assert.deepEqual(joined(of(9, 8, 7), of(8, 7, 6)), of(9, 8, 7, 6));
  assert.deepEqual(joined([], of(3)), of(3));
});
