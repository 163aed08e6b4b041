// What the page of announced words shows: what is being asked now, what came of a reply, and the
// words that this player has won. Pure.

const words = require('../../lib/words.js');

// How many names of a word a phone has room for.
const NAMES = 5;
const STATES = { open: '可以回复', gone: '名额已满', over: '时间到' };
const TITLES = {
  hit: '抢到了！',
  decoy: '这是个幌子',
  wrong: '不是有效关键词',
  places_gone: '名额满了',
  too_late: '来晚了',
  enough: '你已经赢过了',
};

/**
 * What is shown.
 *
 * `game` are the announced words, null while none is on; `own` what this player has won; `me` the
 * player ({id, staff_number}); `event` the headline; `text` what stands in the field; `sent` the
 * reply that is on its way, or ''; `reply` what came of the last one ({text, outcome, message,
 * points}), or null.
 */
function shown({ game, own, me, event, text = '', sent = '', reply = null }) {
  const isOver = Boolean(event) && (event.state === 'closed' || event.state === 'archived');
  const list = game && !isOver ? game.words : [];
  const cards = ordered(list.map((word) => cardOf(word, me, game.paused)));
  const isOpen = cards.some((card) => card.isOpen);
  const hindrance = hindranceOf({ event, game, own, me, isOver, isOpen });
  return {
    cards,
    isOpen,
    rest: cards.length === 0 ? restOf(event, isOver) : null,
    hindrance,
    isReady: hindrance === null && text.trim() !== '' && sent === '',
    button: sent ? '正在送出…' : '回复',
    verdict: verdictOf(reply),
    mine: (own ? own.hits : []).map(hitOf),
    leftWord: leftWord(own),
  };
}

/** Open words first, then the others, the latest of them first: a thumb needs no scrolling. */
function ordered(cards) {
  const open = cards.filter((card) => card.isOpen);
  return open.concat(cards.filter((card) => !card.isOpen).reverse());
}

function cardOf(word, me, isPaused) {
  const isOpen = word.state === 'open';
  const mine = word.hits.find((hit) => me && hit.player_id === me.id) || null;
  const left = Math.max(0, word.places - word.taken);
  return {
    id: word.id,
    text: word.text,
    isOpen,
    isDecoy: Boolean(word.decoy),
    stateWord: word.decoy ? '原来是幌子' : STATES[word.state] || STATES.over,
    prize:
      word.points > 0 ? `前 ${word.places} 位，每人 +${word.points}` : `前 ${word.places} 位有效`,
    left,
    leftWord: isOpen ? `还剩 ${left} 个名额` : endWord(word),
    share: Math.round((100 * Math.min(word.taken, word.places)) / word.places),
    names: word.hits.slice(0, NAMES).map((hit) => nameOf(hit, mine)),
    more: Math.max(0, word.taken - NAMES),
    mineWord: mine ? `你是第 ${mine.place} 位` : '',
    clock: {
      endsAt: word.closes_at,
      seconds: word.seconds,
      stoppedAt: isPaused ? Math.ceil(word.left_ms / 1000) : -1,
    },
  };
}

function endWord(word) {
  if (word.decoy) {
    return word.caught > 0 ? `逗到了 ${word.caught} 位同事` : '没有人上当';
  }
  return word.taken > 0 ? `${word.taken} 人抢到` : '没有人抢到';
}

function nameOf(hit, mine) {
  const isMine = Boolean(mine) && hit.player_id === mine.player_id;
  return { place: hit.place, name: hit.name, team: hit.team || '', isMine };
}

function restOf(event, isOver) {
  if (isOver) {
    return { title: '活动已结束', text: '你抢到的关键词都在下面，得分在得分明细里。' };
  }
  if (event && event.state !== 'open') {
    return { title: '活动还没开始', text: '开始以后，台上公布的关键词会出现在这里。' };
  }
  return { title: '等主持人公布关键词', text: '别走开：一公布就会出现在这里，手快的人赢。' };
}

/** Why no reply can win now, `{kind, text}`; null where one can. */
function hindranceOf({ event, game, own, me, isOver, isOpen }) {
  if (isOver) {
    return { kind: 'over', text: '活动已结束' };
  }
  if (!me || !me.staff_number) {
    return { kind: 'guest', text: '绑定工号以后才能回复' };
  }
  if ((game && game.paused) || (event && event.paused)) {
    return { kind: 'paused', text: '主持人按了暂停，计时也停了' };
  }
  if (own && own.hits_left === 0) {
    return { kind: 'enough', text: '你已经赢过啦，把机会留给其他同事' };
  }
  return isOpen ? null : { kind: 'wait', text: '先写好也行，等主持人公布再回复' };
}

function verdictOf(reply) {
  if (!reply) {
    return null;
  }
  return {
    tone: reply.outcome === 'hit' ? 'right' : 'late',
    title: TITLES[reply.outcome] || '已收到',
    text: reply.outcome === 'wrong' ? `“${reply.text}”：${reply.message}` : reply.message,
    points: reply.outcome === 'hit' ? reply.points : null,
  };
}

function hitOf(hit) {
  return {
    id: hit.word_id,
    text: hit.text,
    word: `第 ${hit.place} 位 · ${words.moment(hit.hit_at)}`,
    points: hit.points === null ? '揭榜后公布' : words.signed(hit.points),
  };
}

function leftWord(own) {
  if (!own || own.hits_left === null) {
    return '';
  }
  return own.hits_left === 0 ? '次数用完了' : `还能赢 ${own.hits_left} 次`;
}

/** What a player has won, with a reply that has just hit; a repeat adds nothing. */
function withHit(own, answer, text, at) {
  const before = own || { hits: [], hits_left: null };
  if (answer.outcome !== 'hit' || before.hits.some((hit) => hit.word_id === answer.word_id)) {
    return before;
  }
  const hit = {
    word_id: answer.word_id,
    text,
    place: answer.place,
    points: answer.points,
    hit_at: at,
  };
  const left = before.hits_left;
  return {
    hits: before.hits.concat(hit),
    hits_left: left === null ? null : Math.max(0, left - 1),
  };
}

module.exports = { shown, withHit };
