// What the pages of the look-up show, from the server's answers and questions. Pure.

const words = require('../../lib/words.js');

const ICONS = { buses: '车', shifts: '班', canteen: '饭', card: '答' };
const EXAMPLES = ['下一班车', '我的班表', '谁在班', '今天吃什么', '开具证明'];

/** One answer: `{key, icon, title, rows, text, notice, choices, attachments, about}`. */
function answerOf(answer, place) {
  return {
    key: `${answer.kind}-${place}`,
    icon: ICONS[answer.kind] || '答',
    title: answer.title,
    rows: answer.rows.map((row, at) => ({
      key: at,
      label: row.label,
      text: row.text,
      isNow: row.is_now,
    })),
    text: answer.text,
    notice: answer.notice,
    // An older server has none.
    choices: answer.choices || [],
    attachments: answer.attachments.map((one, at) => ({
      key: at,
      title: one.title,
      text: one.text,
      action: one.text.startsWith('https://') ? '复制网址' : '复制',
    })),
    about: answer.owner ? `负责人 ${answer.owner}` : '',
  };
}

/** What a look-up found: `{answers, similar, isEmpty}`. */
function foundOf(found) {
  return {
    answers: found.answers.map(answerOf),
    similar: found.similar,
    isEmpty: found.answers.length === 0,
  };
}

/** One of my questions: `{id, text, answer, state, tone, about}`. */
function questionOf(question) {
  const isAnswered = Boolean(question.answered_at);
  const state = question.is_new ? '新回答' : isAnswered ? '已回答' : '等回答';
  const who = isAnswered ? question.answered_by : question.owner;
  const when = isAnswered
    ? `${words.moment(question.answered_at)} 回答`
    : `最晚 ${words.moment(question.promised_at)} 回答`;
  return {
    id: question.id,
    text: question.text,
    answer: question.answer,
    state,
    tone: question.is_new ? 'live' : isAnswered ? '' : 'late',
    about: [who, when].filter(Boolean).join(' · '),
  };
}

/** A question that waits for me: `{id, text, about, isLate}`. */
function waitingOf(question) {
  return {
    id: question.id,
    text: question.text,
    about: `${question.asker || '同事'} · 最晚 ${words.moment(question.promised_at)} 回答`,
    isLate: question.is_late,
  };
}

/** What the home page says of questions: `null` where there is nothing new. */
function newsOf(news) {
  if (news.answers > 0) {
    return `你的提问有 ${news.answers} 个新回答`;
  }
  return news.waiting > 0 ? `有 ${news.waiting} 个问题等你回答` : null;
}

module.exports = { EXAMPLES, answerOf, foundOf, newsOf, questionOf, waitingOf };
