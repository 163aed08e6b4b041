// What an event offers now: its activities and which of them comes first, its times, the player's
// place. Pure.

const words = require('./words.js');

// Kinds that everybody plays in their own time, while the event is open.
const FREE = {
  hunt: { state: '现在可以挖', text: '随时进去挖，有客户来电就按“来电了”。' },
};

// Kinds in which suggestions can be made before and after the host opens a poll.
const SUGGESTING = {
  waiting: {
    state: '还没开始投票',
    text: '主持人开始投票的时候，这里会亮起来。现在就能提建议。',
    action: '进去看看',
  },
  open: { state: '正在投票', text: '还没投的话，现在就投。' },
  over: { state: '已截止', text: '投票截止了，结果由主持人公布。' },
};

// Phases that show a result; in all others something can be done or watched.
const RESULTS = ['podium', 'board', 'gallery', 'finished', 'over', 'closed', 'revealed', 'drawn'];
const RESULTS_WORD = '看结果';

const PHASES = {
  committed: '马上开抽',
  drawing: '正在抽奖',
  drawn: '中奖名单',
  revealed: '中奖名单',
  winners: '中奖名单',
  calling: '请中奖人上台',
};

// The order in which activities are offered: what everybody does at this moment comes first.
const URGENCY = ['live', 'open', 'result', 'paused', 'waiting', 'over'];

/**
 * The activities of an event as cards, in the event's order: `{id, kind, title, icon, url, action,
 * tone, state, text}`. `tone` is live (everybody plays it now), open (whenever one likes), result,
 * paused, waiting or over; `url` is '' where this version has no page for it.
 *
 * `event` is the server's, `shift` the player's, `games` the activities of the live state, or null
 * while they are not known, `played` the ids of those that were played and are not on, `open` of
 * those that are not on and in which one can take part.
 */
function cards({ event, shift = '', games = null, played = [], open = [], now = Date.now() }) {
  return event.activities.map((activity) => {
    const game = games && games.find((one) => one.id === activity.id);
    const page = words.activityPage(event, activity);
    const wasPlayed = played.includes(activity.id);
    const isOpen = open.includes(activity.id);
    const isHeard = games !== null;
    const stands = standing({ event, activity, shift, game, isOpen, wasPlayed, isHeard, now });
    const over = stands.tone === 'result' || stands.tone === 'over';
    return Object.assign(
      {
        id: activity.id,
        kind: activity.kind,
        title: activity.title,
        kindTitle: words.kindTitle(activity.kind),
      },
      page,
      page.url && over ? { action: RESULTS_WORD } : {},
      activity.voided ? receipts(event) : {},
      stands,
    );
  });
}

/** What a voided activity still shows: the lines that reversed its points. */
function receipts({ id }) {
  return { url: `/pages/receipts/receipts?event=${id}`, action: '看得分明细' };
}

function standing({ event, activity, shift, game, isOpen, wasPlayed, isHeard, now }) {
  if (activity.voided) {
    return { tone: 'over', state: '已作废', text: '主持人作废了这个环节，它的分数都不算。' };
  }
  if (event.state === 'closed' || event.state === 'archived') {
    return { tone: 'over', state: '已结束', text: '看看结果和自己的得分。' };
  }
  if (event.state !== 'open') {
    const opens = words.moment(event.opens_at, now);
    return {
      tone: 'waiting',
      state: '还没开始',
      text: opens ? `${opens} 开始` : '主持人打开活动后就能玩。',
    };
  }
  if (event.paused) {
    return { tone: 'paused', state: '已暂停', text: '所有计时都停住了，等主持人继续。' };
  }
  if (activity.sittings.length > 0) {
    return inSitting(activity, shift, now);
  }
  if (game && activity.kind === 'polls' && game.phase === 'open') {
    return Object.assign({ tone: 'live' }, SUGGESTING.open);
  }
  if (game) {
    return onStage(game);
  }
  const free = FREE[activity.kind];
  if (free) {
    return { tone: 'open', state: free.state, text: free.text };
  }
  if (activity.kind === 'polls' && isHeard) {
    const tone = (isOpen && 'open') || (wasPlayed && 'over') || 'waiting';
    return Object.assign({ tone }, SUGGESTING[tone]);
  }
  if (wasPlayed) {
    return { tone: 'over', state: '已结束', text: '看看结果和得分。再玩的时候，这里会亮起来。' };
  }
  return isHeard
    ? { tone: 'waiting', state: '等主持人开始', text: '开始的时候，这里会亮起来。' }
    : { tone: 'waiting', state: '由主持人带着玩', text: '进去等，开始了马上就能看到。' };
}

function onStage(game) {
  const word = PHASES[game.phase] || words.phase(game.phase);
  return RESULTS.includes(game.phase)
    ? { tone: 'result', state: word, text: '结果出来了，快去看看。' }
    : { tone: 'live', state: word, text: '大家正在玩，现在进去还来得及。' };
}

/** Where the player's sitting stands: the first that is not over, else the last one. */
function inSitting(activity, shift, now) {
  const mine = activity.sittings.filter(
    ({ shifts }) => shifts.length === 0 || shifts.includes(shift),
  );
  const sitting = mine.find(({ state }) => state !== 'closed') || mine[mine.length - 1];
  if (!sitting) {
    return { tone: 'waiting', state: '没有你的场次', text: '请和主持人确认你的班次。' };
  }
  const starts = words.moment(sitting.starts_at, now);
  const ends = words.moment(sitting.ends_at, now);
  if (sitting.state === 'waiting') {
    return {
      tone: 'waiting',
      state: `${starts} 开始`,
      text: `你的场次是${sitting.title}：${starts} 到 ${ends}。`,
    };
  }
  return sitting.state === 'open'
    ? { tone: 'open', state: `${sitting.title}进行中`, text: `本场到 ${ends} 结束。` }
    : { tone: 'over', state: `${sitting.title}已结束`, text: '所有场次结束后一起公布名次。' };
}

/** Cards with the most urgent first; equals stay in the event's order. */
function sorted(found) {
  return found
    .slice()
    .sort((one, other) => URGENCY.indexOf(one.tone) - URGENCY.indexOf(other.tone));
}

/** When the event begins or ends: '' where nothing is planned. */
function when(event, now) {
  if (event.state === 'scheduled' && event.opens_at) {
    return `${words.moment(event.opens_at, now)} 开始`;
  }
  if (event.state === 'open' && event.closes_at && event.seconds_to_close > 0) {
    return `${words.moment(now + event.seconds_to_close * 1000, now)} 结束`;
  }
  return '';
}

/** Where a player stands, from the server's answer to `/me` of the event. */
function place({ player, standing }) {
  // As on the boards, nobody has a place without points.
  const hasRank = standing.rank !== null && standing.points > 0;
  const without = standing.rank === null ? '还没上榜' : '还没得分';
  return {
    points: standing.points === null ? '—' : String(standing.points),
    rank: hasRank ? `第 ${standing.rank} 名` : without,
    hasRank,
    isFrozen: standing.frozen,
    team: player.team ? player.team.name : '',
  };
}

/** An event with what the live state says of it by now. */
function follow(event, { state, paused, frozen, reveal, seconds_to_close: secondsToClose }) {
  return Object.assign({}, event, {
    state,
    paused,
    frozen,
    reveal,
    seconds_to_close: secondsToClose,
  });
}

/** Whether an event has changed so that everything about it is asked for again. */
function hasMoved(before, event) {
  const moves = ({ state, paused, frozen, reveal }) =>
    `${state} ${paused} ${frozen} ${reveal && reveal.step}`;
  return moves(before) !== moves(event);
}

module.exports = { cards, sorted, when, place, follow, hasMoved };
