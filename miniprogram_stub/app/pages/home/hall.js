// What 首页 shows: which event, what is on in it, what comes next, where I stand. Pure.

const words = require('../../lib/words.js');
const agenda = require('../../lib/agenda.js');

const ALIVE = ['open', 'scheduled'];

/**
 * The event to show, of those that the server lists, or null. `isMine(event)` says whether I play or
 * host it; `chosenId` is the one that was looked at last: it stays, unless another one is open.
 */
function eventOf(events, chosenId, isMine) {
  const mine = events.filter(isMine);
  const chosen = mine.find((event) => event.id === chosenId);
  if (chosen && ALIVE.includes(chosen.state)) {
    return chosen;
  }
  const find = (state) => mine.find((event) => event.state === state);
  return find('open') || find('scheduled') || chosen || mine[0] || null;
}

/**
 * What is shown of the event. `event` is the server's, `own` its answer to `/me` of the event or null
 * without a seat, `games` the activities of the live state or null, `played` the ids of those that
 * are over, `open` of those that are off the screen and in which one can take part.
 */
function shown({ event, own, games, played, open, isHost, now = Date.now() }) {
  const shift = own ? own.player.shift : '';
  const cards = agenda.sorted(agenda.cards({ event, shift, games, played, open, now }));
  return {
    title: event.title,
    state: words.eventState(event),
    isLive: event.state === 'open' && !event.paused,
    isFrozen: event.frozen,
    isRehearsal: event.rehearsal,
    when: agenda.when(event, now),
    first: cards[0] || null,
    others: cards.slice(1),
    place: own && agenda.place(own),
    hasSeat: Boolean(own),
    isGuest: Boolean(own && !own.player.staff_number),
    isHost,
  };
}

/** How people greet each other at this hour of the day. */
function greeting(hour) {
  if (hour < 5) {
    return '夜深了';
  }
  if (hour < 11) {
    return '早上好';
  }
  if (hour < 13) {
    return '中午好';
  }
  return hour < 18 ? '下午好' : '晚上好';
}

module.exports = { eventOf, shown, greeting };
