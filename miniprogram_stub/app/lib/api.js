// Calls the API. Logs in by itself and repeats lost requests (a repeat changes nothing on the
// server). Raises `Refusal` when the server refused, `NoNetwork` when no answer came.

const platform = require('./platform.js');
const protocol = require('./protocol.js');
const settings = require('../settings.js');
const clock = require('./clock.js');
const consent = require('./consent.js');
const { pauseMs, wait } = require('./backoff.js');

const TOKEN = 'token';
// How long a read is tried before the page says that there is no network, and how long a write.
const READ_PATIENCE_MS = 8000;
const WRITE_PATIENCE_MS = 20000;

/** The server said no. `slug` is the fixed word of docs/api.md, `message` a sentence for people. */
class Refusal extends Error {
  constructor({ status, slug, message, fields = {}, retryAfterSeconds = 0 }) {
    super(message);
    this.status = status;
    this.slug = slug;
    this.fields = fields;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Nothing came back for as long as this phone was willing to try. */
class NoNetwork extends Error {
  constructor() {
    super('网络不给力，请稍后再试。');
  }
}

function get(path, query) {
  return call('GET', path, query, READ_PATIENCE_MS);
}

function post(path, body) {
  return call('POST', path, body || {}, WRITE_PATIENCE_MS);
}

function put(path, body) {
  return call('PUT', path, body || {}, WRITE_PATIENCE_MS);
}

function remove(path, body) {
  return call('DELETE', path, body, WRITE_PATIENCE_MS);
}

/** Upload a picture as `file`; resolves to the answer's data, raises like `post`. */
function upload(path, picturePath) {
  return settled(
    (header) => platform.upload({ url: address(path), path: picturePath, name: 'file', header }),
    WRITE_PATIENCE_MS,
  );
}

/** Call any method. `header` adds to what is sent with every call. */
function call(method, path, data, patienceMs = WRITE_PATIENCE_MS, header = {}) {
  return settled(
    (common) =>
      platform.request({
        url: address(path),
        method,
        data,
        header: Object.assign({}, common, header),
        timeoutMs: protocol.request_timeout_seconds * 1000,
      }),
    patienceMs,
  );
}

function address(path) {
  return platform.server() + protocol.api_path + path;
}

/** Repeat an attempt until the server has spoken; resolves to the data of its answer. */
async function settled(send, patienceMs) {
  const givesUpAt = Date.now() + patienceMs;
  for (let tries = 1; ; tries += 1) {
    let answer;
    let pause = pauseMs(tries);
    try {
      answer = await signedIn(send);
    } catch (error) {
      if (!(error instanceof platform.NetworkError)) {
        throw error;
      }
      if (!platform.isOnline() || Date.now() + pause > givesUpAt) {
        throw new NoNetwork();
      }
    }
    if (answer) {
      const asksAgain = protocol.come_again.includes(answer.status);
      pause = Math.max(pause, retryAfterSeconds(answer) * 1000);
      if (!asksAgain || Date.now() + pause > givesUpAt) {
        return accepted(answer);
      }
    }
    await wait(pause);
  }
}

/** One attempt with a token; the answer is the login's where that was refused. */
async function signedIn(send) {
  const token = platform.storage.get(TOKEN, '');
  if (!token) {
    const refused = await logIn('');
    if (refused) {
      return refused;
    }
  }
  const used = platform.storage.get(TOKEN, '');
  const answer = await timed(() => send(headers(used)));
  if (answer.status !== 401) {
    return answer;
  }
  return (await logIn(used)) || timed(() => send(headers(platform.storage.get(TOKEN, ''))));
}

function headers(token) {
  const common = {
    [protocol.client_header]: `miniprogram/${settings.version}`,
    'Accept-Language': 'zh',
  };
  return token ? Object.assign({ Authorization: `Bearer ${token}` }, common) : common;
}

/** Learn the server's time from an answer. */
async function timed(send) {
  const sentAt = Date.now();
  const answer = await send();
  const said = answer.header[protocol.clock_header.toLowerCase()];
  if (said) {
    clock.learn(Number(said), sentAt);
  }
  return answer;
}

let loggingIn = null;

/**
 * Replace a token, unless another call did; resolves to the answer of a refused login, else
 * undefined. Who comes while somebody logs in waits for that login.
 */
function logIn(staleToken) {
  if (platform.storage.get(TOKEN, '') !== staleToken) {
    return Promise.resolve(undefined);
  }
  if (!loggingIn) {
    loggingIn = redeemed().finally(() => {
      loggingIn = null;
    });
  }
  return loggingIn;
}

/** Log in with a new code, a few times where a code is refused: one that got lost may be used up. */
async function redeemed() {
  if (!consent.isGiven()) {
    throw new Refusal({ status: 0, slug: 'consent_missing', message: '请先阅读并同意隐私说明。' });
  }
  let answer;
  for (let tries = 0; tries < protocol.codes_per_login; tries += 1) {
    const code = await platform.login();
    answer = await timed(() =>
      platform.request({
        url: address(protocol.paths.login),
        method: 'POST',
        data: { code },
        header: headers(''),
        timeoutMs: protocol.request_timeout_seconds * 1000,
      }),
    );
    if (answer.status === 200) {
      platform.storage.set(TOKEN, answer.data.token);
      return undefined;
    }
    if (answer.status !== 401) {
      break;
    }
  }
  return answer;
}

/** Forget the token: the next call logs in anew. */
function forget() {
  platform.storage.remove(TOKEN);
}

/** Log in anew, whatever token is there; raises like `post`. */
async function signIn() {
  forget();
  await settled(async () => ({ status: 200, data: null, header: {} }), WRITE_PATIENCE_MS);
}

function accepted(answer) {
  if (answer.status < 400) {
    return answer.data;
  }
  const body = answer.data && typeof answer.data === 'object' ? answer.data : {};
  throw new Refusal({
    status: answer.status,
    slug: body.error || 'unknown',
    message: body.message || `服务器出错了（${answer.status}），请稍后再试。`,
    fields: body.errors,
    retryAfterSeconds: retryAfterSeconds(answer),
  });
}

function retryAfterSeconds(answer) {
  const seconds = Number(answer.header['retry-after']);
  return Number.isFinite(seconds) ? seconds : 0;
}

/** The full address of a path, for pictures and files. */
function urlOf(path) {
  return address(path);
}

/** The header that shows who asks, for downloads outside this module. */
function bearer() {
  return headers(platform.storage.get(TOKEN, ''));
}

module.exports = {
  Refusal,
  NoNetwork,
  get,
  post,
  put,
  remove,
  upload,
  call,
  signIn,
  forget,
  urlOf,
  bearer,
};
