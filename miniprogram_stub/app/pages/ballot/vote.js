// What the page of one poll shows: the entries to choose from, the own ballots, the results. Pure.

const words = require('../../lib/words.js');
const { howWord } = require('../polls/list.js');

// From so many entries on there is a field to search them.
const SEARCHED = 9;
const STATES = { open: '正在投票', closed: '已截止' };

/**
 * What is shown.
 *
 * `poll` is the server's; `own` {ballots_left, ballots: [{choice, key}]}; `kept` the receipts of this
 * phone [{receipt, choice, at}]; `waiting` those of them whose ballot waits for the network; `me` the
 * player; `event` the headline; `chosen` the ids under the thumb, in the order of the taps; `changes`
 * the place of the own ballot that is being changed, or -1; `code` what was read off the screen;
 * `search` what is looked for; `isSending` whether a ballot is on its way.
 */
function shown({
  poll,
  own,
  kept = [],
  waiting = [],
  me,
  event,
  chosen = [],
  changes = -1,
  code = '',
  search = '',
  isSending = false,
}) {
  const hindrance = hindranceOf({ poll, own, waiting, me, event, changes });
  const mayChoose = hindrance === null;
  const ballots = own.ballots.map((ballot, at) => ballotOf({ ballot, at, poll, kept, event }));
  const marked = mayChoose ? chosen : [].concat(...own.ballots.map((ballot) => ballot.choice));
  const needed = mayChoose && poll.hall_code;
  const results = resultsOf(poll, own);
  // Once it is over the results stand in the place of what could be chosen.
  const isTold = poll.state === 'closed' && results.rows.length > 0;
  const options = isTold ? [] : poll.options.filter((option) => matches(option, search));
  const isReady = mayChoose && chosen.length > 0 && !isSending && (!needed || isCode(code));
  return {
    title: poll.title,
    description: poll.description,
    notice: poll.state === 'open' ? poll.notice : '',
    isOpen: poll.state === 'open',
    stateWord: STATES[poll.state] || '',
    namesWord: poll.anonymous ? '匿名投票' : '实名投票',
    howWord: howWord(poll),
    turnout: turnoutOf(poll.turnout),
    hindrance,
    mayChoose,
    isChanging: mayChoose && changes >= 0,
    needsCode: needed,
    isReady,
    button: buttonOf({ poll, chosen, changes, isSending, needed, code }),
    hasSearch: !isTold && poll.options.length >= SEARCHED,
    entries: options.map((option) => entryOf(option, poll, marked, mayChoose)),
    ranking: mayChoose && poll.method === 'ranked' ? rankingOf(poll, chosen) : [],
    ballots,
    waiting: waiting.map((item) => ({ receipt: item.receipt, names: namesOf(poll, item.choice) })),
    results,
  };
}

/** Why one cannot choose now, `{kind, title, text}`; null where one can. */
function hindranceOf({ poll, own, waiting, me, event, changes }) {
  if (poll.state === 'closed') {
    return { kind: 'closed', title: '投票已截止', text: '谢谢每一位投票的同事和亲友。' };
  }
  if (event && event.state !== 'open') {
    return { kind: 'rest', title: '现在不能投票', text: '活动不在进行中。' };
  }
  if (event && event.paused) {
    return { kind: 'paused', title: '活动暂停了', text: '继续以后接着投，选好的还在。' };
  }
  if (!poll.guests_allowed && !(me && me.staff_number)) {
    return { kind: 'guest', title: '这次只有员工能投', text: '绑定工号以后就能投票。' };
  }
  if (waiting.length > 0) {
    return {
      kind: 'waits',
      title: '已保存，等网络',
      text: '有网络会自动送出；截止前送到才算数，请别删除小程序。',
    };
  }
  if (changes >= 0) {
    return null;
  }
  if (own.ballots_left === 0) {
    return usedUp(poll, own);
  }
  return null;
}

function usedUp(poll, own) {
  if (own.ballots.length === 0) {
    const text = poll.anonymous
      ? '匿名投票只有投票的那部手机有回执，别处看不到选了什么。'
      : '你的票已经算数。';
    return { kind: 'used', title: '你已经投过票了', text };
  }
  return poll.daily_quota
    ? { kind: 'used', title: '今天的票投完了', text: '明天再来，每天都有新的票。' }
    : { kind: 'used', title: '已投票，算数了', text: '你的票在上面，可以随时回来看。' };
}

function isCode(code) {
  return /^\d{6}$/.test(code.replace(/\s/g, ''));
}

function buttonOf({ poll, chosen, changes, isSending, needed, code }) {
  if (isSending) {
    return '正在送出…';
  }
  if (chosen.length === 0) {
    return poll.method === 'ranked' ? '先按喜欢的先后点' : '先选一个';
  }
  if (needed && !isCode(code)) {
    return '输入大屏幕上的现场码';
  }
  if (changes >= 0) {
    return '改成这样';
  }
  return poll.method === 'single' ? '投这一票' : `投票（选了 ${chosen.length} 个）`;
}

function matches(option, search) {
  const wanted = search.trim().toLowerCase();
  return (
    wanted === '' ||
    String(option.number) === wanted ||
    `${option.title} ${option.description}`.toLowerCase().includes(wanted)
  );
}

function entryOf(option, poll, marked, mayChoose) {
  const at = marked.indexOf(option.id);
  const isChosen = at >= 0;
  const rank = isChosen && poll.method === 'ranked' ? at + 1 : 0;
  const state = rank > 0 ? `排第 ${rank}` : isChosen ? '已选' : '';
  return {
    id: option.id,
    number: option.number,
    title: option.title,
    description: option.description,
    isDirect: option.direct,
    picture: option.picture_path || '',
    pictureId: option.picture_id || 0,
    video: option.video_url || '',
    isChosen,
    rank,
    mark: rank > 0 ? String(rank) : '✓',
    role: poll.method === 'single' ? 'radio' : 'checkbox',
    label: [
      `${option.number} 号`,
      option.title,
      option.direct ? '直通卡' : '',
      option.description,
      state || (mayChoose ? '未选' : ''),
    ]
      .filter(Boolean)
      .join('，'),
  };
}

function rankingOf(poll, chosen) {
  return chosen.map((id, at) => ({
    id,
    rank: at + 1,
    title: titleOf(poll, id),
    isFirst: at === 0,
  }));
}

function titleOf(poll, id) {
  const option = poll.options.find((one) => one.id === id);
  return option ? `${option.number} 号 ${option.title}` : '';
}

function namesOf(poll, choice) {
  return choice.map((id, at) => ({
    id,
    word: poll.method === 'ranked' ? `${at + 1}. ${titleOf(poll, id)}` : titleOf(poll, id),
  }));
}

/** An own ballot, with the receipt that this phone has of it. */
function ballotOf({ ballot, at, poll, kept, event }) {
  const receipt = kept.find((item) => item.choice.join() === ballot.choice.join());
  const isOn = poll.state === 'open' && Boolean(event) && event.state === 'open' && !event.paused;
  const replaces = receipt ? receipt.receipt : ballot.key;
  return {
    at,
    names: namesOf(poll, ballot.choice),
    receipt: receipt ? receipt.receipt : '',
    receiptWord: receipt ? `${receipt.receipt.slice(0, 4)}…${receipt.receipt.slice(-4)}` : '',
    when: receipt ? words.moment(receipt.at) : '',
    mayChange: isOn && poll.changes_allowed && Boolean(replaces),
  };
}

function turnoutOf(turnout) {
  const parts = [`员工 ${turnout.staff}`];
  if (turnout.guests > 0) {
    parts.push(`亲友 ${turnout.guests}`);
  }
  if (turnout.refused > 0) {
    parts.push(`无效 ${turnout.refused} 未计入`);
  }
  return { valid: turnout.valid, word: parts.join(' · ') };
}

function resultsOf(poll, own) {
  const { results } = poll;
  if (results.state === 'hidden') {
    return {
      rows: [],
      word:
        poll.state === 'closed'
          ? '票已截止，结果等主持人公布。'
          : '结果等主持人公布，现在谁也看不到。',
    };
  }
  if (results.state === 'too_few') {
    return { rows: [], word: '匿名投票不满 5 张票时不公布结果，免得猜出谁投了谁。' };
  }
  const most = Math.max(1, ...results.rows.map((row) => row.votes));
  const mine = [].concat(...own.ballots.map((ballot) => ballot.choice));
  const { valid } = poll.turnout;
  return {
    rows: results.rows.map((row) => ({
      id: row.option_id,
      place: row.place || 0,
      title: `${row.number} 号 ${row.title}`,
      votes: row.votes,
      share: `${row.share}%`,
      width: Math.round((100 * row.votes) / most),
      isMine: mine.includes(row.option_id),
      word: rowWord(row),
      isWon: row.won,
      guests: row.guest_votes > 0 ? `其中亲友 ${row.guest_votes}` : '',
    })),
    word: results.counted < valid ? `已计 ${results.counted} 张，匿名投票每满 5 张才更新。` : '',
  };
}

function rowWord(row) {
  if (row.won) {
    return row.shares_place ? '并列胜出' : '胜出';
  }
  if (row.tied) {
    return '并列，等加投';
  }
  return row.out_in_round ? `第 ${row.out_in_round} 轮出局` : '';
}

/**
 * The choice after a tap on an option: one alone, several up to the most, or a ranking to whose end
 * it is added. A tap on what is chosen takes it back. Returns null where no more may be chosen.
 */
function tapped(poll, chosen, id) {
  if (chosen.includes(id)) {
    return chosen.filter((one) => one !== id);
  }
  if (poll.method === 'single') {
    return [id];
  }
  return chosen.length < poll.most_choices ? chosen.concat(id) : null;
}

/** A ranking in which an option has gone up one place. */
function raised(chosen, id) {
  const at = chosen.indexOf(id);
  if (at < 1) {
    return chosen;
  }
  const moved = chosen.slice();
  moved[at - 1] = id;
  moved[at] = chosen[at - 1];
  return moved;
}

/** A choice as the server keeps it: a ranking in its order, any other by id. */
function sent(poll, chosen) {
  return poll.method === 'ranked' ? chosen : chosen.slice().sort((a, b) => a - b);
}

/** The poll with what the big screen says of it; null where too little is said and it must be asked for. */
function merged(poll, heard) {
  const isOther = heard.state !== poll.state || heard.results_shown !== poll.results_shown;
  const isCut = heard.results.state === 'shown' && heard.results.rows.length < poll.options.length;
  if (isOther || isCut) {
    return null;
  }
  return Object.assign({}, poll, heard, { options: poll.options });
}

module.exports = { shown, tapped, raised, sent, merged };
