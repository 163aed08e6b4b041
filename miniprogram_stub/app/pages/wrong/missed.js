// What the list of wrong questions shows. Pure.

const { drawn, kindWord, lettersOf } = require('../../components/options/choosing.js');
const words = require('../../lib/words.js');

/** `found` is the server's list; `topic` the one that is looked at, '' for all. */
function shown(found, topic, now = Date.now()) {
  const counts = new Map();
  found.items.forEach((item) => counts.set(item.topic, (counts.get(item.topic) || 0) + 1));
  const isKnown = counts.has(topic);
  return {
    isSealed: found.sealed,
    total: found.items.length,
    topic: isKnown ? topic : '',
    topics: Array.from(counts, ([title, count]) => ({ title, count })).sort(
      (one, other) => other.count - one.count,
    ),
    items: found.items
      .filter((item) => !isKnown || item.topic === topic)
      .map((item) => shownItem(item, now)),
  };
}

function shownItem(item, now) {
  const question = { kind: kindOf(item), options: item.options };
  return {
    id: item.question_id,
    topic: item.topic,
    kindWord: kindWord(question),
    isPair: question.kind === 'truefalse',
    stem: item.stem,
    when: words.moment(item.answered_at, now),
    options: drawn(question, { chosen: item.choice, key: item.key, isJudged: Boolean(item.key) }),
    keyWord: item.key ? lettersOf(question, item.key) : '',
    explanation: item.explanation || '',
  };
}

/** The list does not name the kind: letters tell it. */
function kindOf({ options, choice, key }) {
  if (options.some((option) => option.key === 'T')) {
    return 'truefalse';
  }
  return choice.length > 1 || (key && key.length > 1) ? 'multiple' : 'single';
}

module.exports = { shown };
