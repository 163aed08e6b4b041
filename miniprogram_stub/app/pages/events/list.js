// The events in the groups in which people look for them. Pure.

const agenda = require('../../lib/agenda.js');
const words = require('../../lib/words.js');

const GROUPS = [
  { name: 'mine', title: '我的活动' },
  { name: 'others', title: '可以加入' },
  { name: 'drafts', title: '筹备中' },
  { name: 'over', title: '已结束' },
];
const GROUP_OF = { open: 'mine', scheduled: 'mine', draft: 'drafts' };

/** Groups that have events: `[{name, title, events}]`; `isMine(event)` says whether I play or host it. */
function shown(events, { isMine, isHost, now = Date.now() }) {
  const lines = events.map((event) => lineOf(event, isMine(event), isHost(event.id), now));
  return GROUPS.map(({ name, title }) => ({
    name,
    title,
    events: lines.filter((line) => line.group === name),
  })).filter((group) => group.events.length > 0);
}

function lineOf(event, mine, hosts, now) {
  const group = GROUP_OF[event.state] || 'over';
  return {
    id: event.id,
    group: group === 'mine' && !mine ? 'others' : group,
    title: event.title,
    about: event.activities.map(({ title }) => title).join('、'),
    state: words.eventState(event),
    isLive: event.state === 'open' && !event.paused,
    isFrozen: event.frozen,
    isRehearsal: event.rehearsal,
    isHost: hosts,
    when: agenda.when(event, now),
    people: event.player_count,
    url: mine ? `/pages/event/event?event=${event.id}` : '/pages/join/join',
    action: mine ? '进入' : '用加入码加入',
  };
}

module.exports = { shown };
