// A phone for unit tests: `wx` as the mini program finds it, with a network that tests answer by
// hand. Each call of `newPhone` loads the modules of the mini program anew, as a restart does.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const APP = new URL('../../miniprogram_stub/app/', import.meta.url).pathname;

/** Storage that outlives a restart. */
export function newStorage(facts = { consent: { version: '2026-11-28', at: 0 } }) {
  return new Map(Object.entries(facts));
}

/** A phone with a storage; `files` are the paths of the files on it. */
export function newPhone(storage = newStorage(), files = new Set()) {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(APP)) {
      delete require.cache[file];
    }
  }
  const phone = new Phone(storage, files);
  globalThis.wx = phone.wx;
  return phone;
}

class Phone {
  constructor(storage, files) {
    this.storage = storage;
    this.files = files;
    this.requests = [];
    this.sockets = [];
    this.logins = 0;
    this.font = 16;
    /** What the server says: `(request) → {status, data, header}`, or null for no answer. */
    this.server = () => ({ status: 200, data: {} });
    this._network = [];
    this._show = [];
    this._hide = [];
    this.wx = this._wx();
  }

  lib(name) {
    return require(`${APP}lib/${name}.js`);
  }

  setOnline(isConnected) {
    for (const fn of this._network) {
      fn({ isConnected, networkType: isConnected ? 'wifi' : 'none' });
    }
  }

  hide() {
    for (const fn of this._hide) {
      fn();
    }
  }

  show() {
    for (const fn of this._show) {
      fn();
    }
  }

  /** The requests to a path, without those of others. */
  requestsTo(path) {
    return this.requests.filter((request) => request.path === path);
  }

  _send(options, written) {
    const path = options.url.replace('https://linka.example/api/v1', '');
    const request = { ...options, path };
    this.requests.push(request);
    Promise.resolve(this.server(request)).then((answer) => {
      if (answer) {
        options.success({
          statusCode: answer.status ?? 200,
          data: written(answer.data ?? {}),
          header: answer.header ?? {},
        });
      } else {
        options.fail({ errMsg: 'request:fail timeout' });
      }
    });
  }

  _wx() {
    const phone = this;
    return {
      getExtConfigSync: () => ({ server: 'https://linka.example' }),
      getAppBaseInfo: () => ({ fontSizeSetting: phone.font }),
      getStorageSync: (key) => structuredClone(phone.storage.get(key) ?? ''),
      setStorageSync: (key, value) => phone.storage.set(key, structuredClone(value)),
      removeStorageSync: (key) => phone.storage.delete(key),
      getStorageInfoSync: () => ({ keys: [...phone.storage.keys()] }),
      onNetworkStatusChange: (fn) => phone._network.push(fn),
      getNetworkType: () => {},
      onAppShow: (fn) => phone._show.push(fn),
      onAppHide: (fn) => phone._hide.push(fn),
      login({ success }) {
        phone.logins += 1;
        success({ code: `code-${phone.logins}` });
      },
      request: (options) => phone._send(options, (data) => data),
      uploadFile: (options) =>
        phone._send({ ...options, method: 'UPLOAD' }, (data) => JSON.stringify(data)),
      getFileSystemManager: () => ({
        access: ({ path, success, fail }) => (phone.files.has(path) ? success() : fail()),
        removeSavedFile: ({ filePath }) => phone.files.delete(filePath),
      }),
      connectSocket({ url }) {
        const socket = new Socket(url);
        phone.sockets.push(socket);
        return socket;
      },
    };
  }
}

/** The server's side of one socket. */
class Socket {
  constructor(url) {
    this.url = url;
    this.sent = [];
    this.isClosed = false;
    this._fns = {};
  }

  onOpen(fn) {
    this._fns.open = fn;
  }

  onMessage(fn) {
    this._fns.message = fn;
  }

  onError(fn) {
    this._fns.error = fn;
  }

  onClose(fn) {
    this._fns.close = fn;
  }

  send({ data }) {
    this.sent.push(JSON.parse(data));
  }

  close() {
    this.isClosed = true;
  }

  /** The server says something. */
  say(message) {
    this._fns.message({ data: JSON.stringify(message) });
  }

  hello() {
    this.say({
      type: 'hello',
      data: { player_id: 7, server_time: new Date().toISOString(), heartbeat_seconds: 25 },
    });
  }

  /** The server closes it, or the line breaks (0). */
  drop(code = 0, reason = '') {
    this.isClosed = true;
    this._fns.close({ code, reason });
  }

  said(type) {
    return this.sent.filter((message) => message.type === type);
  }
}

/** Let everything that waits for answers go on; timers stand still. */
export async function settle() {
  for (let turn = 0; turn < 50; turn += 1) {
    await Promise.resolve();
  }
}
