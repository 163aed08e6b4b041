// What a question's options look like while one chooses, and after the verdict. Pure.

/** @typedef {{key: string, text: string}} Option */
/** @typedef {{kind: string, options: Option[]}} Question */

const KIND_WORDS = { single: '单选题', multiple: '多选题', truefalse: '判断题' };
const HOW_WORDS = {
  single: '选一个',
  multiple: '可选多个，全部选对才得分',
  truefalse: '对还是错？',
};

/** The name of a kind of question. */
function kindWord(question) {
  return (question && KIND_WORDS[question.kind]) || '';
}

/** How to answer a kind of question. */
function howWord(question) {
  return (question && HOW_WORDS[question.kind]) || '';
}

/** The letters chosen after a tap on one: several in a 多选题, else the last one alone. */
function tapped(question, chosen, key) {
  if (question.kind !== 'multiple') {
    return [key];
  }
  const others = chosen.filter((one) => one !== key);
  return others.length < chosen.length ? others : others.concat(key).sort();
}

/** Letters as they are read aloud and written on buttons: 对, or A、C. */
function lettersOf(question, keys) {
  return keys
    .map((key) => (question.kind === 'truefalse' ? textOf(question, key) : key))
    .join('、');
}

function textOf(question, key) {
  const found = question.options.find((option) => option.key === key);
  return found ? found.text : key;
}

/**
 * The options as they are drawn. `chosen` are the letters of this phone, `key` the right ones where
 * they are known, `isJudged` whether the verdict was told, `counts` how many chose each.
 * `mark` is '' | 'chosen' | 'right' | 'wrong' | 'missed'; `word` says the same for everybody.
 */
function drawn(question, { chosen = [], key = null, isJudged = false, counts = null } = {}) {
  if (!question) {
    return [];
  }
  const most = counts ? Math.max(1, ...Object.keys(counts).map((one) => counts[one])) : 1;
  return question.options.map((option) => {
    const isChosen = chosen.includes(option.key);
    const mark = markOf(isChosen, isJudged && key ? key.includes(option.key) : null);
    const word = wordOf(mark, isChosen, question.kind);
    const count = counts ? counts[option.key] || 0 : null;
    const letter = question.kind === 'truefalse' ? '' : option.key;
    return {
      key: option.key,
      letter,
      text: option.text,
      isChosen,
      mark,
      word,
      count,
      share: counts ? Math.round((100 * count) / most) : 0,
    };
  });
}

/** `isRight` is null while nobody may know. */
function markOf(isChosen, isRight) {
  if (isRight === null) {
    return isChosen ? 'chosen' : '';
  }
  if (isRight) {
    return isChosen ? 'right' : 'missed';
  }
  return isChosen ? 'wrong' : '';
}

function wordOf(mark, isChosen, kind) {
  if (mark === 'right') {
    return '选对了';
  }
  if (mark === 'wrong') {
    return '你选的';
  }
  if (mark === 'missed') {
    return kind === 'multiple' ? '漏选' : '正确答案';
  }
  return isChosen ? '已选' : '';
}

module.exports = { kindWord, howWord, tapped, lettersOf, drawn };
