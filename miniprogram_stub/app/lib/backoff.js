// How long to wait before the next try: twice as long each time, with a random part, so that all
// phones of a hall do not come back at once.

const { backoff } = require('./protocol.js');

/** Milliseconds to wait after so many tries (the first is 1). */
function pauseMs(tries) {
  const longest = Math.min(backoff.first_seconds * 2 ** (tries - 1), backoff.longest_seconds);
  return longest * 1000 * (0.5 + Math.random() / 2);
}

function wait(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

module.exports = { pauseMs, wait };
