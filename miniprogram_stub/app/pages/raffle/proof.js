// Draws again on this phone what a record says was drawn, by the published rule: the head of
// `backend/activities/raffle/rules.py`. Pure.

const { bytesOf, bytesOfWord, fromHex, hmac, sha256, toHex, word } = require('../../lib/sha256.js');

const FORMATS = { 'linka-raffle-1': false, 'linka-raffle-2': true };
const HALF = 0x100000000;

/**
 * What this phone finds: `{isGood, text}`. `proof` is the record of a draw; `mine` the place of this
 * player in its pool, `{number, tag}`, or null where it is not known.
 */
function checked(proof, mine) {
  const problem = problemOf(proof, mine);
  if (problem) {
    return { isGood: false, text: problem };
  }
  const { pool, picks } = proof;
  const own = mine ? `你的签条就在名单第 ${mine.number} 号。` : '';
  const text = `这部手机重算了一遍：承诺没有变，${pool.length} 人里抽出的 ${picks.length} 位一位不差。${own}`;
  return { isGood: true, text };
}

function problemOf(proof, mine) {
  if (!(proof.format in FORMATS)) {
    return '这份记录的格式太新，请先更新小程序。';
  }
  if (proof.seed === null) {
    return '种子还没有公布，公布之后才能核对。';
  }
  const { pool, picks } = proof;
  if (pool.some(({ number }, at) => number !== at + 1)) {
    return '名单的编号不连续。';
  }
  if (new Set(pool.map(({ tag }) => tag)).size !== pool.length) {
    return '名单里有重复的人。';
  }
  if (mine && (pool[mine.number - 1] || {}).tag !== mine.tag) {
    return '你的签条不在名单上你的号码那里。';
  }
  if (commitmentOf(proof) !== proof.commitment) {
    return '名单、种子或奖项与事先公布的承诺不一致。';
  }
  const again = order(proof, picks.length);
  if (picks.some(({ number }, at) => number !== again[at])) {
    return '中奖顺序与重新抽取的结果不一致。';
  }
  return '';
}

function json(value) {
  return bytesOf(JSON.stringify(value));
}

function commitmentOf(proof) {
  const { format, activity, draw, prize, count, waiting_seconds: waiting, pool, seed } = proof;
  const digest = toHex(sha256(json(pool.map(({ number, tag, name }) => [number, tag, name]))));
  const calls = FORMATS[format] ? [waiting] : [];
  return toHex(sha256(json([format, activity, draw, prize, count].concat(calls, [digest, seed]))));
}

/** The first numbers of the pool in the order in which they are picked. */
function order({ seed, commitment, word: said, pool }, many) {
  const next = stream(hmac(fromHex(seed), json([commitment, said || ''])));
  const left = pool.map(({ number }) => number);
  for (let place = 0; place < Math.min(many, left.length); place += 1) {
    const other = place + below(left.length - place, next);
    [left[place], left[other]] = [left[other], left[place]];
  }
  return left.slice(0, many);
}

/** Returns what gives the next number of 64 bits, as its two halves `[high, low]`. */
function stream(key) {
  let counter = 0;
  let block = [];
  return () => {
    if (block.length === 0) {
      block = hmac(key, bytesOfWord(Math.floor(counter / HALF)).concat(bytesOfWord(counter >>> 0)));
      counter += 1;
    }
    const eight = block.splice(0, 8);
    return [word(eight, 0), word(eight, 4)];
  };
}

/** A number below a bound, which is at most 2^21: products of two remainders stay exact. */
function below(bound, next) {
  const half = HALF % bound;
  const over = (half * half) % bound;
  for (;;) {
    const [high, low] = next();
    // The largest multiple of the bound is `over` below 2^64.
    if (high < HALF - 1 || low < HALF - over) {
      return ((high % bound) * half + (low % bound)) % bound;
    }
  }
}

module.exports = { checked };
