// The server's clock as this page knows it: a server time that was heard plus what a monotonic clock
// has counted since. The computer's own wall clock is never used; it may be wrong.
//
// A message that was on its way for long says a time that has passed. Of the messages of the last
// minute or two the one that was fastest counts: it puts the clock ahead of all others.

const SPAN_MS = 60_000;

export class ServerClock {
  // The server's time less that of this page, by the fastest message of this span and of the last.
  #ahead = Number.NEGATIVE_INFINITY;
  #aheadBefore = Number.NEGATIVE_INFINITY;
  #spanSince = Number.NEGATIVE_INFINITY;

  /**
   * @param {string} serverTime
   * @param {number} at when it was heard, by `performance.now()`
   */
  hear(serverTime, at = performance.now()) {
    const ahead = Date.parse(serverTime) - at;
    if (Number.isNaN(ahead)) return;
    if (at - this.#spanSince > SPAN_MS) {
      const isNext = at - this.#spanSince <= 2 * SPAN_MS;
      this.#aheadBefore = isNext ? this.#ahead : Number.NEGATIVE_INFINITY;
      this.#ahead = ahead;
      this.#spanSince = at;
    }
    this.#ahead = Math.max(this.#ahead, ahead);
  }

  /**
   * Milliseconds since the epoch by the server's clock, NaN before the first message.
   * @param {number} at by `performance.now()`
   */
  now(at = performance.now()) {
    const ahead = Math.max(this.#ahead, this.#aheadBefore);
    return ahead === Number.NEGATIVE_INFINITY ? Number.NaN : ahead + at;
  }
}

/** Counts down to the opening of the event, then to its end; stands still while it is paused. */
export class Countdown {
  /** @type {ServerClock} */
  #clock;
  /** @type {number | null} */
  #atMs = null;
  /** @type {number | null} */
  #heldSeconds = null;

  /** @param {ServerClock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /** @param {import("./state.js").State} state */
  follow(state) {
    const { opens_at, seconds_to_close: left, state: stands, paused } = state.event;
    this.#heldSeconds = null;
    if (stands === "draft" || stands === "scheduled") {
      this.#atMs = stands === "scheduled" && opens_at ? Date.parse(opens_at) : null;
      return;
    }
    const known = left !== null && left !== undefined;
    this.#atMs = known ? Date.parse(state.server_time) + left * 1000 : null;
    if (known && paused) this.#heldSeconds = Math.max(0, Math.ceil(left));
  }

  /** Whole seconds left, or null when nothing is planned. */
  secondsLeft() {
    if (this.#atMs === null) return null;
    if (this.#heldSeconds !== null) return this.#heldSeconds;
    return Math.max(0, Math.ceil((this.#atMs - this.#clock.now()) / 1000));
  }
}

/** One moment that pauses put off: how long until it comes, standing still in a pause. */
export class Deadline {
  /** @type {ServerClock} */
  #clock;
  #atMs = 0;
  /** @type {number | null} */
  #heldMs = null;

  /** @param {ServerClock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /**
   * `at` as ISO text; while `paused`, what was left at `serverTime` is left.
   * @param {string} at
   * @param {boolean} paused
   * @param {string} serverTime
   */
  follow(at, paused, serverTime) {
    this.#atMs = Date.parse(at);
    this.#heldMs = paused ? this.#atMs - Date.parse(serverTime) : null;
  }

  /** Milliseconds left, below 0 when it is over. */
  leftMs() {
    return this.#heldMs ?? this.#atMs - this.#clock.now();
  }

  get stands() {
    return this.#heldMs !== null;
  }
}
