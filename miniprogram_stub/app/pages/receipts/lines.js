// What the receipt shows: each line of a score, and why. Pure.

const words = require('../../lib/words.js');

const REASONS = {
  answer: '答对题目',
  treasure: '挖到宝贝',
  keyword: '回复有效关键词',
  shake: '摇一摇',
  drawing: '你画我猜',
  lesson: '微课答题',
  share: '分享带来读者',
  adjustment: '主持人调整',
  correction: '题目更正后重新计分',
  reversal: '撤回一笔得分',
};
const ICONS = {
  answer: '✓',
  treasure: '宝',
  keyword: '词',
  shake: '摇',
  drawing: '画',
  lesson: '课',
  share: '享',
  adjustment: '调',
  correction: '更',
  reversal: '撤',
};

/** `receipt` is the server's; `activities` those of the event ([{id, title, kind}]). */
function shown(receipt, activities, now = Date.now()) {
  const byId = new Map(receipt.items.map((item) => [item.id, item]));
  const lines = receipt.items.map((item) => lineOf(item, byId, activities, now));
  return {
    total: receipt.total_points,
    isFrozen: receipt.frozen,
    count: lines.length,
    sums: sumsOf(receipt.items, activities),
    // The latest first: what was just earned is looked for.
    lines: lines.reverse(),
  };
}

function lineOf(item, byId, activities, now) {
  const activity = activities.find((one) => one.id === item.activity_id);
  const taken = byId.get(item.reverses_id);
  return {
    id: item.id,
    // A tick is for right answers alone.
    icon: isBarren(item) ? '–' : ICONS[item.reason] || '分',
    title: titleOf(item),
    // Zero points have no sign and no colour.
    points: words.signed(item.points),
    tone: item.points > 0 ? 'gain' : item.points < 0 ? 'loss' : 'none',
    place: activity ? activity.title : '整场活动',
    when: words.moment(item.earned_at, now),
    note: item.reason === 'treasure' ? '' : item.note,
    isReversed: Boolean(item.reversed),
    takes: taken ? `撤回了 ${words.moment(taken.earned_at, now)} 的「${titleOf(taken)}」` : '',
    dig: digOf(item, activity),
  };
}

function titleOf(item) {
  if (item.reason === 'treasure' && item.note) {
    return `挖到宝贝：${item.note}`;
  }
  if (isBarren(item)) {
    return '作答，没有得分';
  }
  return REASONS[item.reason] || '得分';
}

/** Whether this is an answer that earned nothing. */
function isBarren(item) {
  return item.reason === 'answer' && item.points === 0;
}

/** The dig that a line of a hunt is about, so that its question can be looked at again. */
function digOf(item, activity) {
  const found = /^(?:dig|treasure):(\d+)/.exec(item.source);
  return found && activity ? { id: Number(found[1]), activity: activity.id } : null;
}

/** Points by activity, in the order of the activities; what belongs to none comes last. */
function sumsOf(items, activities) {
  const sums = activities.map(({ id, title }) => ({ id, title, points: 0, count: 0 }));
  const rest = { id: 0, title: '调整', points: 0, count: 0 };
  items.forEach((item) => {
    const sum = sums.find((one) => one.id === item.activity_id) || rest;
    sum.points += item.points;
    sum.count += 1;
  });
  return sums.concat(rest).filter((sum) => sum.count > 0);
}

module.exports = { shown };
