// What the map of the hunt shows, from the server's hunt. Pure.

const words = require('../../lib/words.js');

const ANY_TOPIC = '*';
// More sites than this do not fit on the map: they are listed.
const MOST_ON_MAP = 24;

/**
 * What is shown of a hunt.
 *
 * `hunt` and `event` are the server's, `isGuest` says whether nobody is bound, `chosenKey` is the
 * site under the thumb, `saved` the answer that waits for a network: `{id, label}`, or null.
 */
function shown({ hunt, event, isGuest, chosenKey, saved = null, now = Date.now() }) {
  const open = openOf(hunt, saved);
  const tents = hunt.sites.map((site) => tentOf(site, hunt, chosenKey));
  const chosen = tents.find((tent) => tent.isChosen) || tents[0];
  const hindrance = hindranceOf({ hunt, event, isGuest, now });
  return {
    title: hunt.title,
    tents,
    isList: tents.length > MOST_ON_MAP,
    chosen,
    digs: {
      left: hunt.digs_left,
      perDay: hunt.digs_per_day,
      pips:
        hunt.digs_per_day <= 15
          ? Array.from({ length: hunt.digs_per_day }, (_, at) => ({
              at,
              isFull: at < hunt.digs_left,
            }))
          : [],
    },
    streak: hunt.streak,
    treasures: hunt.found.map((one) => ({
      title: one.title,
      points: one.points,
      word: `${titleOf(hunt, one.site)} · ${words.moment(one.found_at, now)}`,
    })),
    notice: hunt.notice || '',
    hindrance,
    open,
    action: actionOf(open, hindrance, chosen),
  };
}

/**
 * The question that is open: `{id, isSaved, place, word, endsAt}`, or null. One that was dug and
 * answered since the hunt was asked for is known by its answer alone.
 */
function openOf(hunt, saved) {
  const dig = hunt.current_dig;
  if (saved) {
    return {
      id: saved.id,
      isSaved: true,
      place: saved.label,
      word: '已保存，等网络。请赶在计时结束之前连上',
      endsAt: dig && dig.id === saved.id ? dig.deadline_at : '',
    };
  }
  return (
    dig && {
      id: dig.id,
      isSaved: false,
      place: titleOf(hunt, dig.site),
      word: '有一道题正等着你，计时没有停',
      endsAt: dig.deadline_at,
    }
  );
}

function titleOf(hunt, key) {
  const site = hunt.sites.find((one) => one.key === key);
  return site ? site.title : '';
}

/** The key of the site that is chosen at first: where a question is open, else any topic, else the first. */
function firstKey(hunt) {
  if (hunt.current_dig) {
    return hunt.current_dig.site;
  }
  const any = hunt.sites.find((site) => site.topic === ANY_TOPIC);
  return (any || hunt.sites[0]).key;
}

function tentOf(site, hunt, chosenKey) {
  const isOpen = Boolean(hunt.current_dig && hunt.current_dig.site === site.key);
  const isAny = site.topic === ANY_TOPIC;
  const mark = markOf(site, isOpen);
  const done = site.dug > 0 ? `挖过 ${site.dug} 次，答对 ${site.correct} 次` : '还没挖过';
  return {
    key: site.key,
    title: site.title,
    topic: isAny ? '什么题都有，多出你不熟的' : site.topic,
    x: site.x,
    y: site.y,
    done,
    isOpen,
    isAny,
    isChosen: site.key === chosenKey,
    picture: isAny ? 'tent-meiduo' : site.dug > 0 ? 'tent-dug' : 'tent',
    mark,
    label: [
      `${site.title} ${mark}`.trim(),
      isAny ? '什么题都有' : site.topic,
      isOpen ? '有一道题还没答' : done,
    ].join('，'),
  };
}

/** What is written on a tent: that a question waits there, or how many of those dug were right. */
function markOf(site, isOpen) {
  if (isOpen) {
    return '?';
  }
  return site.dug > 0 ? `${site.correct}/${site.dug}` : '';
}

/** Why nobody can dig now: `{tone, title, text, next}`, or null. `next` is what the button does. */
function hindranceOf({ hunt, event, isGuest, now }) {
  if (event.state === 'closed' || event.state === 'archived') {
    return {
      tone: 'over',
      title: '活动已结束',
      text: '金子都挖完啦，看看榜单和错题吧。',
      next: 'boards',
    };
  }
  if (hunt.state === 'paused') {
    return {
      tone: 'paused',
      title: '主持人按了暂停',
      text: '所有人的计时都停住了，不用着急，等活动继续。',
      next: '',
    };
  }
  if (isGuest) {
    return {
      tone: 'guest',
      title: '亲友可以逛一逛',
      text: '挖宝要先绑定工号，绑定之后就能答题得分。',
      next: 'bind',
    };
  }
  return sittingHindrance(hunt, event, now) || waitingHindrance(hunt) || usedUp(hunt);
}

function sittingHindrance(hunt, event, now) {
  const activity = event.activities.find((one) => one.id === hunt.activity_id);
  const sittings = activity ? activity.sittings : [];
  const { sitting } = hunt;
  if (!sitting && sittings.length > 0) {
    return {
      tone: 'waiting',
      title: '这里没有你的场次',
      text: `本环节分场进行：${sittings.map(sittingWord).join('；')}。请和主持人确认你的班次。`,
      next: '',
    };
  }
  if (sitting && sitting.state === 'waiting') {
    const starts = words.moment(sitting.starts_at, now);
    return {
      tone: 'waiting',
      title: `${sitting.title} ${starts} 开始`,
      text: `你的场次是${sitting.title}，${starts} 到 ${words.moment(sitting.ends_at, now)}，到点就能挖。`,
      next: '',
    };
  }
  if (sitting && sitting.state === 'closed') {
    return {
      tone: 'over',
      title: `${sitting.title}已结束`,
      text: hunt.sealed ? '等所有场次结束后，一起公布答案和名次。' : '看看榜单和错题吧。',
      next: 'boards',
    };
  }
  return null;
}

function sittingWord({ title, shifts }) {
  return shifts.length > 0 ? `${title}（${shifts.join('、')}）` : title;
}

function waitingHindrance(hunt) {
  return hunt.state === 'waiting'
    ? {
        tone: 'waiting',
        title: '活动还没开始',
        text: '主持人打开活动后就能挖，先看看地图吧。',
        next: '',
      }
    : null;
}

function usedUp(hunt) {
  return hunt.digs_left === 0 && !hunt.current_dig
    ? {
        tone: 'over',
        title: '今天的挖宝次数用完了',
        text: '明天还有新的次数。先看看错题，记得更牢。',
        next: 'wrong',
      }
    : null;
}

const NEXT_WORDS = { boards: '看榜单', bind: '绑定工号', wrong: '看错题' };

/** The one button: `{kind, text}`; kind '' has nothing to press. */
function actionOf(open, hindrance, chosen) {
  if (open && (!hindrance || hindrance.tone === 'paused')) {
    return { kind: 'resume', text: open.isSaved ? '看这道题' : '继续答题' };
  }
  if (hindrance) {
    return { kind: hindrance.next, text: NEXT_WORDS[hindrance.next] || '' };
  }
  return { kind: 'dig', text: `挖${chosen.title}` };
}

/** The answer among those that wait which is one of the digs of this path: `{id, label}`, or null. */
function savedOf(waiting, digs) {
  const item = waiting.find(({ path }) => path.startsWith(`${digs}/`));
  return item
    ? { id: Number(item.path.slice(digs.length).split('/')[1]), label: item.label }
    : null;
}

/** The message after a stored answer has arrived at the server. */
function arrivedWord({ label }, { verdict, points }) {
  const judged = verdict === 'correct' ? `答对了，+${points}` : '这次没答对';
  return `${label}送到了：${judged}`;
}

module.exports = { shown, firstKey, savedOf, arrivedWord };
