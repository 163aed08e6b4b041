// The socket of one event, shared by its pages. It reconnects by itself, gets the messages that it
// missed, and repeats requests that were not acknowledged; where no socket opens, requests go over
// HTTP.

const platform = require('./platform.js');
const api = require('./api.js');
const clock = require('./clock.js');
const protocol = require('./protocol.js');
const { pauseMs } = require('./backoff.js');

const PATIENCE_MS = 20000;
// The server sends something at least every five seconds: after this time the connection is dead.
const QUIET_MS = 15000;
// How long an open socket may take to answer after the app was away.
const ALIVE_MS = 3000;
const LATER_MS = 5000;
// After so many tries without a socket the pages poll.
const TRIES_UNTIL_POLLING = 2;
// Each third repeat of a request goes over HTTP.
const TRIES_UNTIL_TWIN = 3;

let current = null;

/** The connection to an event; the one to another event is closed. */
function join(eventId) {
  const id = Number(eventId);
  if (!current || current.eventId !== id) {
    leave();
    current = new Connection(id);
    current.connect();
  }
  return current;
}

/** Hang up, and forget what was heard. */
function leave() {
  if (current) {
    current.close();
    current = null;
  }
}

/** See the module. `status` is 'live', 'polling' (no socket opens) or 'offline'; `state` is the newest. */
class Connection {
  constructor(eventId) {
    this.eventId = eventId;
    this.status = 'offline';
    this.state = null;
    this.playerId = null;
    this._seq = '';
    this._heardSeq = '';
    this._listeners = {};
    this._asked = {};
    this._lastId = 0;
    this._socket = null;
    this._tries = 0;
    this._isConnecting = false;
    this._isClosed = false;
    this._isAway = false;
    this._heardAt = 0;
    this._pingedAt = 0;
    this._unansweredAt = undefined;
    this._timers = { again: null, watch: null, alive: null };
  }

  /**
   * Hear messages of a type, also `status` (a word), `refused` (a `Refusal`: no socket will open)
   * and `*` (every message). Returns what stops it.
   */
  on(type, fn) {
    const listeners = this._listeners[type] || [];
    this._listeners[type] = listeners.concat(fn);
    return () => {
      this._listeners[type] = (this._listeners[type] || []).filter((other) => other !== fn);
    };
  }

  /**
   * Ask for something and repeat it until it is acknowledged; resolves to the data of the
   * acknowledgement. `twin` does the same over HTTP. Raises `Refusal` or `NoNetwork`.
   *
   * @param {string} type
   * @param {number | string} activityId
   * @param {object} data
   * @param {{ twin?: () => Promise<any>, patienceMs?: number }} options
   */
  ask(type, activityId, data = {}, { twin, patienceMs = PATIENCE_MS } = {}) {
    if (!protocol.requests.includes(type)) {
      throw new Error(`the server does not know ${type}`);
    }
    return new Promise((resolve, reject) => {
      this._lastId += 1;
      const asked = {
        message: { type, id: this._lastId, activity_id: Number(activityId), data },
        twin,
        tries: 0,
        isOverHttp: false,
        givesUpAt: Date.now() + patienceMs,
        timer: null,
        settle: (fn, value) => {
          clearTimeout(asked.timer);
          delete this._asked[asked.message.id];
          fn(value);
        },
        resolve: (value) => asked.settle(resolve, value),
        reject: (error) => asked.settle(reject, error),
      };
      this._asked[asked.message.id] = asked;
      this._try(asked);
    });
  }

  /** What this player alone sees of an activity; raises like `ask`. */
  look(activityId, options) {
    return this.ask('look', activityId, {}, options);
  }

  /** Connect now, unless it is connected. */
  async connect() {
    if (this._socket || this._isConnecting || this._isClosed || this._isAway) {
      return;
    }
    this._isConnecting = true;
    clearTimeout(this._timers.again);
    try {
      const ticket = await api.post(`/events/${this.eventId}/tickets`);
      if (!this._isClosed) {
        this._open(ticket.path);
      }
    } catch (error) {
      this._notLetIn(error);
    } finally {
      this._isConnecting = false;
    }
  }

  _notLetIn(error) {
    if (error instanceof api.NoNetwork || error.status >= 500 || error.status === 429) {
      this._setStatus('offline');
      this._again();
    } else if (error instanceof api.Refusal) {
      this._setStatus('offline');
      this._emit('refused', error);
    } else {
      throw error;
    }
  }

  _open(path) {
    const address = platform.server().replace(/^http/, 'ws');
    const socket = platform.socket(`${address}${path}&after=${encodeURIComponent(this._seq)}`);
    this._socket = socket;
    this._heardAt = Date.now();
    socket.onMessage((text) => this._socket === socket && this._take(text));
    socket.onClose((code, reason) => this._socket === socket && this._lost(code, reason));
    this._timers.watch = setInterval(() => this._watch(), 1000);
  }

  _take(text) {
    const message = JSON.parse(text);
    this._heardAt = Date.now();
    if (message.seq) {
      if (message.type !== 'state' && !isNewer(message.seq, this._heardSeq)) {
        return;
      }
      this._heardSeq = message.type === 'state' ? this._heardSeq : message.seq;
      this._seq = isNewer(message.seq, this._seq) ? message.seq : this._seq;
    }
    if (message.data && message.data.server_time) {
      clock.learn(
        message.data.server_time,
        message.type === 'pong' ? this._unansweredAt : undefined,
        this._heardAt,
      );
    }
    if (message.type === 'pong') {
      this._unansweredAt = undefined;
    }
    if (message.type === 'hello') {
      this._begin(message.data);
    } else if (message.type === 'state') {
      this.state = message.data;
    } else if (message.type === 'ack' || message.type === 'refusal') {
      this._answered(message);
    }
    this._emit(message.type, message.data);
    this._emit('*', message);
  }

  _begin(hello) {
    this._tries = 0;
    this.playerId = hello.player_id;
    const longest = (hello.heartbeat_seconds || protocol.heartbeat_seconds) * 0.8;
    this._heartbeatMs = Math.min(protocol.heartbeat_seconds, longest) * 1000;
    this._setStatus('live');
    this._ping();
    Object.keys(this._asked).forEach((id) => {
      this._try(this._asked[id]);
    });
  }

  _ping() {
    this._pingedAt = Date.now();
    // A pong that took longer than a heartbeat answers the first ping, not the newest.
    if (this._unansweredAt === undefined) {
      this._unansweredAt = this._pingedAt;
    }
    this._socket.send(JSON.stringify({ type: 'ping' }));
  }

  /** Once a second: a heartbeat when it is due; a line that is dead is hung up. */
  _watch() {
    const now = Date.now();
    if (now - this._heardAt > QUIET_MS) {
      this._hangUp();
      this._lost(0);
    } else if (this.status === 'live' && now - this._pingedAt >= this._heartbeatMs) {
      this._ping();
    }
  }

  _lost(code, reason = '') {
    this._forgetSocket();
    const then = protocol.closes[String(code)] || 'again';
    if (then === 'stop') {
      this._setStatus('polling');
      return;
    }
    if (then === 'sign_in') {
      api.forget();
    }
    if (then === 'fresh') {
      this._seq = '';
    }
    if (then === 'move') {
      this._tries = 0;
      this._setStatus('offline');
      this._again(retryAfterMs(reason));
      return;
    }
    if (this._tries + 1 >= TRIES_UNTIL_POLLING) {
      this._setStatus(platform.isOnline() ? 'polling' : 'offline');
    } else {
      this._setStatus('offline');
    }
    this._again(then === 'later' ? LATER_MS : 0);
  }

  _again(atLeastMs = 0) {
    this._tries += 1;
    clearTimeout(this._timers.again);
    if (!this._isClosed && !this._isAway) {
      const pause = Math.max(atLeastMs, pauseMs(this._tries));
      this._timers.again = setTimeout(() => this.connect(), pause);
    }
  }

  _forgetSocket() {
    this._socket = null;
    this._unansweredAt = undefined;
    clearInterval(this._timers.watch);
    clearTimeout(this._timers.alive);
  }

  _hangUp() {
    const socket = this._socket;
    this._forgetSocket();
    if (socket) {
      socket.close();
    }
  }

  /** Send a request, and again after a while: over the socket, or over HTTP where there is none. */
  _try(asked) {
    clearTimeout(asked.timer);
    if (Date.now() >= asked.givesUpAt) {
      asked.reject(new api.NoNetwork());
      return;
    }
    asked.tries += 1;
    if (this.status === 'live') {
      this._socket.send(JSON.stringify(asked.message));
    }
    if (asked.twin && (this.status === 'polling' || asked.tries % TRIES_UNTIL_TWIN === 0)) {
      this._askOverHttp(asked);
    }
    asked.timer = setTimeout(() => this._try(asked), protocol.unheard_seconds * 1000);
  }

  async _askOverHttp(asked) {
    if (asked.isOverHttp) {
      return;
    }
    asked.isOverHttp = true;
    try {
      asked.resolve(await asked.twin());
    } catch (error) {
      if (!(error instanceof api.NoNetwork)) {
        asked.reject(error);
      }
    } finally {
      asked.isOverHttp = false;
    }
  }

  _answered(message) {
    const asked = this._asked[message.id];
    if (!asked) {
      return;
    }
    if (message.type === 'ack') {
      asked.resolve(message.data);
      return;
    }
    const { code, error, message: text, errors, retry_after_seconds: seconds } = message.data;
    const pause = (seconds || protocol.unheard_seconds) * 1000;
    if ((code >= 500 || code === 429) && Date.now() + pause < asked.givesUpAt) {
      clearTimeout(asked.timer);
      asked.timer = setTimeout(() => this._try(asked), pause);
      return;
    }
    asked.reject(
      new api.Refusal({
        status: code,
        slug: error,
        message: text,
        fields: errors,
        retryAfterSeconds: seconds,
      }),
    );
  }

  /** The app is in the background: JS stops soon, and whatever opens a socket must wait. */
  pause() {
    this._isAway = true;
    clearTimeout(this._timers.again);
  }

  /** The app is back: an open socket must show that it lives, else a new one is opened. */
  resume() {
    this._isAway = false;
    if (!this._socket) {
      this._tries = 0;
      this.connect();
      return;
    }
    const since = Date.now();
    if (this.status === 'live') {
      this._ping();
    }
    clearTimeout(this._timers.alive);
    this._timers.alive = setTimeout(() => {
      if (this._heardAt < since) {
        this._hangUp();
        // Nothing can be sent before another socket has got its `hello`.
        this._setStatus('offline');
        this._tries = 0;
        this.connect();
      }
    }, ALIVE_MS);
  }

  close() {
    this._isClosed = true;
    clearTimeout(this._timers.again);
    this._hangUp();
    Object.keys(this._asked).forEach((id) => {
      this._asked[id].reject(new api.NoNetwork());
    });
    this._listeners = {};
  }

  _setStatus(status) {
    if (this.status !== status) {
      this.status = status;
      this._emit('status', status);
    }
  }

  _emit(type, data) {
    (this._listeners[type] || []).forEach((fn) => {
      fn(data);
    });
  }
}

/** How long the server asks to wait, in the reason of a close such as `moving retry_after=0.8`. */
function retryAfterMs(reason) {
  const found = /retry_after=([0-9.]+)/.exec(reason);
  return found ? Number(found[1]) * 1000 : 0;
}

/** Whether a place in the feed, `<ms>-<number>`, comes after another; everything comes after ''. */
function isNewer(seq, other) {
  if (!other) {
    return true;
  }
  const [ms, number] = seq.split('-').map(Number);
  const [otherMs, otherNumber] = other.split('-').map(Number);
  return ms > otherMs || (ms === otherMs && number > otherNumber);
}

platform.onBackground(() => current && current.pause());
platform.onForeground(() => current && current.resume());
platform.onNetwork((isOnline) => isOnline && current && current.resume());

module.exports = { join, leave };
