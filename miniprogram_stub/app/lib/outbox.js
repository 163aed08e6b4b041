// What the user has sent and the server has not acknowledged. Items are stored before they are
// sent, sent one after the other, and sent again when the network is back, also after a restart of
// the app. What takes several calls has a sender, which repeats them harmlessly; answers do not wait
// for it.

const platform = require('./platform.js');
const api = require('./api.js');

const KEY = 'outbox';
const PAUSE_MS = 5000;

const listeners = [];
const promised = {};
const senders = {};
// In each lane one item is sent after the other; `sending` is the key of the one that is on its way.
const lanes = [
  { takes: (item) => !item.sender, isSending: false, sending: '', timer: null },
  { takes: (item) => Boolean(item.sender), isSending: false, sending: '', timer: null },
];

/** Let `fn(body)` send the items with this sender; called before anything is sent. */
function sendBy(sender, fn) {
  senders[sender] = fn;
}

/**
 * Send `body` to `path`, or by a sender, once, however often it takes. `key` names it: the same key
 * again returns the same promise. `label` is what the user is shown while it waits. Resolves to the
 * answer's data, raises `Refusal`; waits as long as there is no network.
 */
function send({ key, method = 'POST', path = '', sender = '', body, label = '' }) {
  if (!promised[key]) {
    promised[key] = later();
    if (!stored().some((item) => item.key === key)) {
      keep(stored().concat({ key, method, path, sender, body, label, at: Date.now() }));
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
  // The promise may have no handler: after a restart there is none.
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

/**
 * Take what waits under this key out of the outbox, so that it can be changed; says whether it was
 * taken. What is being sent at this moment stays. The promise of what was taken is never settled.
 */
function withdraw(key) {
  if (!isWaiting(key) || lanes.some((lane) => lane.sending === key)) {
    return false;
  }
  delete promised[key];
  keep(stored().filter((item) => item.key !== key));
  return true;
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
  await Promise.all(lanes.map(flushLane));
}

async function flushLane(lane) {
  if (lane.isSending) {
    return;
  }
  lane.isSending = true;
  clearTimeout(lane.timer);
  try {
    for (let item = first(lane); item; item = first(lane)) {
      lane.sending = item.key;
      await sendOne(item);
    }
  } catch (error) {
    if (!isForLater(error)) {
      throw error;
    }
    lane.timer = setTimeout(() => flushLane(lane), PAUSE_MS);
  } finally {
    lane.isSending = false;
    lane.sending = '';
  }
}

function first(lane) {
  return stored().find(lane.takes);
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
    const by = senders[item.sender];
    const data = await (by ? by(item.body) : api.call(item.method, item.path, item.body));
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

module.exports = { sendBy, send, waiting, isWaiting, withdraw, mayPass, on, flush, clear };
