// The server's clock, the only one. Each answer with the server's time is a sample; the one with
// the shortest round trip is the most exact. Of messages that the server sent unasked, it is the
// one that gives the latest time, because any delay makes the time earlier.

const SAMPLE_LIFE_MS = 5 * 60 * 1000;
// A message that the server sent unasked has no round trip to measure.
const UNKNOWN_TRIP_MS = 400;

let best = null;

/**
 * Learn the server's time, ISO text or ms since 1970. `sentAt` and `receivedAt` are this phone's ms;
 * leave `sentAt` out for a message that answers nothing.
 */
function learn(serverTime, sentAt, receivedAt = Date.now()) {
  const at = typeof serverTime === 'number' ? serverTime : Date.parse(serverTime);
  if (Number.isNaN(at)) {
    return;
  }
  const trip = sentAt === undefined ? UNKNOWN_TRIP_MS : Math.max(0, receivedAt - sentAt);
  const sample = {
    offset: at - receivedAt + (sentAt === undefined ? 0 : trip / 2),
    trip,
    at: receivedAt,
  };
  if (!best || isBetter(sample, best) || receivedAt - best.at > SAMPLE_LIFE_MS) {
    best = sample;
  }
}

function isBetter(sample, than) {
  if (sample.trip === UNKNOWN_TRIP_MS && than.trip === UNKNOWN_TRIP_MS) {
    return sample.offset > than.offset;
  }
  return sample.trip <= than.trip;
}

/** The server's time in ms since 1970, as well as it is known. */
function now() {
  return Date.now() + (best ? best.offset : 0);
}

/** Whether the server's time was heard. */
function isKnown() {
  return best !== null;
}

/** Seconds until a moment (ISO text or ms), with fractions; 0 once it has passed or where there is none. */
function left(moment) {
  if (!moment) {
    return 0;
  }
  const at = typeof moment === 'number' ? moment : Date.parse(moment);
  return Math.max(0, (at - now()) / 1000);
}

/** Call `fn` now and then each `ms`; returns what stops it. */
function every(ms, fn) {
  fn();
  const timer = setInterval(fn, ms);
  return () => clearInterval(timer);
}

module.exports = { learn, now, isKnown, left, every };
