// What the remote shows a host: the event, what is on the big screen, the one next step, and the
// others. Pure.

const words = require('../../lib/words.js');
const { stepsOf, isSteered } = require('./steps.js');

// The server takes any step beyond the last one of a ceremony for the last one.
const WHOLE_BOARD = 60;

/**
 * What is shown.
 *
 * `now` is what is on as the server tells hosts, `activities` are the event's, `chosenId` is the
 * activity that the host has chosen, or null for the one on the screen, `detail` what the server
 * says of it, `at` the server's time in ms.
 */
function shown({ now, activities, chosenId = null, detail = null, at = Date.now() }) {
  const { event } = now;
  const chosen = chosenOf(now, activities, chosenId);
  const game = chosen ? now.activities.find((one) => one.id === chosen.id) || null : null;
  const played = chosen && stepsOf({ activity: chosen, game, detail, present: now.present, at });
  const found = whole(event, now.players) || played || nothing();
  // A frozen board waits for its ceremony as soon as no game is on.
  const main =
    found.main || (event.frozen && !game ? change('reveal', '开始揭榜', { step: 1 }) : null);
  return {
    state: words.eventState(event),
    isRehearsal: event.rehearsal,
    isFrozen: event.frozen,
    present: now.present,
    players: now.players,
    pending: now.moderation.pending,
    code: event.join_code,
    screen: screenWord(now),
    chosenId: chosen ? chosen.id : null,
    activities: activities.map((one) => ({
      id: one.id,
      title: one.title,
      word: wordOf(now.activities.find((other) => other.id === one.id)),
      isChosen: Boolean(chosen) && one.id === chosen.id,
    })),
    title: found.title,
    text: found.text,
    clock: found.clock || null,
    main,
    waits: main ? '' : found.waits,
    groups: [
      { name: '这个环节', steps: found.others },
      { name: '榜单', steps: boardSteps(event, main) },
      { name: '整个活动', steps: eventSteps(event) },
    ].filter((group) => group.steps.length > 0),
  };
}

/** The activity to steer: the one that the host has chosen, else the one on the screen, else the first. */
function chosenOf(now, activities, chosenId) {
  const byId = (id) => activities.find((one) => one.id === id);
  const onScreen = now.activities.find((one) => isSteered(one.kind));
  return (
    byId(chosenId) ||
    (onScreen && byId(onScreen.id)) ||
    activities.find((one) => isSteered(one.kind)) ||
    activities[0] ||
    null
  );
}

function wordOf(game) {
  return game ? words.phase(game.phase) : '';
}

function screenWord({ event, activities }) {
  if (event.reveal) {
    return `揭榜，第 ${event.reveal.step} / ${event.reveal.of} 步`;
  }
  if (event.state === 'closed' || event.state === 'archived') {
    return event.frozen ? '封榜，静候揭榜' : '最终榜单';
  }
  const [first] = activities;
  if (first) {
    return `${first.title} · ${words.phase(first.phase)}`;
  }
  return event.frozen ? '榜单（封榜中）' : '榜单';
}

/** What goes before any activity: the event is not open, stands still, or its ceremony is on. */
function whole(event, players) {
  if (event.state === 'draft' || event.state === 'scheduled') {
    return part({
      title: '活动还没开始',
      text: `加入码 ${event.join_code}，开始以后才能加入。`,
      main: change(
        'open',
        '开始活动',
        {},
        {
          title: '开始活动？',
          text: '开始以后，大家就能加入，不能退回准备状态。',
          ok: '开始',
        },
      ),
    });
  }
  if (event.state === 'archived') {
    return part({ title: '活动已归档', text: '', waits: '活动已经归档，不能再改。' });
  }
  if (event.reveal) {
    return ceremony(event, players);
  }
  if (event.state === 'closed') {
    return part({
      title: '活动已结束',
      text: event.frozen ? '名次还封着，等你揭榜。' : '榜单已经公布。',
      main: event.frozen ? change('reveal', '开始揭榜', { step: 1 }) : null,
      waits: '现在没有要按的。',
    });
  }
  if (event.paused) {
    return part({
      title: '已暂停',
      text: '所有计时都停住了，题目也收起来了。',
      main: change('resume', '继续'),
    });
  }
  return null;
}

function ceremony({ reveal }, players) {
  const next = nextReveal(reveal, players);
  const rank = reveal.of - next + 1;
  return part({
    title: '揭榜进行中',
    text: `名次自下而上揭晓，现在第 ${reveal.step} / ${reveal.of} 步。`,
    main: change('reveal', rank <= 1 ? '揭晓冠军，公布全榜' : `揭晓第 ${rank} 名`, { step: next }),
  });
}

/** The next step that shows somebody: a board may be shorter than the ceremony. */
function nextReveal({ step, of }, players) {
  return Math.min(of, Math.max(step + 1, of - players + 1));
}

function nothing() {
  return part({ title: '没有环节', text: '这个活动还没有环节。', waits: '现在没有要按的。' });
}

function part(found) {
  return Object.assign({ text: '', clock: null, main: null, waits: '', others: [] }, found);
}

/**
 * A transition of the event; a step without a path is one.
 *
 * @param {string} action
 * @param {string} text
 * @param {{step?: number}} more
 * @param {object | null} ask
 */
function change(action, text, more = {}, ask = null) {
  return {
    id: `event-${action}-${more.step || ''}`,
    text,
    path: null,
    body: Object.assign({ action }, more),
    ask,
  };
}

function boardSteps(event, main) {
  if (event.state !== 'open' && event.state !== 'closed') {
    return [];
  }
  if (!event.frozen) {
    return [change('freeze', '封榜')];
  }
  const all = change(
    'reveal',
    '直接公布全榜',
    { step: event.reveal ? event.reveal.of : WHOLE_BOARD },
    { title: '直接公布全榜？', text: '名次马上全部公开，不能再一步一步揭榜。', ok: '公布' },
  );
  const begin = change('reveal', '开始揭榜', { step: 1 });
  const isMain = main && main.id === begin.id;
  return event.reveal || isMain ? [all] : [begin, all];
}

function eventSteps(event) {
  if (event.state === 'closed') {
    return [change('reopen', '重新开放')];
  }
  if (event.state !== 'open') {
    return [];
  }
  const close = change(
    'close',
    '结束活动',
    {},
    {
      title: '结束活动？',
      text: '结束以后不再计分。一小时内还可以重新开放。',
      ok: '结束',
    },
  );
  return event.paused ? [close] : [change('pause', '暂停'), close];
}

/** The step with this id among all that are shown, or undefined. */
function stepOf(remote, id) {
  const steps = remote.groups.reduce((all, group) => all.concat(group.steps), []);
  return (remote.main ? [remote.main] : []).concat(steps).find((one) => one.id === id);
}

module.exports = { shown, stepOf };
