// What the page of 你画我猜 shows, from the game as everybody sees it and from what this player
// alone sees. Pure.

const CHOOSE_SECONDS = 10;
// After these shares of the time another hint is given.
const HINTS_AT = [0.25, 0.5, 0.75];
const ENDINGS = {
  time: '时间到',
  all_guessed: '全都猜到了',
  vanished: '画手临时有事，这一幅到此为止',
  voided: '这一幅不作数，谁也不扣分',
  closed: '活动结束了',
};

/** What this player alone sees, out of what the API answers: null for who has no seat. */
function ownOf(body) {
  if (!body || body.room === undefined) {
    return null;
  }
  const own = {};
  [
    'room',
    'room_over',
    'players',
    'voted_turn_id',
    'turn_id',
    'role',
    'offers',
    'prompt',
    'has_guessed',
    'points',
    'has_reported',
  ].forEach((name) => {
    own[name] = body[name];
  });
  if (body.mode !== 'hall') {
    own.turn = body.turn;
  }
  return own;
}

/** The line of my room in a game of rooms, or null. */
function lineOf(game, own) {
  return (own && game.rooms && game.rooms.find((line) => line.room === own.room)) || null;
}

/**
 * The turn that this player follows, or null. In rooms the own part has it; a newer line of the
 * room, which everybody sees, is ahead of it and has no drawing yet.
 */
function turnOf(game, own) {
  if (game.mode === 'hall') {
    return game.turn || null;
  }
  const line = lineOf(game, own);
  const mine = (own && own.turn) || null;
  if (!line || !line.turn) {
    return mine;
  }
  if (mine && mine.turn_id === line.turn.turn_id) {
    return isLater(line.turn.phase, mine.phase) ? movedOn(mine, line.turn) : mine;
  }
  if (mine && mine.turn_id > line.turn.turn_id) {
    return mine;
  }
  return Object.assign({}, line.turn, {
    hints: null,
    guessed: [],
    drawer_points: null,
    answer: null,
    category: null,
    count: 0,
    ops: null,
  });
}

const ORDER = ['choosing', 'drawing', 'over'];

function isLater(phase, other) {
  return ORDER.indexOf(phase) > ORDER.indexOf(other);
}

function movedOn(turn, { phase, since, left_ms, ending }) {
  return Object.assign({}, turn, { phase, since, left_ms, ending });
}

/** What makes it worth asking again what this player alone sees. */
function placeOf(game, own) {
  if (!game || game.phase !== 'playing') {
    return game ? game.phase : '';
  }
  const turn = turnOf(game, own);
  const line = lineOf(game, own);
  return [turn ? `${turn.turn_id} ${turn.phase}` : '', line ? line.over : ''].join(' ');
}

/** drawer, guesser, or watcher (nobody who plays: a guest, or without a seat). */
function roleOf(turn, own, me) {
  if (!own || !me) {
    return 'watcher';
  }
  return turn.drawer.id === me.id ? 'drawer' : 'guesser';
}

/**
 * What is shown.
 *
 * `game` is the game, null while none is on; `isFinished` whether it was played; `own` what this
 * player alone sees; `endsAt` when the phase ends, in ms; `guessed` what was heard of right guesses
 * in this turn, `talk` what was said; `verdict` what became of my last guess; `gallery` the drawings
 * `{items, at}`; `marks` how many strokes can be taken back.
 */
function shown({
  game,
  isFinished = false,
  own,
  me,
  event,
  endsAt = 0,
  guessed = [],
  talk = [],
  verdict = null,
  gallery = null,
  marks = 0,
}) {
  if (!game || game.phase === 'gallery') {
    const isOver = Boolean(game) || isFinished;
    const isHanging = isOver && gallery && gallery.items.length > 0;
    return isHanging ? galleryOf(game, own, gallery) : restOf(event, me, isOver, gallery !== null);
  }
  const turn = turnOf(game, own);
  if (game.mode !== 'hall' && !own) {
    return calm('这一局没有你的座位', me && me.staff_number ? LATE : GUEST, me);
  }
  if (own && own.room_over) {
    return calm('你们房间画完了', '等其他房间画完，一起看画展、投票。');
  }
  if (!turn) {
    return calm('马上开始', '正在安排画手…');
  }
  const role = roleOf(turn, own, me);
  const made = {
    scene: turn.phase,
    role,
    isPaused: Boolean(event && event.paused),
    turnId: turn.turn_id,
    about: aboutOf(game, turn, own),
    drawer: turn.drawer,
    clock: {
      endsAt,
      seconds: turn.phase === 'choosing' ? CHOOSE_SECONDS : game.draw_seconds,
      stoppedAt: event && event.paused ? Math.ceil(turn.left_ms / 1000) : -1,
    },
    order: orderOf(own, turn, me),
    hasPaper: turn.phase !== 'choosing',
  };
  if (turn.phase === 'choosing') {
    return Object.assign(made, {
      offers: role === 'drawer' ? offersOf(own.offers) : [],
      head: role === 'drawer' ? '轮到你画了，选一个词' : `${turn.drawer.name} 正在选词`,
    });
  }
  const rows = guessedOf(turn, guessed, me);
  Object.assign(made, { guessed: rows, talk, verdict });
  if (turn.phase === 'over') {
    return Object.assign(made, resultOf(turn, own, role, rows, me));
  }
  const knows = own && own.turn_id === turn.turn_id ? own.prompt : null;
  const hasGuessed = Boolean(own && own.turn_id === turn.turn_id && own.has_guessed);
  return Object.assign(made, {
    word: knows ? knows.text : '',
    hasGuessed,
    hints: hintsOf(turn.hints),
    blanks: turn.hints ? blanksOf(turn.hints) : [],
    canUndo: marks > 0,
    hasReported: Boolean(own && own.turn_id === turn.turn_id && own.has_reported),
    points: hasGuessed ? own.points : null,
    about: [
      made.about,
      role === 'drawer' ? guessedWord(rows.length) : `${turn.drawer.name} 在画`,
    ].join(' · '),
  });
}

const LATE = '下一轮换人时会给你安排，先看看大屏。';
const GUEST = '亲友可以看大屏，绑定工号就能一起画、一起猜。';

function calm(title, text, me) {
  return {
    scene: 'calm',
    title,
    text,
    next: me && !me.staff_number ? 'bind' : '',
    hasPaper: false,
  };
}

function restOf(event, me, isOver, isLoaded) {
  if (isOver && !isLoaded) {
    return calm('画完了', '正在挂画…');
  }
  if (isOver) {
    return Object.assign(calm('画完了', '这一局没有留下画，下次再来。'), { next: 'boards' });
  }
  if (event && (event.state === 'closed' || event.state === 'archived')) {
    return Object.assign(calm('活动已结束', '成绩都在榜单和得分明细里。'), { next: 'boards' });
  }
  const isGuest = me && !me.staff_number;
  return calm('等主持人开始', isGuest ? GUEST : '一人画，大家猜。开始后这里会自动进房间。', me);
}

function aboutOf(game, turn, own) {
  return game.mode === 'hall'
    ? `第 ${turn.number} 幅 / 共 ${game.turns} 幅`
    : `${own.room} 号房 · 第 ${turn.number} 幅`;
}

function offersOf(offers) {
  return (offers || []).map((offer, at) => ({
    at,
    text: offer.text,
    note: `${offer.category} · ${'★'.repeat(offer.difficulty)}`,
    label: `${offer.text}，${offer.category}，难度 ${offer.difficulty}`,
  }));
}

function hintsOf(hints) {
  if (!hints) {
    return [];
  }
  return [
    `${hints.characters} 个字`,
    hints.category && `类别 ${hints.category}`,
    hints.initials && `拼音首字母 ${hints.initials}`,
  ].filter(Boolean);
}

/** A tile for each character of the answer: its `letter` is '' where it is hidden. */
function blanksOf({ characters, pattern }) {
  return Array.from(pattern || '＿'.repeat(characters)).map((letter, at) => ({
    at,
    letter: letter === '＿' ? '' : letter,
  }));
}

function guessedWord(count) {
  return count > 0 ? `${count} 人猜到了` : '还没有人猜到';
}

/** Right guesses as the server listed them, and those that were heard of since. */
function guessedOf(turn, heard, me) {
  const listed = turn.guessed || [];
  const more = heard.filter(
    (one) => one.turn_id === turn.turn_id && !listed.some((row) => row.player_id === one.player_id),
  );
  return listed.concat(more).map((row) => ({
    id: row.player_id,
    name: row.name,
    place: row.place,
    points: row.points === undefined ? null : row.points,
    isMine: Boolean(me && row.player_id === me.id),
  }));
}

/** Who draws in which order in this room; `isOn` is who draws now. */
function orderOf(own, turn, me) {
  const players = (own && own.players) || [];
  return players.map((player) => ({
    id: player.id,
    name: player.name,
    isOn: player.id === turn.drawer.id,
    isMine: Boolean(me && player.id === me.id),
  }));
}

function resultOf(turn, own, role, rows, me) {
  const mine = rows.find((row) => row.isMine);
  const isVoid = turn.ending === 'voided';
  const lines = {
    drawer:
      turn.drawer_points === null
        ? ''
        : turn.drawer_points > 0
          ? `画得像，得 ${turn.drawer_points} 分`
          : '没有人猜到，没关系',
    guesser: mine ? (mine.points === null ? '你猜中了' : `你猜中了，得 ${mine.points} 分`) : '',
    watcher: '',
  };
  const players = (own && own.players) || [];
  const at = players.findIndex((player) => player.id === turn.drawer.id);
  const next = at >= 0 && turn.number < players.length ? players[(at + 1) % players.length] : null;
  return {
    answer: turn.answer || '',
    category: turn.category || '',
    ending: ENDINGS[turn.ending] || '这一幅画完了',
    mineWord: isVoid ? '' : lines[role],
    nextWord: next
      ? next.id === (me && me.id)
        ? '下一位就是你，准备好！'
        : `下一位：${next.name}`
      : '下一幅马上开始',
  };
}

function galleryOf(game, own, { items, at }) {
  const item = items[Math.min(at, items.length - 1)];
  const voted = (own && own.voted_turn_id) || null;
  const isOpen = Boolean(game && own) && !game.winners;
  return {
    scene: 'gallery',
    hasPaper: true,
    turnId: item.turn_id,
    place: `第 ${at + 1} 幅 / 共 ${items.length} 幅`,
    answer: item.answer,
    category: item.category,
    drawer: item.drawer,
    votesWord: item.votes === null ? '' : `${item.votes} 票`,
    hasVoted: voted !== null,
    isMyVote: voted === item.turn_id,
    canVote: isOpen && voted === null && !item.own,
    note: noteOf({ game, isOpen, voted, item }),
    isFirst: at === 0,
    isLast: at === items.length - 1,
  };
}

function noteOf({ game, isOpen, voted, item }) {
  if (game && game.winners) {
    const first = game.winners.find(({ rank, turn_id: id }) => rank === 1 && id === item.turn_id);
    return first && first.votes > 0 ? '最佳画作！' : '投票结束了';
  }
  if (voted === item.turn_id) {
    return '这一幅得了你的一票';
  }
  if (!game) {
    return '这个环节结束了，画还可以看';
  }
  if (!isOpen) {
    return '';
  }
  if (voted !== null) {
    return '你已经投过票了';
  }
  return item.own ? '这是你画的，不能投给自己' : '';
}

/** When the next hint comes: ms since 1970, null when there is none; `endsAt` is the end of the turn. */
function nextHintAt(turn, endsAt, drawSeconds, now) {
  if (!turn || turn.phase !== 'drawing') {
    return null;
  }
  const whole = drawSeconds * 1000;
  const moments = HINTS_AT.map((share) => endsAt - whole * (1 - share));
  const next = moments.find((at) => at > now);
  return next === undefined ? null : next;
}

module.exports = { shown, ownOf, turnOf, placeOf, roleOf, nextHintAt };
