// What the page of an event shows. Pure.

const agenda = require('../../lib/agenda.js');
const words = require('../../lib/words.js');

const FROZEN = '已封榜：分数照常累计，名次等揭榜时公布。';
const JOINABLE = ['scheduled', 'open'];

/**
 * What is shown of an event. `event` is the server's, `own` its answer to `/me` of the event or null
 * without a seat, `games` the activities of the live state or null, `played` the ids of those that
 * are over, `open` of those that are off the screen and in which one can take part.
 */
function shown({ event, own, games, played, open, isHost, now = Date.now() }) {
  const shift = own ? own.player.shift : '';
  return {
    title: event.title,
    about: event.description,
    state: words.eventState(event),
    isLive: event.state === 'open' && !event.paused,
    isRehearsal: event.rehearsal,
    isFrozen: event.frozen,
    when: agenda.when(event, now),
    people: event.player_count,
    notice: noticeOf(event),
    place: own && agenda.place(own),
    hasSeat: Boolean(own),
    isGuest: Boolean(own && !own.player.staff_number),
    mayJoin: !own && JOINABLE.includes(event.state) && Boolean(event.join_code),
    isHost,
    cards: agenda.cards({ event, shift, games, played, open, now }).map((card) =>
      Object.assign(card, {
        suggests: card.kind === 'polls' && event.state === 'open' ? suggestions(event, card) : '',
      }),
    ),
  };
}

function suggestions(event, { id }) {
  return `/pages/suggestions/suggestions?event=${event.id}&activity=${id}`;
}

/** What everybody should know of the event's state: `{tone, text}`, or null while it simply runs. */
function noticeOf({ state, paused, frozen, reveal }) {
  const isOver = state === 'closed' || state === 'archived';
  if (state === 'draft' || state === 'scheduled') {
    return { tone: 'early', text: '活动还没开始，到时候这里会自动打开。' };
  }
  if (reveal) {
    return { tone: 'frozen', text: `揭榜进行中：第 ${reveal.step} 步，共 ${reveal.of} 步。` };
  }
  if (frozen) {
    const text = isOver ? '活动已结束，名次等揭榜时公布。' : FROZEN;
    return { tone: 'frozen', text };
  }
  if (isOver) {
    return { tone: 'over', text: '活动已结束，成绩和得分明细都还在。' };
  }
  return paused ? { tone: 'paused', text: '主持人按了暂停，所有人的计时都停住了。' } : null;
}

module.exports = { shown };
