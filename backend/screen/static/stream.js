// The live stream of one event: keeps a connection to the server-sent events, says how fresh it is.
//
// EventSource reconnects by itself after a network error. Two things it does not do are done here:
// it gives up on an HTTP error (then we ask why, and try again later), and it does not notice a
// connection that is open but dead (the watchdog replaces it).

const STALE_AFTER_MS = 8_000;
const REPLACE_AFTER_MS = 15_000;
const TICK_MS = 500;
const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_MOST_MS = 10_000;
const PROBE_MS = 5_000;
// What every stream carries; activities add to it.
const MESSAGES = ["state", "gain", "beat"];

/**
 * @typedef {object} Hooks
 * @property {(name: string, data: any) => void} onMessage
 * @property {(phase: string, seconds: number) => void} onFreshness Twice a second, with phase
 *   "connecting", "live" or "stale" and the seconds since the last message.
 * @property {() => void} onDenied The screen's cookie is no longer good.
 */

export class EventStream {
  /** @type {string} */
  #url;
  /** @type {string[]} */
  #messages;
  /** @type {Hooks} */
  #hooks;
  /** @type {EventSource | null} */
  #source = null;
  /** @type {number | undefined} */
  #retryTimer;
  #attempts = 0;
  #startedAt = performance.now();
  /** @type {number | null} */
  #heardAt = null;
  #connectedAt = 0;
  #cut = false;
  #denied = false;

  /**
   * `told` names the messages that activities send, besides those of every stream.
   * @param {string} url
   * @param {string[]} told
   * @param {Hooks} hooks
   */
  constructor(url, told, hooks) {
    this.#url = url;
    this.#messages = [...MESSAGES, ...told];
    this.#hooks = hooks;
  }

  start() {
    this.#connect();
    setInterval(() => this.#tick(), TICK_MS);
    window.addEventListener("online", () => this.#connect());
    window.addEventListener("pagehide", () => this.#source?.close());
    window.addEventListener("pageshow", (event) => event.persisted && this.#connect());
  }

  #connect() {
    if (this.#denied) return;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    this.#source?.close();
    this.#connectedAt = performance.now();
    const source = new EventSource(this.#url);
    this.#source = source;
    for (const kind of this.#messages) {
      source.addEventListener(kind, (message) => this.#heard(kind, message));
    }
    source.onerror = () => this.#lost(source);
  }

  /**
   * @param {string} kind
   * @param {MessageEvent} message
   */
  #heard(kind, message) {
    this.#heardAt = performance.now();
    this.#cut = false;
    this.#attempts = 0;
    this.#hooks.onMessage(kind, JSON.parse(message.data));
    this.#tell();
  }

  /** @param {EventSource} source */
  #lost(source) {
    if (source !== this.#source) return;
    this.#cut = true;
    this.#tell();
    if (source.readyState === EventSource.CLOSED) this.#askWhy();
  }

  async #askWhy() {
    const status = await probe(this.#url);
    if (status === 401 || status === 403) {
      this.#denied = true;
      this.#hooks.onDenied();
    } else {
      this.#retryLater();
    }
  }

  #retryLater() {
    if (this.#retryTimer !== undefined) return;
    const longest = Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** this.#attempts);
    this.#attempts += 1;
    this.#retryTimer = setTimeout(() => this.#connect(), longest * (0.5 + Math.random() / 2));
  }

  #tick() {
    const since = Math.max(this.#heardAt ?? 0, this.#connectedAt);
    if (performance.now() - since > REPLACE_AFTER_MS && this.#retryTimer === undefined) {
      this.#cut = true;
      this.#source?.close();
      this.#connectedAt = performance.now();
      this.#askWhy();
    }
    this.#tell();
  }

  #tell() {
    const silent = performance.now() - (this.#heardAt ?? this.#startedAt);
    const seconds = Math.floor(silent / 1000);
    this.#hooks.onFreshness(this.#phase(silent), seconds);
  }

  /** @param {number} silent */
  #phase(silent) {
    if (silent > STALE_AFTER_MS) return "stale";
    if (this.#heardAt === null) return "connecting";
    return this.#cut ? "stale" : "live";
  }
}

/**
 * The HTTP status that the stream's address answers with, or 0 when nobody answers.
 * @param {string} url
 */
async function probe(url) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PROBE_MS);
  try {
    const answer = await fetch(url, {
      headers: { Accept: "text/event-stream" },
      cache: "no-store",
      signal: stop.signal,
    });
    return answer.status;
  } catch {
    return 0;
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}
