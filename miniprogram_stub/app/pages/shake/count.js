// How often this phone was shaken, tapped or held in a round, and what that counts. Pure: the same
// arithmetic as `backend/activities/shake/rules.py`.

// Two taps closer to each other count as one; faster ones would be implausible and not count at
// all.
const TAP_MS = 75;
// The length of one press; holding on makes further presses.
const PRESS_MS = 500;

const WAYS = ['shake', 'tap', 'press', 'swipe'];
// The first way of playing where shaking does not count.
const FIRST = ['shake', 'swipe', 'tap', 'press'];

/** The way in which one plays a round: the preferred one if it counts there, else its first. */
function wayIn(round, preferred) {
  return [preferred].concat(FIRST).find((how) => round.percents[how] > 0);
}

/** What a count is worth after so much of the round: taps and presses by their percent, then the cap. */
function worthOf(count, how, round, playedMs) {
  const within = Math.min(Math.max(playedMs, 0), round.seconds * 1000);
  return Math.min(uncapped(count, how, round), Math.floor((round.cap_per_second * within) / 1000));
}

function uncapped(count, how, round) {
  return Math.floor((count * round.percents[how]) / 100);
}

/** The count of one phone in one round; `how` may change, what it is worth stays. */
class Count {
  constructor(round, how, count = 0) {
    this.round = round;
    this.how = how;
    this.count = count;
    this._tappedAt = Number.NEGATIVE_INFINITY;
    this._heldSince = null;
  }

  /** A swing of the hand. */
  shake() {
    this.count += 1;
  }

  /** A banknote that was swiped away. */
  swipe() {
    this.count += 1;
  }

  /** A tap at a moment in ms; returns whether it counts. */
  tap(at) {
    if (at - this._tappedAt < TAP_MS) {
      return false;
    }
    this._tappedAt = at;
    this.count += 1;
    return true;
  }

  /** A finger begins to press. */
  hold(at) {
    this._heldSince = at;
  }

  /** A finger still presses; returns whether that made another press. */
  held(at) {
    if (this._heldSince === null || at - this._heldSince < PRESS_MS) {
      return false;
    }
    while (at - this._heldSince >= PRESS_MS) {
      this._heldSince += PRESS_MS;
      this.count += 1;
    }
    return true;
  }

  release() {
    this._heldSince = null;
  }

  get isHeld() {
    return this._heldSince !== null;
  }

  /** The server counts at least so much: after a restart this phone goes on from there. */
  atLeast(worth) {
    const least = Math.floor((worth * 100) / this.round.percents[this.how]);
    this.count = Math.max(this.count, least);
  }

  /** Go on in another way: the same worth, counted in its unit. */
  changeTo(how, playedMs) {
    const worth = this.worth(playedMs);
    this.release();
    this.how = how;
    this.count = 0;
    this.atLeast(worth);
  }

  worth(playedMs) {
    return worthOf(this.count, this.how, this.round, playedMs);
  }

  /** What the count is worth once the cap lets all of it through. */
  get value() {
    return this.worth(this.round.seconds * 1000);
  }

  /** Whether more is counted than the cap lets through at this moment. */
  isCapped(playedMs) {
    return uncapped(this.count, this.how, this.round) > this.worth(playedMs) + 1;
  }
}

module.exports = { Count, worthOf, wayIn, WAYS, PRESS_MS };
