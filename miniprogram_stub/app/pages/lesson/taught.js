// What the page of a lesson shows: one question after the other, then the result. Pure.

const { drawn, howWord, kindWord, lettersOf } = require('../../components/options/choosing.js');

/** The index of the first unanswered question; that of the end if all are answered. */
function nextOf(lesson) {
  const place = lesson.items.findIndex((item) => !item.result);
  return place < 0 ? lesson.items.length : place;
}

/**
 * What is shown at a place. `chosen` are the letters under the thumb, `sent` those that wait for the
 * network, or null. Null at the end of the lesson.
 */
function shown(lesson, place, chosen = [], sent = null) {
  const question = lesson.items[place];
  if (!question) {
    return null;
  }
  const { result } = question;
  return {
    id: question.id,
    place: `第 ${place + 1} 题，共 ${lesson.items.length} 题`,
    kindWord: kindWord(question),
    howWord: result ? '' : howWord(question),
    topic: question.topic,
    stem: question.stem,
    isPair: question.kind === 'truefalse',
    options: drawn(question, {
      chosen: result ? result.choice : sent || chosen,
      key: result && result.key,
      isJudged: Boolean(result),
    }),
    isFixed: Boolean(result || sent),
    isWaiting: Boolean(sent && !result),
    isReady: !result && !sent && chosen.length > 0,
    verdict: result ? verdictOf(question, result) : null,
    explanation: (result && result.explanation) || '',
    button: buttonOf(lesson, place, question, chosen),
  };
}

function verdictOf(question, result) {
  return result.is_right
    ? { tone: 'right', title: '答对了', points: result.points }
    : { tone: 'wrong', title: `正确答案：${lettersOf(question, result.key)}`, points: 0 };
}

function buttonOf(lesson, place, question, chosen) {
  if (question.result) {
    return place + 1 < lesson.items.length ? '下一题' : '看看结果';
  }
  return chosen.length > 0 ? `就选 ${lettersOf(question, chosen)}` : '先选一个答案';
}

/** The end of a lesson: `{title, text}`. */
function endOf(lesson) {
  const { right, points } = lesson;
  const all = lesson.items.length;
  const advice =
    right === all ? '每道题的解析都可以再看一遍。' : '答错的题都有解析，可以往回再看一遍。';
  return {
    title: right === all ? `${all} 道题全部答对` : `${all} 道题，答对 ${right} 道`,
    text: points > 0 ? `得 ${points} 分，已经记进积分明细。` : advice,
  };
}

/** The lesson with an answered question in place of the one that was asked. */
function withAnswer(lesson, answered) {
  const items = lesson.items.map((item) => (item.id === answered.id ? answered : item));
  const results = items.map((item) => item.result).filter(Boolean);
  return {
    items,
    answered: results.length,
    right: results.filter((result) => result.is_right).length,
    points: results.reduce((sum, result) => sum + result.points, 0),
  };
}

module.exports = { nextOf, shown, endOf, withAnswer };
