// What the owner of tasks sees: tasks by event, open ones first. Pure.

const words = require('../../lib/words.js');

/** `tasks` are the server's; returns the events `[{id, title, left, tasks}]`. */
function shown(tasks, now = Date.now()) {
  const events = new Map();
  for (const task of tasks) {
    const { id, title, rehearsal } = task.event;
    if (!events.has(id)) {
      events.set(id, { id, title, isRehearsal: rehearsal, tasks: [] });
    }
    events.get(id).tasks.push(lineOf(task, now));
  }
  return [...events.values()].map((event) => ({
    ...event,
    left: event.tasks.filter((task) => !task.isDone).length,
    // The server sorts by time; here finished tasks come last.
    tasks: [...event.tasks].sort((one, other) => one.isDone - other.isDone),
  }));
}

function lineOf(task, now) {
  const isDone = task.state === 'done';
  return {
    id: task.id,
    title: task.title,
    duty: task.duty,
    isDone,
    isLate: task.state === 'late',
    when: isDone
      ? `${words.moment(task.done_at, now)} 完成`
      : task.due_at
        ? `${words.moment(task.due_at, now)} 前做完`
        : distance(task.minutes),
  };
}

/** The distance from the opening, used while the event has no opening. */
function distance(minutes) {
  if (minutes === 0) {
    return '开场时';
  }
  const length = Math.abs(minutes);
  const [count, unit] =
    length % 1440 === 0
      ? [length / 1440, '天']
      : length % 60 === 0
        ? [length / 60, '小时']
        : [length, '分钟'];
  return `开场${minutes > 0 ? '后' : '前'} ${count} ${unit}`;
}

module.exports = { shown, distance };
