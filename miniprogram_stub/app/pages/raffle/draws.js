// What the page of a raffle shows: my prizes and their codes, the draw on the stage with my place in
// it, and every draw there ever was. Pure.

const words = require('../../lib/words.js');

const STATES = {
  committed: '名单已锁定',
  drawing: '正在抽',
  drawn: '已抽完',
  revealed: '种子已公布',
  abandoned: '已作废',
};
const NEXT = {
  committed: '名单和承诺都定了，谁也改不了，等主持人开抽。',
  drawing: '名字会一个一个出来，别走开。',
  drawn: '抽完了。主持人公布种子以后，人人都能核对。',
  revealed: '种子公布了，点下面“这次抽奖公平吗”就能核对。',
  abandoned: '这一次没有抽，已经作废，记录留着。',
};

/**
 * What is shown.
 *
 * `stage` is what the big screen shows, null when it shows nothing; `draws` every draw, by number;
 * `prizes` those that can be won; `own` {entry, wins} of this player; `event` the headline;
 * `openId` the draw whose record is unfolded; `check` what this phone found of a record, `{id, isGood,
 * text}`, or null.
 */
function shown({ stage, draws, prizes, own, event, openId = null, check = null }) {
  const wins = (own ? own.wins : []).map(winOf);
  const draw = stage && stage.draw ? drawOf(stage.draw, own) : null;
  const winners = stage && stage.phase === 'winners' ? stage.prizes.map(winnersOf) : null;
  return {
    wins: wins.reverse(),
    draw,
    winners,
    calls: (stage ? stage.calls : []).map(callOf),
    rest: draw || winners ? null : restOf(event, draws),
    prizes: prizes.map(prizeOf),
    records: draws.map((one) => recordOf(one, own, { openId, check })).reverse(),
  };
}

function restOf(event, draws) {
  if (event && (event.state === 'closed' || event.state === 'archived')) {
    return { title: '抽奖结束了', text: '中奖的同事请凭领奖码领奖；每一次抽奖都可以核对。' };
  }
  return draws.length > 0
    ? { title: '等下一次抽奖', text: '主持人一开始，这里就会跟着大屏走。' }
    : { title: '抽奖还没开始', text: '别走开：锁定名单时，你会在这里看到自己的号。' };
}

function winOf(win, at) {
  return {
    id: at,
    prize: win.prize,
    code: spaced(win.code),
    plain: win.code,
    when: words.moment(win.drawn_at),
    isHanded: win.handed_at !== null,
    handedWord: win.handed_at ? `${words.moment(win.handed_at)} 已领取` : '',
    isCalled: win.called_at !== null && win.handed_at === null,
    waitEndsAt: win.wait_ends_at || '',
    waitSeconds: win.called_at
      ? (Date.parse(win.wait_ends_at) - Date.parse(win.called_at)) / 1000
      : 0,
  };
}

/** A code in groups of four, so that it can be read aloud. */
function spaced(code) {
  return code.replace(/(.{4})(?=.)/g, '$1 ');
}

/** The winners of a prize, by masked names. */
function winnersOf({ title, winners }) {
  return { title, winners: winners.map(({ name }, at) => ({ at, name })) };
}

function drawOf(draw, own) {
  const mine = entryOf(draw, own);
  const won = draw.winners.filter((winner) => winner.status === 'won');
  const isMine = (winner) => Boolean(mine) && winner.number === mine.number;
  const names = draw.state === 'committed' || draw.state === 'drawing' ? draw.rolling : [];
  return {
    id: draw.id,
    prize: draw.prize,
    state: draw.state,
    stateWord: STATES[draw.state] || '',
    next: NEXT[draw.state] || '',
    who: `${draw.who}，${draw.pool_size} 人中抽 ${mostOf(draw)} 名`,
    wonWord: `已抽出 ${won.length} / ${mostOf(draw)}`,
    isRolling: names.length > 0 && won.length < mostOf(draw),
    // Twice, so that the list can roll without an end.
    rolling: names.concat(names).map((name, at) => ({ at, name })),
    word: draw.word ? `现场的词：${draw.word}` : '',
    tag: tagOf(draw, mine, { winner: draw.winners.find(isMine), wins: own ? own.wins : [] }),
    lots: draw.winners.map((winner) => ({
      turn: winner.turn,
      number: winner.number,
      name: winner.name,
      team: winner.team || '',
      isAbsent: winner.status !== 'won',
      isMine: isMine(winner),
    })),
    only: draw.only_candidate ? '名单里只有一个人，没有别的候选。' : '',
  };
}

/** Where this player is in the pool of a draw, or null; the server tells it of the newest alone. */
function entryOf(draw, own) {
  return own && own.entry && own.entry.draw === draw.number ? own.entry : null;
}

/** The own lot: `{tone, title, text, number}`. */
function tagOf(draw, mine, { winner, wins }) {
  if (!mine) {
    return { tone: 'out', number: 0, title: '你不在这一次的名单里', text: draw.who };
  }
  const { number } = mine;
  if (winner) {
    return winner.status === 'won'
      ? { tone: 'won', number, title: '抽中你了！', text: wordOfWin(draw, wins) }
      : { tone: 'out', number, title: '叫到你时没有来', text: '这一份已经让出去了。' };
  }
  if (draw.state === 'committed') {
    return { tone: 'in', number, title: '我的号', text: `签条 ${mine.tag}` };
  }
  if (draw.state === 'drawing') {
    return { tone: 'in', number, title: '还没抽到，还有机会', text: `签条 ${mine.tag}` };
  }
  return { tone: 'out', number, title: '这次没有抽到', text: `签条 ${mine.tag}` };
}

/** What to do about the prize of a draw that this player has won. */
function wordOfWin(draw, wins) {
  const isHanded = wins.some((win) => win.prize === draw.prize && win.handed_at !== null);
  return isHanded ? '奖品已经领走了。' : '领奖码在最上面。';
}

function callOf(call) {
  return {
    key: `${call.draw}-${call.turn}`,
    name: call.name,
    team: call.team || '',
    prize: call.prize,
    number: call.number,
    endsAt: call.wait_ends_at,
    seconds: call.waiting_seconds,
  };
}

function prizeOf(prize) {
  return {
    id: prize.id,
    title: prize.title,
    word: prize.left > 0 ? `还有 ${prize.left} 份` : '已抽完',
    again: prize.again ? '中过奖的也能抽' : '',
    isGone: prize.left === 0,
  };
}

function recordOf(draw, own, { openId, check }) {
  const mine = entryOf(draw, own);
  return {
    id: draw.id,
    title: `第 ${draw.number} 次 · ${draw.prize}`,
    stateWord: STATES[draw.state] || '',
    isDone: draw.state === 'revealed',
    isOpen: draw.id === openId,
    when: words.moment(draw.committed_at),
    steps: draw.id === openId ? stepsOf(draw, mine) : [],
    check: check && check.id === draw.id ? check : null,
  };
}

/** How many can win: a pool that is too small gives fewer winners. */
function mostOf(draw) {
  return Math.min(draw.count, draw.pool_size);
}

/** How anybody can tell that a draw was fair, with the figures of this one: `[{title, text, value}]`. */
function stepsOf(draw, mine) {
  const own = mine ? `你是第 ${mine.number} 号，签条只有你自己认得出。` : '';
  return [
    {
      title: '先锁定名单',
      text: `${draw.pool_size} 人排好号，抽 ${mostOf(draw)} 名。${own}`,
      value: mine ? mine.tag : '',
    },
    {
      title: '再公布承诺',
      text: '名单、奖项和一个秘密的种子合在一起，算出下面这串指纹。之后哪怕改动一个字，指纹就对不上。',
      value: draw.commitment,
    },
    {
      title: '现场出一个词',
      text: draw.word
        ? `大家喊的词是“${draw.word}”。它在承诺之后才有，所以谁也没法提前算出结果。`
        : '主持人可以请大家喊一个词，混进抽奖里，这样谁也没法提前算出结果。',
      value: '',
    },
    {
      title: '最后公布种子',
      text: draw.seed
        ? '种子公布了：名单、种子和词放在一起，顺序只有一种，谁来算都一样。'
        : '抽完以后公布种子，那时人人都能重算一遍。',
      value: draw.seed || '',
    },
  ];
}

/** The draws with the one on the stage in its newest state. */
function withStage(draws, stage) {
  const draw = stage && stage.draw;
  if (!draw) {
    return draws;
  }
  return draws
    .filter((one) => one.id !== draw.id)
    .concat(draw)
    .sort((one, other) => one.number - other.number);
}

/**
 * What of the stage may change what this player alone sees: a new draw and how far it is, a lot or a
 * call with the own number.
 */
function placeOf(stage, own) {
  if (!stage || !stage.draw) {
    const calls = stage ? stage.calls.map((call) => `${call.draw}-${call.turn}`) : [];
    return calls.join(' ');
  }
  const { draw } = stage;
  const mine = entryOf(draw, own);
  const is = (lot) => Boolean(mine) && lot.number === mine.number;
  const lot = draw.winners.find(is);
  const call = stage.calls.find((one) => one.draw === draw.number && is(one));
  return [draw.id, draw.state, lot ? lot.status : '', call ? call.wait_ends_at : ''].join(' ');
}

/** What of the stage changes how many prizes are left: a draw that is over, and who did not come. */
function countedOf(stage) {
  const draw = stage && stage.draw;
  if (!draw || !['drawn', 'revealed'].includes(draw.state)) {
    return '';
  }
  return `${draw.id} ${draw.winners.filter(({ status }) => status === 'won').length}`;
}

module.exports = { countedOf, entryOf, shown, withStage, placeOf };
