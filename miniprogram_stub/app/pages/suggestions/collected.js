// What the page of suggestions shows, and what became of the own ones. Pure.

const words = require('../../lib/words.js');

const STATES = { collecting: '收集中', adopted: '已采纳', done: '你说我做', declined: '不采纳' };
const TONES = { adopted: 'good', done: 'good', declined: 'bad' };

/**
 * A suggestion as it is shown. `mayWrite` says whether the player may second at all; `waiting` holds
 * the ids of those whose support waits for the network.
 */
function shown(item, { mayWrite, waiting }) {
  const isWaiting = waiting.includes(item.id);
  const isCollecting = item.status === 'collecting';
  return {
    id: item.id,
    text: item.text,
    picture: item.picture_path || '',
    pictureId: item.picture_path ? numberOf(item.picture_path) : '',
    by: [item.own ? '我提的' : item.proposer.name, item.own ? '' : item.proposer.team]
      .filter(Boolean)
      .join(' · '),
    when: words.moment(item.created_at),
    supports: item.supports,
    isOwn: item.own,
    isSupported: item.supported,
    isWaiting,
    maySupport: mayWrite && isCollecting && !item.supported && !isWaiting,
    supportWord: supportWord(item, isWaiting, mayWrite && isCollecting),
    stateWord: STATES[item.status] || '',
    tone: TONES[item.status] || '',
    answers: answersOf(item),
    poll: item.poll ? pollOf(item.poll) : null,
  };
}

function supportWord(item, isWaiting, maySupport) {
  if (isWaiting) {
    return '等网络';
  }
  if (item.supported && !item.own) {
    return `已附议 · ${item.supports}`;
  }
  return maySupport && !item.own ? `附议 · ${item.supports}` : `${item.supports} 人附议`;
}

/** What was said about it: by moderation, about a merge, by the organisers. `[{word, text}]` */
function answersOf(item) {
  const found = [];
  const { moderation } = item;
  if (moderation && moderation.status === 'pending') {
    found.push({ word: '等审核', text: '审核通过以后大家就能看到。' });
  }
  if (moderation && moderation.status === 'rejected') {
    found.push({ word: '没有通过审核', text: moderation.reason });
  }
  if (item.merged_into) {
    found.push({ word: '已并入相近的建议', text: '附议人数一起算，结果也一样。' });
  }
  if (item.reason) {
    found.push({ word: '理由', text: item.reason });
  }
  if (item.answer) {
    found.push({ word: '答复', text: item.answer });
  }
  return found;
}

function pollOf(poll) {
  const isSeen = poll.state !== 'draft';
  return {
    id: poll.id,
    isSeen,
    word: isSeen ? `进了投票《${poll.title}》` : `要进投票《${poll.title}》，还没开始`,
    action: poll.state === 'open' ? '去投票' : '看投票',
  };
}

/** The number at the end of a picture's path. */
function numberOf(path) {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A list in which one suggestion has been replaced by what the server says of it now. */
function replaced(items, newer) {
  return items.map((item) => (item.id === newer.id ? newer : item));
}

/** A list with a further page; what moved in between is not listed twice. */
function joined(items, more) {
  const known = new Set(items.map((item) => item.id));
  return items.concat(more.filter((item) => !known.has(item.id)));
}

module.exports = { shown, replaced, joined, numberOf };
