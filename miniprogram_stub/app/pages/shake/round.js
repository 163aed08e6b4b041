// What the page of a shake shows, from the round as everybody sees it and from what this player
// alone knows. Pure.

const MODES = {
  race: { title: '比手速', hint: '摇得越多，跑得越远' },
  tug: { title: '班组拔河', hint: '比的是人均次数，人少的班组一样能赢' },
  luck: { title: '拼手气', hint: '手快不一定赢，好运随时会来' },
  draw: { title: '摇一摇抽奖', hint: '摇够次数就入围' },
  cash: { title: '数钱', hint: '一张一张往上划，数得多的在前' },
  packets: { title: '红包雨', hint: '红包落下来就点，接得多的在前' },
};
const WAYS = [
  { how: 'shake', title: '摇手机' },
  { how: 'tap', title: '点一点' },
  { how: 'press', title: '按住不放' },
  { how: 'swipe', title: '往上划' },
];
// The action that counts in a mode; in most modes shaking.
const COUNTED = { cash: { verb: '数', unit: '张' }, packets: { verb: '接', unit: '个' } };

function countedIn(round) {
  return COUNTED[round.mode] || { verb: '摇', unit: '下' };
}
const MEDALS = { 1: '冠军', 2: '亚军', 3: '季军' };
// How many others have a lane on a phone; the server sends eight.
const OTHERS = 3;

/**
 * Where a round stands by the server's clock: countdown, running, counting or podium. A new state
 * may come a moment later than the clock says so; while the event is paused it alone decides.
 */
function phaseOf(game, now) {
  const { phase, round } = game;
  if (phase === 'podium' || phase === 'counting' || round.paused) {
    return phase;
  }
  if (now < Date.parse(round.starts_at)) {
    return 'countdown';
  }
  return now < Date.parse(round.ends_at) ? 'running' : 'counting';
}

/** How many ms of a round were played; `now` by the server's clock. */
function playedMs(game, now) {
  const { round } = game;
  const whole = round.seconds * 1000;
  const phase = phaseOf(game, now);
  if (phase === 'countdown') {
    return 0;
  }
  const left = round.paused ? round.left_ms : Date.parse(round.ends_at) - now;
  return phase === 'running' ? Math.min(whole, Math.max(0, whole - left)) : whole;
}

/** What this player does in a round: plays, guest (nobody is bound), or out (another team's tug). */
function roleOf(round, me) {
  if (!me || !me.staff_number) {
    return 'guest';
  }
  const isOut =
    round.mode === 'tug' && !round.teams.some((team) => me.team && team.team_id === me.team.id);
  return isOut ? 'out' : 'plays';
}

/**
 * What is shown.
 *
 * `game` is the shake as its state says, null while no round is on; `me` the player, `event` the
 * headline; `own` what this player alone sees; `now` the server's time and `heardAt` that of the
 * state; `how` the way to shake; `worth` what counts by this phone, `isCapped` whether more than the
 * cap was shaken; `lanes` and `shakers` of the newest pulse of this round; `tried` how often
 * something was felt while one waits.
 */
function shown({
  game,
  me,
  event,
  own = null,
  now,
  heardAt = now,
  how,
  worth = 0,
  isCapped = false,
  lanes = null,
  shakers = 0,
  tried = 0,
}) {
  if (!game) {
    return restOf(event, me, how, tried);
  }
  const { round } = game;
  const scene = phaseOf(game, now);
  const role = roleOf(round, me);
  const { verb, unit } = countedIn(round);
  const made = {
    scene,
    role,
    verb,
    mode: MODES[round.mode] ? MODES[round.mode].title : '摇一摇',
    number: `第 ${round.number} 轮`,
    isPaused: round.paused,
    how,
    ways: waysOf(how, round),
    worth,
  };
  if (scene === 'countdown') {
    const until = Date.parse(round.starts_at) - (round.paused ? heardAt : now);
    const seconds = Math.max(1, Math.ceil(until / 1000));
    return Object.assign(made, {
      count: seconds > 3 ? '预备' : String(seconds),
      hint: hintOf(round),
      pad: padOf(scene, role, how, round),
    });
  }
  if (scene === 'podium') {
    return Object.assign(made, { result: resultOf(game, own, me), podium: podiumOf(game, me) });
  }
  return Object.assign(made, {
    clock: {
      endsAt: round.ends_at,
      seconds: round.seconds,
      stoppedAt: round.paused ? Math.ceil(round.left_ms / 1000) : -1,
    },
    shakers,
    pad: padOf(scene, role, how, round),
    isRain: isRain(scene, role, how, round),
    capWord: `${isCapped ? '已是最快：' : ''}每秒最多算 ${round.cap_per_second} ${unit}`,
    isCapped,
    race: raceOf(round, me, role, worth, lanes),
  });
}

function restOf(event, me, how, tried) {
  if (event && (event.state === 'closed' || event.state === 'archived')) {
    return {
      scene: 'rest',
      role: 'guest',
      rest: { title: '活动已结束', text: '成绩都在榜单和得分明细里。', next: 'boards' },
    };
  }
  const role = me && !me.staff_number ? 'guest' : 'plays';
  return {
    scene: 'rest',
    role,
    rest: {
      title: '等主持人开始',
      text: '一开始，这里会和大屏一起倒数。',
      next: '',
    },
    how,
    ways: waysOf(how, null),
    pad:
      role === 'guest'
        ? WATCHING
        : { icon: how, title: triedWord(how, tried), text: TRY_WORDS[how], isOn: true },
  };
}

const WATCHING = {
  icon: 'watch',
  title: '亲友观战中',
  text: '绑定以后就能一起玩',
  isOn: false,
};
const TRY_WORDS = {
  shake: '握稳手机，试着摇一摇',
  tap: '试着点一点这里',
  press: '试着按住这里',
};

function triedWord(how, tried) {
  if (tried === 0) {
    return '先试一试';
  }
  return how === 'shake' ? `感应到了 ${tried} 下` : `收到了 ${tried} 下`;
}

function hintOf(round) {
  if (round.mode === 'draw') {
    return `摇满 ${Math.max(1, round.at_least)} 下就入围，抽出 ${round.winner_count} 位幸运同事`;
  }
  return MODES[round.mode] ? MODES[round.mode].hint : '';
}

/** Packets fall where they can be tapped. */
function isRain(scene, role, how, round) {
  const { mode, paused } = round;
  return mode === 'packets' && how === 'tap' && role === 'plays' && scene === 'running' && !paused;
}

/** The ways that count, with what each counts once a round says so; before it those of a shake. */
function waysOf(how, round) {
  const ways = WAYS.filter((way) => (round ? round.percents[way.how] > 0 : way.how !== 'swipe'));
  return ways.map((way) => ({
    how: way.how,
    title: way.title,
    isChosen: way.how === how,
    word: round ? countsWord(way.how, round.percents[way.how]) : '',
  }));
}

function countsWord(how, percent) {
  const factor = String(percent / 100);
  return {
    shake: `1 下算 ${factor}`,
    tap: `1 下算 ${factor}`,
    press: `半秒算 ${factor}`,
    swipe: `1 张算 ${factor}`,
  }[how];
}

const PAD_TITLES = { shake: '摇起来！', tap: '点这里！', press: '按住这里！', swipe: '往上划！' };

function padOf(scene, role, how, round) {
  if (role === 'guest') {
    return WATCHING;
  }
  if (role === 'out') {
    return {
      icon: 'watch',
      title: '为同事加油',
      text: '这一轮是班组对抗，你的班组没有上场',
      isOn: false,
    };
  }
  if (round.paused) {
    return { icon: how, title: '暂停中', text: '主持人继续后接着来，次数都在', isOn: false };
  }
  if (scene === 'countdown') {
    return { icon: how, title: '准备…', text: '倒数结束再开始', isOn: false };
  }
  if (scene === 'counting') {
    return { icon: how, title: '停！', text: '正在清点成绩…', isOn: false };
  }
  return { icon: how, title: PAD_TITLES[how], text: '', isOn: true };
}

/** My lane and those of others; `place` is mine, 0 while it is not known. */
function raceOf(round, me, role, worth, lanes) {
  const isTug = round.mode === 'tug';
  const rows = (lanes || []).map((lane) => laneOf(lane, isTug, me, worth));
  const mine = rows.find((row) => row.isMine) || null;
  const most = Math.max(1, worth, ...rows.map((row) => row.count));
  const ordered = rows.slice().sort((a, b) => b.count - a.count);
  const placed = ordered.map((row) =>
    Object.assign(row, {
      place: 1 + rows.filter((other) => other.count > row.count).length,
      share: Math.round((100 * row.count) / most),
      countWord: isTug ? `${row.count.toFixed(1)}` : String(row.count),
    }),
  );
  return {
    isTug,
    share: isTug ? (mine ? mine.share : 0) : Math.round((100 * worth) / most),
    place: mine ? mine.place : 0,
    word: placeWord({ round, role, worth, mine, placed, me }),
    others: placed.filter((row) => isTug || !row.isMine).slice(0, OTHERS),
  };
}

function laneOf(lane, isTug, me, worth) {
  if (isTug) {
    const isMine = Boolean(me && me.team && lane.team_id === me.team.id);
    return { id: lane.team_id, name: lane.name, isMine, count: lane.count };
  }
  const isMine = Boolean(me && lane.player_id === me.id);
  return {
    id: lane.player_id,
    name: lane.name,
    isMine,
    count: isMine ? Math.max(worth, lane.count) : lane.count,
  };
}

/** One line about where I am; a draw says whether I am in it. */
function placeWord({ round, role, worth, mine, placed, me }) {
  if (role !== 'plays') {
    return '';
  }
  if (round.mode === 'draw') {
    const missing = Math.max(1, round.at_least) - worth;
    return missing > 0 ? `再摇 ${missing} 下入围` : '已入围，等着抽奖';
  }
  if (round.mode === 'tug') {
    const team = (me.team && me.team.name) || '我的班组';
    return mine ? `${team}：第 ${mine.place} 名，人均 ${mine.countWord} 下` : team;
  }
  const { unit } = countedIn(round);
  if (mine) {
    const ahead = placed.filter((row) => row.count > mine.count).pop();
    const gap = ahead ? `，离前一名 ${ahead.count - mine.count} ${unit}` : '，领先！';
    return `第 ${mine.place} 名${gap}`;
  }
  const last = placed[placed.length - 1];
  if (!last || worth === 0) {
    return '';
  }
  return last.count >= worth
    ? `离第 ${placed.length} 名还差 ${last.count - worth + 1} ${unit}`
    : '马上进入前几名';
}

/** What the round brought me; `tone` is gold, plain or frozen. */
function resultOf(game, own, me) {
  const { round } = game;
  if (roleOf(round, me) !== 'plays') {
    return null;
  }
  if (!own || own.round_id !== round.id || own.won === undefined) {
    return { tone: 'plain', title: '正在取回我的成绩…', text: '', points: null };
  }
  const { verb, unit } = countedIn(round);
  if (own.count === 0) {
    return {
      tone: 'plain',
      title: `这一轮没有${verb}`,
      text: '没关系，下一轮一起来。',
      points: null,
    };
  }
  const isFrozen = own.points === null;
  const counted = `${verb}了 ${own.count} ${unit}`;
  return {
    tone: isFrozen ? 'frozen' : own.won || own.place === 1 ? 'gold' : 'plain',
    title: titleOf(round, own),
    text: round.mode === 'luck' ? `${counted}，手气算作 ${own.value} 下` : counted,
    points: own.points,
    frozenWord: isFrozen ? '已封榜，得分揭榜后公布' : '',
  };
}

function titleOf(round, own) {
  if (round.mode === 'draw') {
    return own.won ? '恭喜中奖！' : '这次没有抽中';
  }
  if (round.mode === 'tug') {
    return own.place === null ? '班组拔河' : `我们班组第 ${own.place} 名`;
  }
  return MEDALS[own.place] || `第 ${own.place} 名`;
}

function podiumOf({ round, podium }, me) {
  const isTug = round.mode === 'tug';
  const rows = isTug
    ? podium.teams.map((team) => ({
        id: team.team_id,
        place: team.place,
        name: team.name,
        note: `${team.members} 人，人均 ${team.count} 下`,
        points: team.points,
        isMine: Boolean(me && me.team && team.team_id === me.team.id),
      }))
    : podium.rows.map((row) => ({
        id: row.player_id,
        place: row.place,
        name: row.name,
        note: [row.team, `${row.value} ${countedIn(round).unit}`].filter(Boolean).join(' · '),
        points: row.points,
        isMine: Boolean(me && row.player_id === me.id),
      }));
  return {
    title: round.mode === 'draw' ? '中奖的同事' : '这一轮的名次',
    isDraw: round.mode === 'draw',
    rows,
    shakers: podium.shakers,
  };
}

module.exports = { shown, phaseOf, playedMs, roleOf };
