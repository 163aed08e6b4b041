// What is shown of a submission, from the server's. Pure.

const words = require('../../lib/words.js');

const STATES = {
  draft: { word: '草稿', tone: '' },
  waiting: { word: '待审核', tone: 'frozen' },
  returned: { word: '请修改', tone: 'late' },
  rejected: { word: '没有采用', tone: '' },
  accepted: { word: '已采用', tone: 'live' },
};

function stateOf({ state, published }) {
  return published ? { word: '已发布', tone: 'live' } : STATES[state];
}

/** A line of the own submissions. */
function lineOf(submission) {
  const { word, tone } = stateOf(submission);
  return {
    id: submission.id,
    title: submission.title || '还没有标题',
    about: `${submission.column.title} · ${words.moment(submission.changed_at)}`,
    reason: submission.reason,
    word,
    tone,
  };
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
    columnId: submission.column.id,
    title: submission.title,
    text: submission.text,
    pictures: submission.pictures.map(({ id, path }) => ({ id, path })),
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

module.exports = { draftOf, isWritable, lacking, lineOf, stateOf };
