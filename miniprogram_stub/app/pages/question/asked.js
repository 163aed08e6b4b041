// What the page of a question shows, from what the server said and what this phone knows. Pure.

const { drawn, howWord, kindWord, lettersOf } = require('../../components/options/choosing.js');

const PART_WORDS = { correct: '答对', speed: '速度', streak: '连对' };
const GLAD_WORDS = ['答对了！', '答对了，漂亮！', '答对了，真稳！'];
// From here on a streak earns extra points.
const STREAK_FROM = 3;

/**
 * Where an own dig stands, in one word.
 *
 * `dig` is the server's; `sent` the letters that wait in the outbox, or null; `isLate` whether the
 * phone's own clock says that the time is over.
 *
 * ask      open, the player chooses       waits    answered, the server has not heard it yet
 * paused   the host paused the event      right, wrong    judged
 * expired  out of time                    voided   a host voided the question
 */
function stageOf(dig, sent, isLate) {
  if (dig.state === 'answered' && dig.result) {
    return dig.result.verdict === 'correct' ? 'right' : 'wrong';
  }
  if (dig.state === 'voided' || dig.state === 'expired') {
    return dig.state;
  }
  if (sent) {
    return 'waits';
  }
  if (!dig.question) {
    return 'paused';
  }
  return isLate ? 'expired' : 'ask';
}

/** What is shown of a dig. `place` is the title of its site, `chosen` the letters under the thumb. */
function shown({ dig, place, chosen = [], sent = null, isOnline = true, isLate = false }) {
  const stage = stageOf(dig, sent, isLate);
  const { question, result } = dig;
  const isOpen = stage === 'ask' || stage === 'waits';
  const letters = result ? result.choice : sent || chosen;
  return {
    stage,
    place,
    isOpen,
    kindWord: kindWord(question),
    howWord: howWord(question),
    topic: question ? question.topic : '',
    stem: question ? question.stem : '',
    difficulty: question ? question.difficulty : 0,
    isPair: Boolean(question && question.kind === 'truefalse'),
    options: drawn(question, {
      chosen: letters,
      key: result && result.key,
      isJudged: Boolean(result),
    }),
    isFixed: stage !== 'ask',
    button: buttonOf(stage, question, chosen),
    isReady: stage === 'ask' && chosen.length > 0,
    waiting: stage === 'waits' ? waitingOf(question, sent, isOnline) : null,
    verdict: verdictOf(stage, dig),
    parts: partsOf(result),
    gained: result ? result.points + (result.treasure ? result.treasure.points : 0) : 0,
    treasure: result ? result.treasure : null,
    streak: result && result.verdict === 'correct' ? result.streak : 0,
    isStreak: Boolean(result && result.verdict === 'correct' && result.streak >= STREAK_FROM),
    explanation: (result && result.explanation) || '',
    keyWord: result && result.key && question ? lettersOf(question, result.key) : '',
    notes: notesOf(stage, result),
  };
}

function buttonOf(stage, question, chosen) {
  if (stage !== 'ask') {
    return '回到林卡';
  }
  return chosen.length > 0 ? `就选 ${lettersOf(question, chosen)}` : '先选一个答案';
}

function waitingOf(question, sent, isOnline) {
  const answer = question ? `你的答案：${lettersOf(question, sent)}。` : '';
  return isOnline
    ? { title: '正在送出…', text: `${answer}稍等一下，马上告诉你对错。` }
    : {
        title: '已保存，等网络',
        text: `${answer}网络一恢复就自动送出，不用再点。请赶在计时结束之前连上网络。`,
      };
}

function verdictOf(stage, { id, result }) {
  if (stage === 'right') {
    return { tone: 'right', title: GLAD_WORDS[id % GLAD_WORDS.length], text: '' };
  }
  if (stage === 'wrong') {
    const text = result.key ? '看一眼解析，下次就会了。' : '';
    return { tone: 'wrong', title: '这次没答对', text };
  }
  if (stage === 'expired') {
    return {
      tone: 'late',
      title: '时间到了',
      text: '这一次没有作答，不扣分。换一题，再接再厉！',
    };
  }
  if (stage === 'voided') {
    return { tone: 'late', title: '这道题已作废', text: '挖宝机会已经退还给你，可以再挖一次。' };
  }
  return null;
}

function partsOf(result) {
  return result
    ? result.breakdown.map(({ rule, points }) => ({ rule, word: PART_WORDS[rule] || rule, points }))
    : [];
}

function notesOf(stage, result) {
  const notes = [];
  if (!result) {
    return notes;
  }
  if (!result.counted) {
    notes.push('你不计分参与：这道题不得分，也不影响名次。');
  }
  if (result.sealed) {
    notes.push('还有别的场次没结束，正确答案和解析等最后一场结束后公布。');
  }
  if (result.corrected && stage !== 'voided') {
    notes.push('主持人更正过这道题的答案，这里是更正后的结果。');
  }
  return notes;
}

/** How the clock stands: what `clock-ring` needs, and a word under it. */
function clockOf(dig, wholeSeconds, isPaused) {
  const isRunning = dig.state === 'open' && !isPaused;
  return {
    endsAt: dig.deadline_at,
    seconds: dig.snoozed ? Math.max(wholeSeconds, dig.seconds_left) : wholeSeconds,
    stoppedAt: dig.state === 'open' && isPaused ? dig.seconds_left : -1,
    word: isRunning ? (dig.snoozed ? '来电加时中' : '秒') : isPaused ? '暂停中' : '',
  };
}

/** What the “来电了” button says: `{isReady, text}`; null where nothing can be answered any more. */
function snoozeOf(dig, isLeft) {
  if (dig.state !== 'open') {
    return null;
  }
  if (dig.snoozed) {
    return { isReady: false, text: '已加时，接完再答' };
  }
  return isLeft ? { isReady: true, text: '来电了' } : { isReady: false, text: '来电已用过' };
}

module.exports = { stageOf, shown, clockOf, snoozeOf };
