// What is shown of a submission, from the server's. Pure.

const words = require('../../lib/words.js');

const STATES = {
  draft: { word: '草稿', tone: '' },
  waiting: { word: '待审核', tone: 'frozen' },
  returned: { word: '请修改', tone: 'late' },
  rejected: { word: '没有采用', tone: '' },
  accepted: { word: '已采用', tone: 'live' },
};

const WAITS = '文字和图片都存在手机里，有网络就自动投出去。';
const HELD = '还没有投出去，改好再投。';

function stateOf({ state, published }) {
  return published ? { word: '已发布', tone: 'live' } : STATES[state];
}

/** A line of the own submissions. */
function lineOf(submission) {
  const { word, tone } = stateOf(submission);
  return {
    id: String(submission.id),
    url: `/pages/submission/submission?submission=${submission.id}`,
    title: submission.title || '还没有标题',
    about: `${submission.column.title} · ${words.moment(submission.changed_at)}`,
    reason: submission.reason,
    word,
    tone,
  };
}

/** What is said of a text that waits on this phone, was refused, or was taken back. */
function keptState({ failure, isWaiting }, isOnline) {
  if (isWaiting) {
    return { word: isOnline ? '正在投' : '等网络', tone: 'frozen', about: WAITS, reason: '' };
  }
  return failure
    ? { word: '没有投出去', tone: 'late', about: '', reason: failure }
    : { word: '在修改', tone: 'late', about: HELD, reason: '' };
}

function keptLine(one, isOnline) {
  return Object.assign(keptState(one, isOnline), {
    id: `kept-${one.name}`,
    isKept: true,
    url: `/pages/submission/submission?draft=${one.name}`,
    title: one.title,
  });
}

/** The lines of the texts that this phone keeps (`sent` of lib/drafts.js), before those of others. */
function linesOf(kept, lines, isOnline) {
  const ids = kept.map(({ id }) => String(id));
  const others = lines.filter(({ id }) => !ids.includes(id));
  return kept.map((one) => keptLine(one, isOnline)).concat(others);
}

/** The author may write: nobody has it to decide. */
function isWritable(submission) {
  return !submission || submission.state === 'draft' || submission.state === 'returned';
}

/** What an author has written on the server, as the draft of a page. */
function draftOf(submission) {
  return {
    id: submission.id,
    code: '',
    sent: submission.sent,
    columnId: submission.column.id,
    title: submission.title,
    text: submission.text,
    pictures: submission.pictures.map(({ id, path }) => ({ id, path, file: '' })),
  };
}

/** What still lacks before it can be sent; '' if nothing does. */
function lacking({ columnId, title, text }) {
  if (!columnId) {
    return '请选一个栏目';
  }
  if (!title.trim()) {
    return '请写标题';
  }
  return text.trim() ? '' : '请写内容';
}

module.exports = { draftOf, isWritable, keptState, lacking, lineOf, linesOf, stateOf };
