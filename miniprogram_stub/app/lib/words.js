// Words that several pages show, and how times and numbers are written.

const { kinds } = require('./protocol.js');

// What is done in an activity of a kind, and the page where. A kind that is missing here is newer
// than this version: its activities are shown, and the button asks for an update.
const PAGES = {
  hunt: { page: 'hunt', action: '去挖宝', icon: '宝' },
  contest: { page: 'contest', action: '进入赛场', icon: '赛' },
  shake: { page: 'shake', action: '准备摇', icon: '摇' },
  drawing: { page: 'drawing', action: '去画去猜', icon: '画' },
  polls: { page: 'polls', action: '去投票', icon: '投' },
  keywords: { page: 'keywords', action: '去回复', icon: '词' },
  raffle: { page: 'raffle', action: '看抽奖', icon: '奖' },
};

const EVENT_STATES = {
  draft: '准备中',
  scheduled: '未开始',
  open: '进行中',
  closed: '已结束',
  archived: '已归档',
};

const SITTING_STATES = { waiting: '未到场次', open: '本场进行中', closed: '本场已结束' };

const PHASES = {
  lobby: '等待开始',
  question: '答题中',
  reveal: '揭晓',
  board: '看排行',
  podium: '颁奖',
  countdown: '倒数',
  running: '进行中',
  counting: '统计中',
  waiting: '等待开始',
  playing: '进行中',
  gallery: '画展',
  finished: '已结束',
  choosing: '选词中',
  drawing: '作画中',
  over: '这一轮结束',
  open: '进行中',
  closed: '已截止',
};

/** What an event is doing now, in one word. */
function eventState(event) {
  if (event.state === 'open' && event.paused) {
    return '已暂停';
  }
  return EVENT_STATES[event.state] || event.state;
}

function phase(name) {
  return PHASES[name] || '进行中';
}

function kindTitle(kind) {
  return kinds[kind] ? kinds[kind].title : '新玩法';
}

/** Where an activity is played: `{url, action, icon}`; `url` is '' for a kind this version does not know. */
function activityPage(event, activity) {
  const known = PAGES[activity.kind];
  if (!known) {
    return { url: '', action: '更新后可玩', icon: '新' };
  }
  const url = `/pages/${known.page}/${known.page}?event=${event.id}&activity=${activity.id}`;
  return { url, action: known.action, icon: known.icon };
}

/** What an activity of an event is called; `id` may be text, as a page is asked for it. */
function activityTitle(event, id) {
  const found = event.activities.find((one) => one.id === Number(id));
  return found ? found.title : event.title;
}

/** A path of the API below an activity, such as `/hunts/3`. */
function activityPath(kind, activityId) {
  return `${kinds[kind].path}/${activityId}`;
}

const twoDigits = (number) => String(number).padStart(2, '0');

/** A moment (ISO text or ms) as people say it: 14:05, 昨天 14:05, 11月27日 14:05. */
function moment(at, now = Date.now()) {
  if (!at) {
    return '';
  }
  const date = new Date(at);
  const time = `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
  const midnight = new Date(now);
  midnight.setHours(0, 0, 0, 0);
  const days = Math.floor((date.getTime() - midnight.getTime()) / 86400000);
  if (days === 0) {
    return time;
  }
  const near = { '-1': '昨天', 1: '明天' }[days];
  return `${near || `${date.getMonth() + 1}月${date.getDate()}日`} ${time}`;
}

/** Seconds as a clock shows them: 0:07, 12:30, 1:02:03. */
function clockFace(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  const minutes = Math.floor(whole / 60);
  const rest = twoDigits(whole % 60);
  return minutes < 60
    ? `${minutes}:${rest}`
    : `${Math.floor(minutes / 60)}:${twoDigits(minutes % 60)}:${rest}`;
}

/** A length of time in words: 45 秒, 12 分钟, 3 小时, 2 天. */
function span(seconds) {
  if (seconds < 60) {
    return `${Math.max(0, Math.round(seconds))} 秒`;
  }
  if (seconds < 3600) {
    return `${Math.round(seconds / 60)} 分钟`;
  }
  return seconds < 172800
    ? `${Math.round(seconds / 3600)} 小时`
    : `${Math.round(seconds / 86400)} 天`;
}

/** Points with a sign: +60, −60, 0. */
function signed(points) {
  if (points === 0) {
    return '0';
  }
  return points > 0 ? `+${points}` : `−${-points}`;
}

module.exports = {
  eventState,
  phase,
  kindTitle,
  activityPage,
  activityPath,
  activityTitle,
  moment,
  clockFace,
  span,
  signed,
  SITTING_STATES,
};
