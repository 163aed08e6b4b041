// The packets of 红包雨 that fall on this phone. Pure.

const EVERY_MS = 200;
// How long one falls, as in the style sheet.
const FALLS_MS = 2400;
// Where the next one falls, in percent of the width that is left of a packet: far from the last.
const STEP = 37;
const WIDTH = 82;

/** The falling packets, without those that were caught. */
class Rain {
  constructor() {
    this._caught = new Set();
  }

  /** The packets after so much of the round, the highest last. */
  packets(playedMs) {
    const newest = Math.floor(playedMs / EVERY_MS);
    const oldest = Math.max(0, Math.ceil((playedMs - FALLS_MS) / EVERY_MS));
    const found = [];
    for (let id = oldest; id <= newest; id += 1) {
      if (!this._caught.has(id)) {
        found.push({ id, left: (id * STEP) % WIDTH });
      }
    }
    return found;
  }

  /** Catch a packet; returns whether it was still falling. */
  take(id) {
    if (this._caught.has(id)) {
      return false;
    }
    this._caught.add(id);
    return true;
  }
}

module.exports = { Rain, EVERY_MS, FALLS_MS };
