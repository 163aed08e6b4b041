// What a host can do next with an activity, by kind. Each step names the state that it leads to (the
// round, the number), so that doing it twice is doing it once. Pure.

const words = require('../../lib/words.js');

/**
 * What an activity does now and what comes next: `{title, text, clock, main, waits, others}`.
 *
 * `activity` is the event's ({id, kind, title}), `game` its part of what is on, null while it is not
 * on, `detail` what the server says of it to hosts, or null; `present` the phones that are
 * connected, `at` the server's time in ms. `main` is the next sensible step, null where there is
 * nothing to do, which `waits` explains; a step is `{id, text, path, body, ask}`, `ask` the question
 * before what cannot be undone.
 */
function stepsOf({ activity, game, detail, present = 0, at = 0 }) {
  const found = (KINDS[activity.kind] || selfRunning)({
    game,
    detail: detail || {},
    present,
    at,
    path: (end) => words.activityPath(activity.kind, activity.id) + end,
  });
  return Object.assign({ text: '', clock: null, main: null, waits: '', others: [] }, found);
}

/** Whether a host has anything to do with activities of this kind. */
function isSteered(kind) {
  return kind in KINDS;
}

function step(id, text, path, body = {}, ask = null) {
  return { id, text, path, body, ask };
}

function question(title, text, ok) {
  return { title, text, ok };
}

function selfRunning() {
  return {
    title: '自己进行',
    text: '这个环节由大家自己玩，不需要主持人推进。',
    waits: '现在没有要按的。',
  };
}

const CONTEST_SCENES = { lobby, question: answering, reveal, board, podium };

function contest({ game, detail, present, at, path }) {
  const act = (action, text, position, ask) =>
    step(
      `${action}-${position === undefined ? '' : position}`,
      text,
      path('/actions'),
      position === undefined ? { action } : { action, position },
      ask,
    );
  if (!game) {
    return detail.played
      ? {
          title: '比赛已经结束',
          text: '一场竞赛只比一次。',
          waits: '可以去看榜单，或者封榜、揭榜。',
        }
      : {
          title: '还没开始',
          text: '先候场：大屏显示加入码，大家就位。',
          main: act('begin', '开始候场'),
        };
  }
  const scene = CONTEST_SCENES[game.phase];
  return scene ? scene({ game, present, at, act }) : selfRunning();
}

function lobby({ game, present, act }) {
  return {
    title: '候场中',
    text: `共 ${game.rounds} 题，${present} 部手机在场。`,
    main: act('next', '出第 1 题', 1),
    others: [act('dismiss', '取消候场')],
  };
}

function answering({ game, present, at, act }) {
  const { round } = game;
  const left = round.paused ? round.left_ms / 1000 : (Date.parse(round.ends_at) - at) / 1000;
  const isOpen = left > 0 && (present === 0 || round.answered < present);
  const ask = question(
    '现在就揭晓？',
    `还有 ${Math.ceil(left)} 秒。揭晓以后，没作答的人不能再答。`,
    '揭晓',
  );
  return {
    title: game.playoff ? '加赛题' : `第 ${game.position} 题 / 共 ${game.rounds} 题`,
    text: `${round.answered} 人已作答，${present} 部手机在场。`,
    clock: {
      endsAt: round.ends_at,
      seconds: round.seconds,
      stoppedAt: round.paused ? Math.ceil(round.left_ms / 1000) : -1,
    },
    main: act('reveal', '揭晓答案', game.position, isOpen ? ask : null),
  };
}

function reveal({ game, act }) {
  const { answered, right } = game.round;
  return {
    title: game.playoff ? '加赛题已揭晓' : `第 ${game.position} 题已揭晓`,
    text: `${answered} 人作答，${right} 人答对。`,
    main: act('board', '看排行', game.position),
    others: onward(game, act),
  };
}

function board({ game, act }) {
  const isLast = game.position >= game.rounds;
  const [first, ...others] = onward(game, act);
  return {
    title: game.playoff ? '加赛之后的排行' : `第 ${game.position} 题之后的排行`,
    text: isLast ? '题目都出完了。' : `还有 ${game.rounds - game.position} 题。`,
    main: first,
    others: others.concat(playoff(game, act)),
  };
}

/** What follows a round: the next question, or the podium. */
function onward(game, act) {
  if (game.position >= game.rounds) {
    return [act('podium', '颁奖')];
  }
  const next = game.position + 1;
  const ask = question(
    '现在就颁奖？',
    `还有 ${game.rounds - game.position} 题没出，颁奖以后不能再出。`,
    '颁奖',
  );
  return [act('next', `出第 ${next} 题`, next), act('podium', '提前颁奖', undefined, ask)];
}

/** One more question for those who share one of the first three places. */
function playoff(game, act) {
  const ranks = game.board.rows.filter((row) => row.rank <= 3).map((row) => row.rank);
  const isTied = ranks.some((rank, place) => ranks.indexOf(rank) !== place);
  return isTied ? [act('playoff', '并列的人加赛一题')] : [];
}

function podium({ game, act }) {
  return {
    title: '颁奖台',
    text: '大屏上是前三名。',
    main: act('dismiss', '结束竞赛，回到榜单'),
    others: playoff(game, act),
  };
}

const MODES = { race: '竞速', tug: '班组拔河', luck: '拼手气' };

function shake({ game, path }) {
  if (game && (game.phase === 'countdown' || game.phase === 'running')) {
    return {
      title: game.phase === 'countdown' ? '倒数中' : '大家正在摇',
      text: `第 ${game.round.number} 轮，${MODES[game.round.mode] || '抽奖'}。`,
      clock: {
        endsAt: game.round.ends_at,
        seconds: game.round.seconds,
        stoppedAt: game.round.paused ? Math.ceil(game.round.left_ms / 1000) : -1,
      },
      waits: '时间一到自动统计。',
      others: [
        step(
          `cancel-${game.round.id}`,
          '取消这一轮',
          path(`/rounds/${game.round.id}/cancel`),
          {},
          question('取消这一轮？', '这一轮谁都不得分，不能恢复。', '取消本轮'),
        ),
      ],
    };
  }
  if (game && game.phase === 'podium') {
    return {
      title: `第 ${game.round.number} 轮的结果`,
      text: `${game.podium.shakers} 人摇了手机。`,
      main: step(
        `dismiss-${game.round.id}`,
        '收起结果，回到榜单',
        path(`/rounds/${game.round.id}/dismiss`),
      ),
      others: rounds(path, game.round.number + 1),
    };
  }
  if (game) {
    return { title: '统计中', waits: '马上就有结果。' };
  }
  const [first, ...others] = rounds(path);
  return { title: '没有在摇', text: '按下后先倒数四秒，请大家拿好手机。', main: first, others };
}

/** A round of each mode; a number that is known makes a repeat harmless, else a running round does. */
function rounds(path, number) {
  return Object.keys(MODES).map((mode) =>
    step(
      `round-${number || ''}-${mode}`,
      `开始一轮：${MODES[mode]}`,
      path('/rounds'),
      number ? { mode, number } : { mode },
    ),
  );
}

function drawing({ game, detail, path }) {
  const phase = game ? game.phase : detail.phase;
  if (phase === 'playing') {
    return {
      title: '正在你画我猜',
      text: '轮流作画，时间到自动换人，最后进入画廊。',
      waits: '不用按，会自己进行。',
      others: [
        step(
          'finish',
          '结束游戏',
          path('/finish'),
          {},
          question('现在就结束？', '正在画的这一轮按现有的结果计分，不能恢复。', '结束'),
        ),
      ],
    };
  }
  if (phase === 'gallery') {
    return {
      title: '画廊',
      text: `${game.drawings} 幅画，大家正在投票选最佳。`,
      main: step(
        'finish',
        '结束投票，回到榜单',
        path('/finish'),
        {},
        question('结束投票？', '结束以后不能再投。', '结束'),
      ),
    };
  }
  return phase === 'finished'
    ? { title: '你画我猜已结束', text: '得分都在榜单里。', waits: '现在没有要按的。' }
    : {
        title: '还没开始',
        text: '在场的人会自动分好房间。',
        main: step('begin', '开始你画我猜', path('/begin')),
      };
}

function polls({ detail, path }) {
  const items = detail.items || [];
  const poll =
    items.find((one) => one.state === 'open') ||
    items.find((one) => one.on_screen) ||
    items.find((one) => one.state === 'draft') ||
    items[items.length - 1];
  if (!poll) {
    return { title: '还没有投票', text: '请先在控制台里建一个投票。', waits: '现在没有要按的。' };
  }
  const act = (action, text, ask) =>
    step(`${action}-${poll.id}`, text, path(`/polls/${poll.id}/actions`), { action }, ask);
  const stage = poll.on_screen ? act('dismiss', '从大屏收起') : act('stage', '放到大屏');
  const votes = `${poll.turnout.valid} 张有效票。`;
  if (poll.state === 'draft') {
    return {
      title: poll.title,
      text: '还没开始。',
      main: act('open', '开始投票'),
      others: [stage],
    };
  }
  if (poll.state === 'open') {
    return {
      title: poll.title,
      text: `正在投票，${votes}`,
      main: act(
        'close',
        '结束投票',
        question('结束投票？', `现在有${votes}结束以后不能再投。`, '结束'),
      ),
      others: [
        stage,
        step(`remind-${poll.id}`, '提醒没投的人', path(`/polls/${poll.id}/reminders`)),
      ],
    };
  }
  if (!poll.results_shown) {
    return {
      title: poll.title,
      text: `已截止，${votes}`,
      main: act('show', '公布结果'),
      others: [stage],
    };
  }
  return {
    title: poll.title,
    text: `结果已公布，${votes}`,
    main: poll.on_screen ? stage : null,
    waits: '现在没有要按的。',
    others: (poll.on_screen ? [] : [stage]).concat(act('hide', '收回结果')),
  };
}

function keywords({ game, detail, path }) {
  const all = Array.isArray(detail) ? detail : [];
  const open = all.filter((word) => word.state === 'open' || word.state === 'gone');
  const next = all.find((word) => word.state === 'prepared');
  if (open.length > 0) {
    const ids = open.map((word) => word.id);
    return {
      title: `正在回复：${open.map((word) => word.text).join('、')}`,
      text: `${open.reduce((sum, word) => sum + word.taken, 0)} 人回复对了。`,
      waits: '时间到自动结束。',
      others: [
        step(
          `close-${ids.join('-')}`,
          '提前结束',
          path('/close'),
          { word_ids: ids },
          question('提前结束？', '结束以后，再回复不算。', '结束'),
        ),
      ],
    };
  }
  const announce =
    next &&
    step(`open-${next.id}`, `公布关键词：${next.text}`, path('/open'), { word_ids: [next.id] });
  const dismiss = step('dismiss', '从大屏收起', path('/dismiss'));
  if (!announce) {
    return {
      title: all.length > 0 ? '关键词都用完了' : '还没有准备关键词',
      text: '在控制台里可以准备新的。',
      main: game ? dismiss : null,
      waits: '现在没有要按的。',
    };
  }
  return {
    title: '下一个关键词准备好了',
    text: `${next.seconds} 秒，前 ${next.places} 名得 ${next.points} 分。`,
    main: announce,
    others: game ? [dismiss] : [],
  };
}

function raffle({ game, detail, path }) {
  const draws = detail.draws || [];
  const draw = draws.reduce((a, b) => (a && a.number > b.number ? a : b), null);
  const stage = (showing, text) => step(`stage-${showing}`, text, path('/stage'), { showing });
  const screens = [stage('draw', '大屏看这次抽奖'), stage('winners', '大屏看全部中奖人')].concat(
    game ? stage(null, '从大屏收起') : [],
  );
  const act = (action, text, body, ask) =>
    step(`${action}-${draw.id}`, text, path(`/draws/${draw.id}/${action}`), body, ask);
  if (draw && (draw.state === 'committed' || draw.state === 'drawing')) {
    return {
      title: draw.prize,
      text: `名单已锁定，${draw.pool_size} 人里抽 ${draw.count} 名。`,
      main: act(
        'draw',
        `抽 ${draw.count} 名`,
        { upto: draw.count },
        question('现在开抽？', '抽出来就不能重抽。', '开抽'),
      ),
      others: screens,
    };
  }
  const prize = (detail.prizes || []).find((one) => one.left > 0);
  const commit =
    prize &&
    step(`commit-${draws.length + 1}`, `锁定名单：${prize.title}`, path('/draws'), {
      prize_id: prize.id,
      count: prize.left,
      number: draws.length + 1,
    });
  const tell =
    draw && draw.state === 'drawn'
      ? [
          act(
            'reveal',
            '公布验证码，人人可查',
            {},
            question('公布验证码？', '公布以后，没来领的奖不能再补抽。', '公布'),
          ),
        ]
      : [];
  return {
    title: draw ? `${draw.prize}已抽完` : '还没抽奖',
    text: commit ? `下一个：${prize.title}，${prize.left} 名。` : '没有剩下的奖品。',
    main: commit || null,
    waits: '现在没有要按的。',
    others: tell.concat(draw ? screens : []),
  };
}

const KINDS = { contest, shake, drawing, polls, keywords, raffle };

module.exports = { stepsOf, isSteered };
