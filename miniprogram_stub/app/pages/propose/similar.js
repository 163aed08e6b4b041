// What the page of a new suggestion shows of others that are like it. Pure.

const MOST = 3;
// Of a hundred: less likeness is no hint.
const LIKE = 40;
// A text like this has been said already.
const SAME = 85;

/** The suggestions that are worth a look: `[{id, text, supports, isSupported, isOwn, word}]`. */
function shown(found) {
  return found.items
    .filter((item) => item.likeness >= LIKE)
    .slice(0, MOST)
    .map((item) => ({
      id: item.id,
      text: item.text,
      supports: item.supports,
      isSupported: item.supported,
      isOwn: item.own,
      maySupport: item.status === 'collecting' && !item.supported,
      word: item.likeness >= SAME ? '几乎一样' : '有点像',
    }));
}

/** What became of a suggestion that was sent. */
function sentWord(suggestion) {
  const { moderation } = suggestion;
  return moderation && moderation.status === 'approved'
    ? '已提交，大家现在就能看到。'
    : '已提交，审核通过以后大家就能看到。';
}

module.exports = { shown, sentWord };
