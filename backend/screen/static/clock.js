// The server's clock as this page knows it: the last server time heard plus what a monotonic clock
// has counted since. The computer's own wall clock is never used; it may be wrong.

export class ServerClock {
  /** @type {number | null} */
  #serverMs = null;
  #heardAt = 0;

  /** @param {string} serverTime */
  hear(serverTime) {
    const heard = Date.parse(serverTime);
    if (Number.isNaN(heard)) return;
    this.#serverMs = heard;
    this.#heardAt = performance.now();
  }

  /** Milliseconds since the epoch by the server's clock, NaN before the first message. */
  now() {
    return this.#serverMs === null
      ? Number.NaN
      : this.#serverMs + performance.now() - this.#heardAt;
  }
}

/** Counts down to the end of the event; stands still while the event is paused. */
export class Countdown {
  /** @type {ServerClock} */
  #clock;
  /** @type {number | null} */
  #closesMs = null;
  /** @type {number | null} */
  #heldSeconds = null;

  /** @param {ServerClock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /** @param {import("./state.js").State} state */
  follow(state) {
    const left = state.event.seconds_to_close;
    const known = left !== null && left !== undefined;
    this.#closesMs = known ? Date.parse(state.server_time) + left * 1000 : null;
    this.#heldSeconds = known && state.event.paused ? Math.max(0, Math.ceil(left)) : null;
  }

  /** Whole seconds left, or null when the event has no end. */
  secondsLeft() {
    if (this.#closesMs === null) return null;
    if (this.#heldSeconds !== null) return this.#heldSeconds;
    return Math.max(0, Math.ceil((this.#closesMs - this.#clock.now()) / 1000));
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
