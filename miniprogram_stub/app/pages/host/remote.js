// What the remote shows a host, from what the server says can be done next. Pure.

const words = require('../../lib/words.js');

/** What is shown of the server's answer to `GET /events/{event_id}/steps`. */
function shown(found) {
  const { event, clock } = found;
  return {
    state: words.eventState(event),
    isRehearsal: event.rehearsal,
    isFrozen: event.frozen,
    present: found.present === null ? '？' : found.present,
    players: found.players,
    pending: found.pending,
    screen: found.screen,
    activities: found.activities.map((one) => ({
      id: one.id,
      title: one.title,
      word: one.phase_text || '',
      isChosen: one.id === found.activity_id,
    })),
    title: found.title,
    text: found.text,
    clock: clock && {
      endsAt: clock.ends_at,
      seconds: clock.seconds,
      stoppedAt: clock.left_ms === null ? -1 : Math.ceil(clock.left_ms / 1000),
    },
    main: found.main,
    waits: found.waits,
    groups: found.groups.map(({ name, steps }) => ({
      name,
      steps,
      of: steps.map(({ id }) => id).join(),
    })),
  };
}

/** The step with this id among all that are shown, or undefined. */
function stepOf(remote, id) {
  const steps = remote.groups.reduce((all, group) => all.concat(group.steps), []);
  return (remote.main ? [remote.main] : []).concat(steps).find((one) => one.id === id);
}

module.exports = { shown, stepOf };
