// What the page of a contest shows, from the contest as everybody sees it and from what this player
// alone sees. Pure.

const { drawn, howWord, kindWord, lettersOf } = require('../../components/options/choosing.js');

const SCORING_WORDS = {
  accuracy: '只看对错，不比快慢',
  light_speed: '答对得分，答得快多一点',
  speed: '又对又快，分数更高',
};
const MEDALS = { 1: '冠军', 2: '亚军', 3: '季军' };

/**
 * What is shown.
 *
 * `game` is the contest, null while it is not on; `own` what this player alone sees, null before
 * the first question; `me` the player ({id, staff_number}); `event` the headline; `chosen` the
 * letters under the thumb; `sent` the letters that were sent and are not acknowledged yet, or null;
 * `isLate` whether the time is over by this phone's clock; `before` the rank of this player on the
 * board before, or null; `isPlayed` whether the contest was played, and so does not begin again.
 */
function shown({
  game,
  own,
  me,
  event,
  chosen = [],
  sent = null,
  isLate = false,
  before = null,
  isPlayed = false,
}) {
  if (!game) {
    return { scene: 'rest', rest: restOf(event, isPlayed) };
  }
  const scene = sceneOf(game.phase);
  const made = {
    scene,
    head: headOf(game),
    streakWord: game.streak ? '连续答对有加分' : '',
    scoringWord: SCORING_WORDS[game.scoring] || '',
    notice: (own && own.notice) || '',
    isPaused: Boolean(event && event.paused),
  };
  if (scene === 'lobby') {
    return Object.assign(made, { rounds: game.rounds });
  }
  const mine = own && game.round && own.round_id === game.round.id ? own : null;
  if (scene === 'question' || scene === 'reveal') {
    return Object.assign(made, asked({ game, own: mine, me, chosen, sent, isLate }));
  }
  return Object.assign(made, boardOf(game, own, me, before));
}

function sceneOf(phase) {
  return ['lobby', 'question', 'reveal', 'board', 'podium'].includes(phase) ? phase : 'rest';
}

function restOf(event, isPlayed) {
  const isClosed = event && (event.state === 'closed' || event.state === 'archived');
  if (isClosed || isPlayed) {
    const title = isClosed ? '活动已结束' : '竞赛已结束';
    return { title, text: '成绩都在榜单和得分明细里。', next: 'boards' };
  }
  return {
    title: '竞赛还没开始',
    text: '别走开，主持人一开始，这里会自动进入赛场。',
    next: '',
  };
}

function headOf(game) {
  if (game.phase === 'lobby') {
    return '候场';
  }
  return game.playoff ? '加赛题' : `第 ${game.position} 题 / 共 ${game.rounds} 题`;
}

function asked({ game, own, me, chosen, sent, isLate }) {
  const { round } = game;
  const { question } = round;
  const answer = (own && own.answer) || null;
  const isRevealed = game.phase === 'reveal';
  const place = placeOf({ game, own, me, answer, sent, isLate });
  const letters = answer ? answer.choice : sent || chosen;
  return {
    place,
    kindWord: kindWord(question),
    howWord: howWord(question),
    topic: question ? question.topic : '',
    stem: question ? question.stem : '',
    isPair: Boolean(question && question.kind === 'truefalse'),
    isFixed: place !== 'ask',
    isReady: place === 'ask' && chosen.length > 0,
    button: chosen.length > 0 && question ? `就选 ${lettersOf(question, chosen)}` : '先选一个答案',
    options: drawn(question, {
      chosen: letters,
      key: isRevealed ? round.key : null,
      isJudged: isRevealed,
      counts: isRevealed ? round.distribution : null,
    }),
    state: stateOf(place, question, letters, round),
    verdict: isRevealed ? verdictOf(answer, own) : null,
    explanation: isRevealed ? round.explanation || '' : '',
    keyWord: isRevealed && question ? lettersOf(question, round.key) : '',
    answered: round.answered,
    playoff: playoffOf(game, me),
    clock: {
      endsAt: round.ends_at,
      seconds: round.seconds,
      stoppedAt: round.paused || isRevealed ? Math.ceil(round.left_ms / 1000) : -1,
    },
  };
}

/**
 * Where this player stands in a round, in one word:
 * ask, sending, sent, paused, over (time is up without an answer), guest, late (joined during the
 * question), audience (others play off), told (after the reveal).
 */
function placeOf({ game, own, me, answer, sent, isLate }) {
  if (game.phase === 'reveal') {
    return 'told';
  }
  if (answer) {
    return 'sent';
  }
  if (!me || !me.staff_number) {
    return 'guest';
  }
  if (own && !own.plays) {
    return game.playoff && !isIn(game.playoff, me) ? 'audience' : 'late';
  }
  if (sent) {
    return 'sending';
  }
  if (!game.round.question) {
    return 'paused';
  }
  return isLate ? 'over' : 'ask';
}

function isIn(playoff, me) {
  return playoff.some((player) => player.id === me.id);
}

/** The line under the options: what happens next. `{title, text}`; null while one may choose. */
function stateOf(place, question, letters, round) {
  const answer = question && letters.length > 0 ? `你的答案：${lettersOf(question, letters)}` : '';
  const sent = round.paused ? '主持人按了暂停，继续后再揭晓' : `已有 ${round.answered} 人作答`;
  const lines = {
    sending: { title: '正在送出…', text: sentences(answer, '网络慢也会一直重试') },
    sent: {
      title: round.paused ? '已收到，比赛暂停中' : '已收到，等主持人揭晓',
      text: sentences(answer, sent),
    },
    paused: { title: '主持人按了暂停', text: '题目先收起来，计时停住了，继续后接着答。' },
    over: { title: '时间到', text: '这一题没有作答，下一题马上来。' },
    guest: { title: '亲友观战中', text: '绑定工号就能一起作答，现在先看大家比。' },
    late: { title: '下一题见', text: '你是这一题开始后加入的，从下一题开始作答。' },
    audience: { title: '为他们加油', text: '加赛题只有并列的同事作答。' },
  };
  return lines[place] || null;
}

/** The sentences that say something, one after the other. */
function sentences(...parts) {
  return parts
    .filter(Boolean)
    .map((part) => `${part}。`)
    .join('');
}

function playoffOf(game, me) {
  if (!game.playoff) {
    return null;
  }
  const names = game.playoff.map((player) => player.name).join('、');
  return { names, isMine: Boolean(me && isIn(game.playoff, me)) };
}

function verdictOf(answer, own) {
  if (!answer) {
    return { tone: 'late', title: '这一题没有作答', points: null, text: '没关系，下一题加油。' };
  }
  const isFrozen = answer.points === undefined;
  const points = isFrozen ? null : answer.points;
  if (!answer.counted) {
    return {
      tone: answer.correct ? 'right' : 'wrong',
      title: answer.correct ? '答对了' : '没答对',
      points: null,
      text: (own && own.notice) || '你不计分参与。',
    };
  }
  if (answer.correct) {
    const streak = answer.streak >= 2 ? `连对 ${answer.streak} 题` : '';
    const seconds = `用时 ${(answer.used_ms / 1000).toFixed(1)} 秒`;
    return {
      tone: 'right',
      title: '答对了！',
      points,
      text: [streak, seconds, isFrozen ? '已封榜，得分揭榜后公布' : ''].filter(Boolean).join(' · '),
    };
  }
  return { tone: 'wrong', title: '这题没答对', points: null, text: '看一眼解析，下次就会了。' };
}

function boardOf(game, own, me, before) {
  const board = game.board || { frozen: false, rows: [], more: 0, out_of_competition: [] };
  const points = own && own.points !== undefined ? own.points : null;
  // As on the big screen, a player without points has no place.
  const rank = own && own.rank !== undefined && points !== 0 ? own.rank : null;
  const isLast = game.position >= game.rounds;
  return {
    isFrozen: board.frozen,
    rows: board.rows.map((row) => rowOf(row, me)),
    more: board.more,
    out: board.out_of_competition.map((player) => player.name).join('、'),
    my: {
      rank,
      points,
      climbed: rank !== null && before !== null ? before - rank : 0,
      medal: game.phase === 'podium' ? MEDALS[rank] || '' : '',
      word: wordOf({ rank, isFrozen: board.frozen, me, points, isLast }),
    },
    nextWord: nextWordOf(game.phase, isLast),
  };
}

function nextWordOf(phase, isLast) {
  if (phase === 'podium') {
    return '比赛结束，感谢参与！';
  }
  return isLast ? '题目都出完了，请留在这里等结果。' : '下一题马上开始，请留在这里。';
}

function rowOf(row, me) {
  return {
    id: row.id,
    rank: row.rank,
    name: row.name,
    team: row.team || '',
    points: row.points,
    isMine: Boolean(me && row.id === me.id),
    climbed: row.climbed || 0,
    climbedWord: climbedWord(row.climbed),
  };
}

function climbedWord(climbed) {
  if (!climbed) {
    return '';
  }
  return climbed > 0 ? `升 ${climbed} 名` : `降 ${-climbed} 名`;
}

function wordOf({ rank, points, isFrozen, me, isLast }) {
  if (isFrozen) {
    return '已封榜：分数照常累计，名次揭榜时公布';
  }
  if (!me || !me.staff_number) {
    return '亲友观战中，不参加排名';
  }
  if (rank !== null) {
    return `${points} 分`;
  }
  return isLast ? '这一场没有得分，谢谢参与' : '还没有得分，下一题加油';
}

module.exports = { shown };
