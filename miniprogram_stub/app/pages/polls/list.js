// What the list of polls shows: those that are open first, and what this player has done in each. Pure.

const METHODS = { single: '单选', multiple: '多选', ranked: '排序' };

/**
 * What is shown.
 *
 * `polls` are the server's; `own` {poll id: ballots that are left}; `waiting` the ids of those whose
 * ballot waits for the network; `isStaff` whether the player is bound to a person of the roster.
 */
function shown({ polls, own, waiting, isStaff }) {
  const items = polls.map((poll) => itemOf(poll, own, waiting, isStaff));
  return {
    open: items.filter((item) => item.isOpen),
    over: items.filter((item) => !item.isOpen).reverse(),
  };
}

function itemOf(poll, own, waiting, isStaff) {
  const isOpen = poll.state === 'open';
  const mine = isOpen ? mineOf(poll, own[poll.id], waiting.includes(poll.id), isStaff) : null;
  return {
    id: poll.id,
    title: poll.title,
    description: poll.description,
    isOpen,
    isOnScreen: poll.on_screen,
    stateWord: isOpen ? '正在投票' : '已截止',
    howWord: howWord(poll),
    namesWord: poll.anonymous ? '匿名' : '实名',
    turnoutWord: `有效票 ${poll.turnout.valid}`,
    resultsWord: resultsWord(poll),
    mineWord: mine ? mine.word : '',
    mineTone: mine ? mine.tone : '',
    action: mine ? mine.action : poll.results_shown ? '看结果' : '看看',
    isMain: Boolean(mine) && mine.tone === 'todo',
  };
}

/** How to vote in a poll, in a few words. */
function howWord(poll) {
  if (poll.method === 'multiple') {
    return `最多选 ${poll.most_choices} 个`;
  }
  return METHODS[poll.method] || '';
}

function mineOf(poll, left, isWaiting, isStaff) {
  if (isWaiting) {
    return { tone: 'waits', word: '已保存，等网络', action: '看我的票' };
  }
  if (!isStaff && !poll.guests_allowed) {
    return { tone: 'out', word: '仅限员工', action: '看看' };
  }
  if (left === undefined) {
    return { tone: 'todo', word: '', action: '去投票' };
  }
  if (left === 0) {
    return {
      tone: 'done',
      word: '已投',
      action: poll.changes_allowed ? '看我的票，可改' : '看我的票',
    };
  }
  const word = poll.daily_quota ? `今天还能投 ${left} 张` : '还没投';
  return { tone: 'todo', word, action: '去投票' };
}

function resultsWord(poll) {
  if (poll.results_shown) {
    return poll.too_few ? '票太少，不公布结果' : '结果已公布';
  }
  return poll.state === 'closed' ? '结果等主持人公布' : '';
}

module.exports = { shown, howWord };
