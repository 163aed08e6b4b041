// What the pages of the look-up show.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const shown = require('../../miniprogram_stub/app/pages/lookup/shown.js');

const answer = (more) => ({
  kind: 'card',
  title: '开具证明',
  rows: [],
  text: '',
  notice: '',
  choices: [],
  attachments: [],
  owner: '',
  card_id: 1,
  ...more,
});

const question = (more) => ({
  id: 1,
  text: '几点关门',
  asked_at: '2026-11-22T02:00:00.000Z',
  promised_at: '2026-11-23T02:00:00.000Z',
  owner: '',
  answer: '',
  answered_at: null,
  answered_by: '',
  is_new: false,
  ...more,
});

test('an attachment is copied, and an address is named as one', () => {
  const attachments = [
    { title: '表', text: 'https://example.com/a' },
    { title: '内线', text: '6120' },
  ];
  const found = shown.answerOf(answer({ attachments, owner: '何嘉' }), 0);
  assert.deepEqual(
    found.attachments.map((one) => one.action),
    ['复制网址', '复制'],
  );
  assert.equal(found.about, '负责人 何嘉');
});

test('an answer offers other texts, and none from an older server', () => {
  assert.deepEqual(shown.answerOf(answer({ choices: ['河滨公园'] }), 0).choices, ['河滨公园']);
  assert.deepEqual(shown.answerOf(answer({ choices: undefined }), 0).choices, []);
});

test('answers of one kind have keys of their own', () => {
  const found = shown.foundOf({ answers: [answer(), answer({ title: '换班' })], similar: [] });
  assert.equal(new Set(found.answers.map((one) => one.key)).size, 2);
  assert.equal(found.isEmpty, false);
  assert.equal(shown.foundOf({ answers: [], similar: ['换班'] }).isEmpty, true);
});

test('a question says until when it is answered, then by whom', () => {
  const waiting = shown.questionOf(question({ owner: '何嘉' }));
  assert.match(waiting.about, /^何嘉 · 最晚 .+ 回答$/);
  assert.equal(waiting.state, '等回答');
  const done = { answer: '十点', answered_at: '2026-11-22T03:00:00.000Z', answered_by: '德吉' };
  assert.equal(shown.questionOf(question({ ...done, is_new: true })).state, '新回答');
  assert.equal(shown.questionOf(question(done)).state, '已回答');
  assert.match(shown.questionOf(question(done)).about, /^德吉 · .+ 回答$/);
});

test('home says what is new, answers first', () => {
  assert.equal(shown.newsOf({ answers: 0, waiting: 0 }), null);
  assert.match(shown.newsOf({ answers: 2, waiting: 3 }), /2 个新回答/);
  assert.match(shown.newsOf({ answers: 0, waiting: 3 }), /3 个问题等你回答/);
});
