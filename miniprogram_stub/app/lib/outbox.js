// What the user has said and the server has not heard yet. It is stored before it is sent, sent one
// after the other, and sent again when the network is back, also after a restart of the app.

const platform = require('./platform.js');
const api = require('./api.js');

const KEY = 'outbox';
const PAUSE_MS = 5000;

const listeners = [];
const promised = {};
let isSending = false;
let timer = null;

/**
 * Send `body` to `path` once, however often it takes. `key` names it: the same key again returns the
 * same promise. `label` is what the user is shown while it waits. Resolves to the answer's data,
 * raises `Refusal`; waits as long as there is no network.
 */
function send({ key, method = 'POST', path, body, label = '' }) {
  if (!promised[key]) {
    promised[key] = later();
    if (!stored().some((item) => item.key === key)) {
      keep(stored().concat({ key, method, path, body, label, at: Date.now() }));
    }
  }
  flush();
  return promised[key].promise;
}

function later() {
  const one = { promise: null, resolve: null, reject: null };
  one.promise = new Promise((resolve, reject) => {
    one.resolve = resolve;
    one.reject = reject;
  });
  // Nobody has to listen: after a restart nobody can.
  one.promise.catch(() => {});
  return one;
}

function stored() {
  return platform.storage.get(KEY, []);
}

function keep(items) {
  platform.storage.set(KEY, items);
  tell({ type: 'changed' });
}

/** What waits: `[{key, label, at}]`, the oldest first. */
function waiting() {
  return stored();
}

/** Whether something waits under this key. */
function isWaiting(key) {
  return stored().some((item) => item.key === key);
}

/** Hear `{type: 'changed'}`, `{type: 'sent', item, data}` and `{type: 'refused', item, refusal}`. */
function on(fn) {
  listeners.push(fn);
  return () => {
    const place = listeners.indexOf(fn);
    if (place >= 0) {
      listeners.splice(place, 1);
    }
  };
}

function tell(news) {
  listeners.slice().forEach((fn) => {
    fn(news);
  });
}

/** Send what waits, now. */
async function flush() {
  if (isSending) {
    return;
  }
  isSending = true;
  clearTimeout(timer);
  try {
    while (stored().length > 0) {
      await sendOne(stored()[0]);
    }
  } catch (error) {
    if (!isForLater(error)) {
      throw error;
    }
    timer = setTimeout(flush, PAUSE_MS);
  } finally {
    isSending = false;
  }
}

function isForLater(error) {
  return error instanceof api.NoNetwork || (error instanceof api.Refusal && mayPass(error));
}

/** Whether a refusal says nothing about what was sent: it stays, and is sent again. */
function mayPass(refusal) {
  return (
    refusal.status >= 500 ||
    refusal.status === 429 ||
    refusal.status === 401 ||
    ['consent_missing', 'update_required', 'event_paused'].includes(refusal.slug)
  );
}

async function sendOne(item) {
  try {
    const data = await api.call(item.method, item.path, item.body);
    done(item);
    tell({ type: 'sent', item, data });
    settle(item.key, 'resolve', data);
  } catch (error) {
    if (!(error instanceof api.Refusal) || mayPass(error)) {
      throw error;
    }
    done(item);
    tell({ type: 'refused', item, refusal: error });
    settle(item.key, 'reject', error);
  }
}

function done(item) {
  keep(stored().filter((other) => other.key !== item.key));
}

function settle(key, how, value) {
  const one = promised[key];
  delete promised[key];
  if (one) {
    one[how](value);
  }
}

/** Forget what waits: the person has signed out or was erased. */
function clear() {
  keep([]);
}

platform.onNetwork((isOnline) => isOnline && flush());
platform.onForeground(flush);

module.exports = { send, waiting, isWaiting, on, flush, clear };
