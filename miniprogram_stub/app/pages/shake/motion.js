// Swings of a hand that holds the phone, from what its sensor feels. Pure.

// How far a swing must go beyond what gravity alone feels like, in g. Walking stays below.
const SWING_G = 0.7;
// Gravity is the average of what the sensor measures over about this time.
const GRAVITY_MS = 500;
// No hand changes direction sooner; for the server more than twelve a second are implausible.
const TURN_MS = 90;

/** Counts each swing to one side and each swing back. */
class Swings {
  constructor() {
    this._gravity = null;
    this._at = 0;
    this._last = null;
    this._swungAt = Number.NEGATIVE_INFINITY;
  }

  /** Take what the sensor feels, `{x, y, z}` in g, at a moment in ms; returns whether it is a new swing. */
  feel(felt, at) {
    if (!this._gravity) {
      this._gravity = felt;
      this._at = at;
      return false;
    }
    const share = 1 - Math.exp(-Math.max(0, at - this._at) / GRAVITY_MS);
    this._at = at;
    this._gravity = mixed(this._gravity, felt, share);
    const moved = minus(felt, this._gravity);
    if (length(moved) < SWING_G || at - this._swungAt < TURN_MS) {
      return false;
    }
    if (this._last && dot(moved, this._last) >= 0) {
      return false;
    }
    this._last = moved;
    this._swungAt = at;
    return true;
  }
}

function mixed(a, b, share) {
  const mix = (axis) => a[axis] + (b[axis] - a[axis]) * share;
  return { x: mix('x'), y: mix('y'), z: mix('z') };
}

function minus(a, b) {
  return { x: a.x - b.x, y: a.y - b.y, z: a.z - b.z };
}

function dot(a, b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

function length(a) {
  return Math.sqrt(dot(a, a));
}

module.exports = { Swings };
