// The only module that calls `wx`. Promises instead of callbacks, errors instead of `errMsg`.

const settings = require('../settings.js');

// The text size of WeChat that nobody has changed, in px.
const STANDARD_FONT = 16;

/** No answer came. Whether the server saw the request is not known. */
class NetworkError extends Error {}

/** The user closed a dialog of WeChat's: nothing is wrong. */
class Cancelled extends Error {}

/** A canvas is not laid out yet, or not any more. */
class NoCanvas extends Error {}

/** Linka's address without a path and without a slash at the end. */
function server() {
  const ext = wx.getExtConfigSync ? wx.getExtConfigSync() : {};
  return ((ext && ext.server) || settings.server).replace(/\/+$/, '');
}

/**
 * Send a request. Every HTTP status is an answer; raises `NetworkError` when none came.
 * The data of a GET go into the query, others into a JSON body.
 *
 * @param {object} call
 * @param {string} call.url
 * @param {WechatMiniprogram.RequestOption['method']} [call.method]
 * @param {object} [call.data]
 * @param {object} [call.header]
 * @param {number} [call.timeoutMs]
 */
function request({ url, method = 'GET', data, header = {}, timeoutMs = 15000 }) {
  return new Promise((resolve, reject) => {
    wx.request({
      url,
      method,
      data,
      header: Object.assign({ 'content-type': 'application/json' }, header),
      timeout: timeoutMs,
      success: (answer) =>
        resolve({ status: answer.statusCode, data: answer.data, header: lowered(answer.header) }),
      fail: (error) => reject(new NetworkError(error.errMsg)),
    });
  });
}

/** Upload a file as `name`; answers and raises like `request`. */
function upload({ url, path, name, header = {}, timeoutMs = 60000 }) {
  return new Promise((resolve, reject) => {
    wx.uploadFile({
      url,
      filePath: path,
      name,
      header,
      timeout: timeoutMs,
      success: (answer) =>
        resolve({
          status: answer.statusCode,
          data: parsed(answer.data),
          header: {},
        }),
      fail: (error) => reject(new NetworkError(error.errMsg)),
    });
  });
}

/** Download a file: `{status, path}`, the path is good while the app runs; raises `NetworkError`. */
function download({ url, header = {}, timeoutMs = 60000 }) {
  return new Promise((resolve, reject) => {
    wx.downloadFile({
      url,
      header,
      timeout: timeoutMs,
      success: (answer) => resolve({ status: answer.statusCode, path: answer.tempFilePath }),
      fail: (error) => reject(new NetworkError(error.errMsg)),
    });
  });
}

function lowered(header) {
  const found = {};
  Object.keys(header || {}).forEach((name) => {
    found[name.toLowerCase()] = header[name];
  });
  return found;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Open a WebSocket: `{send(text), close(), onOpen(fn), onMessage(fn(text)), onClose(fn(code))}`.
 * `onClose` is called once, also when it could not be opened.
 */
function socket(url) {
  const task = wx.connectSocket({ url, timeout: 10000, fail: () => closed(0) });
  let listener = (_code, _reason) => {};
  let isClosed = false;
  const closed = (code, reason = '') => {
    if (!isClosed) {
      isClosed = true;
      listener(code, reason);
    }
  };
  task.onClose((event) => closed((event && event.code) || 0, (event && event.reason) || ''));
  task.onError(() => closed(0));
  return {
    send: (text) => task.send({ data: text, fail: () => closed(0) }),
    close: () => {
      task.close({});
      closed(0);
    },
    onOpen: (fn) => task.onOpen(fn),
    onMessage: (fn) => task.onMessage((event) => fn(event.data)),
    onClose: (fn) => {
      listener = fn;
    },
  };
}

/** A login code of WeChat's; raises `NetworkError`. */
function login() {
  return new Promise((resolve, reject) => {
    wx.login({
      success: (answer) => resolve(answer.code),
      fail: (error) => reject(new NetworkError(error.errMsg)),
    });
  });
}

/** Random bytes that nobody can guess, as small hexadecimal digits; two for each byte. */
function randomHex(bytes) {
  return new Promise((resolve, reject) => {
    wx.getRandomValues({
      length: bytes,
      success: ({ randomValues }) => resolve(hexOf(new Uint8Array(randomValues))),
      fail: (error) => reject(new Error(error.errMsg)),
    });
  });
}

function hexOf(values) {
  return Array.from(values, (value) => value.toString(16).padStart(2, '0')).join('');
}

/** How large the text in WeChat is: 1 is standard. */
function textScale() {
  const { fontSizeSetting } = wx.getAppBaseInfo();
  return fontSizeSetting ? fontSizeSetting / STANDARD_FONT : 1;
}

/** What stays on this phone. `get` returns `other` where nothing was kept. */
const storage = {
  get(key, other) {
    const value = wx.getStorageSync(key);
    return value === '' || value === undefined || value === null ? other : value;
  },
  set(key, value) {
    wx.setStorageSync(key, value);
  },
  remove(key) {
    wx.removeStorageSync(key);
  },
  keys() {
    return wx.getStorageInfoSync().keys;
  },
};

function go(url) {
  wx.navigateTo({ url, fail: () => wx.redirectTo({ url }) });
}

function replace(url) {
  wx.redirectTo({ url });
}

/** Go back; from the first page to 首页. */
function back() {
  if (getCurrentPages().length > 1) {
    wx.navigateBack({ delta: 1 });
  } else {
    tab('/pages/home/home');
  }
}

function tab(url) {
  wx.switchTab({ url });
}

function restart(url) {
  wx.reLaunch({ url });
}

/** Say a short sentence over the page. */
function say(text) {
  wx.showToast({ title: text, icon: 'none', duration: 2500 });
}

/** Ask a question; resolves to whether the answer was yes. */
function confirm({ title, text = '', ok = '确定', cancel = '取消', danger = false }) {
  return new Promise((resolve) => {
    wx.showModal({
      title,
      content: text,
      confirmText: ok,
      cancelText: cancel,
      confirmColor: danger ? '#b5422a' : '#0f7d6b',
      success: (answer) => resolve(Boolean(answer.confirm)),
      fail: () => resolve(false),
    });
  });
}

/** Let the user choose one of several words; resolves to its index, -1 for none. */
function choose(words) {
  return new Promise((resolve) => {
    wx.showActionSheet({
      itemList: words,
      success: (answer) => resolve(answer.tapIndex),
      fail: () => resolve(-1),
    });
  });
}

/** A short vibration: 'light', 'medium' or 'heavy'. */
function buzz(strength = 'light') {
  wx.vibrateShort({ type: strength, fail: () => {} });
}

/** Scan a code; resolves to its text, raises `Cancelled`. */
function scan() {
  return new Promise((resolve, reject) => {
    wx.scanCode({
      success: (answer) => resolve(answer.result || ''),
      fail: (error) => reject(new Cancelled(error.errMsg)),
    });
  });
}

/** Feel how the phone moves: `fn({x, y, z})` in g, about each 20 ms. Returns what stops it. */
function feelMotion(fn) {
  wx.onAccelerometerChange(fn);
  wx.startAccelerometer({ interval: 'game', fail: () => {} });
  return () => {
    wx.offAccelerometerChange(fn);
    wx.stopAccelerometer({ fail: () => {} });
  };
}

/**
 * The canvas of a page or component, once it is laid out: `{context, width, height}`; width and
 * height in px. The canvas itself gets as many points as `points` says; they are read back often.
 * Raises `NoCanvas`.
 */
function canvas(component, selector, points) {
  return new Promise((resolve, reject) => {
    const query = wx.createSelectorQuery().in(component);
    query
      .select(selector)
      .fields({ node: true, size: true })
      .exec((found) => {
        const { node, width, height } = found[0] || {};
        if (!node) {
          reject(new NoCanvas(selector));
          return;
        }
        node.width = points.width;
        node.height = points.height;
        const context = node.getContext('2d', { willReadFrequently: true });
        resolve({ context, width, height });
      });
  });
}

/** Let the user choose a picture; resolves to its path, raises `Cancelled`. */
function choosePicture() {
  return new Promise((resolve, reject) => {
    wx.chooseMedia({
      count: 1,
      mediaType: ['image'],
      sizeType: ['compressed'],
      success: (answer) => resolve(answer.tempFiles[0].tempFilePath),
      fail: (error) => reject(new Cancelled(error.errMsg)),
    });
  });
}

/** Keep a file that the user chose, also after the app is closed; resolves to its new path. */
function keepFile(path) {
  return new Promise((resolve) => {
    wx.getFileSystemManager().saveFile({
      tempFilePath: path,
      success: (answer) => resolve(answer.savedFilePath),
      // No room is left: it stays where it is for as long as the app runs.
      fail: () => resolve(path),
    });
  });
}

/** Whether a file is on this phone. */
function hasFile(path) {
  return new Promise((resolve) => {
    wx.getFileSystemManager().access({
      path,
      success: () => resolve(true),
      fail: () => resolve(false),
    });
  });
}

/** Remove a file that was kept. */
function removeFile(path) {
  wx.getFileSystemManager().removeSavedFile({ filePath: path, fail: () => {} });
}

/** Show pictures over the whole screen, `current` first. */
function preview(urls, current = urls[0]) {
  wx.previewImage({ urls, current });
}

function onForeground(fn) {
  wx.onAppShow(fn);
}

function onBackground(fn) {
  wx.onAppHide(fn);
}

let online = true;
const networkListeners = [];

/** Call `fn(isOnline)` when the network comes or goes. */
function onNetwork(fn) {
  if (networkListeners.length === 0) {
    wx.onNetworkStatusChange((change) => {
      online = change.isConnected;
      networkListeners.slice().forEach((listener) => {
        listener(online);
      });
    });
    wx.getNetworkType({
      success: (answer) => {
        online = answer.networkType !== 'none';
      },
    });
  }
  networkListeners.push(fn);
}

/** Whether the phone has a network at all; the server may be away all the same. */
function isOnline() {
  return online;
}

function copy(text) {
  wx.setClipboardData({ data: text });
}

function keepAwake(isAwake) {
  wx.setKeepScreenOn({ keepScreenOn: isAwake, fail: () => {} });
}

function title(text) {
  wx.setNavigationBarTitle({ title: text });
}

function pulledDown() {
  wx.stopPullDownRefresh({ fail: () => {} });
}

/** Put a new version in place as soon as WeChat has loaded it: the user is asked first. */
function updateWhenReady() {
  const manager = wx.getUpdateManager();
  manager.onUpdateReady(() => {
    confirm({ title: '有新版本', text: '新版本已经准备好，现在更新吗？', ok: '更新' }).then(
      (agreed) => agreed && manager.applyUpdate(),
    );
  });
}

/** Put a version in place that WeChat has loaded, else tell the user how to get it. */
function update() {
  const manager = wx.getUpdateManager();
  manager.onUpdateReady(() => manager.applyUpdate());
  manager.onUpdateFailed(() => say('请在微信里删除本小程序，再重新打开。'));
  say('正在下载新版本……如果没有反应，请关闭小程序再打开。');
}

module.exports = {
  NetworkError,
  Cancelled,
  NoCanvas,
  server,
  request,
  upload,
  download,
  socket,
  login,
  randomHex,
  textScale,
  storage,
  go,
  replace,
  back,
  tab,
  restart,
  say,
  confirm,
  choose,
  buzz,
  scan,
  feelMotion,
  canvas,
  choosePicture,
  keepFile,
  hasFile,
  removeFile,
  preview,
  onForeground,
  onBackground,
  onNetwork,
  isOnline,
  copy,
  keepAwake,
  title,
  pulledDown,
  updateWhenReady,
  update,
};
