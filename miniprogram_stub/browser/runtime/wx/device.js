/** Functions of `wx` about the device: size, network, motion, vibration, clipboard. */
import { note } from "../journal.js";
import { current, follow } from "../network.js";
import { isFramed } from "../person.js";
import { api, eventSource, Fail } from "./api.js";

const SDK = "3.8.0";
const STANDARD_FONT = 16;
const GRAVITY = 9.80665;
const INTERVALS = { game: 20, ui: 60, normal: 200 };
// The simulated shaking: times a second, and acceleration in g.
const SHAKES_PER_SECOND = 4;
const SHAKE_G = 2.6;

const accelerometer = eventSource();
/** Reports when the mini program starts and stops reading the accelerometer: `{isOn}`. */
export const sensor = eventSource();
const network = eventSource();
const resize = eventSource();
const keyboard = eventSource();
const theme = eventSource();
let textScale = 1;
let timer = 0;
let shakingUntil = 0;
let moved = { x: 0, y: 0, z: -1 };

/** Changes the text size of the phone: 1 is standard, 1.4 is large. */
export function setTextScale(scale) {
  textScale = scale;
}

/** Shakes the phone for so many milliseconds. */
export function shake(ms) {
  shakingUntil = Math.max(Date.now(), shakingUntil) + ms;
}

export function isShaking() {
  return Date.now() < shakingUntil;
}

/** Uses the device's own motion sensor; resolves with whether the browser permits it. */
export async function useMotion() {
  if (!("DeviceMotionEvent" in window) || !isSecureContext) return false;
  if (
    DeviceMotionEvent.requestPermission &&
    (await DeviceMotionEvent.requestPermission()) !== "granted"
  )
    return false;
  addEventListener("devicemotion", ({ accelerationIncludingGravity: felt }) => {
    if (felt?.x !== null && felt)
      moved = { x: felt.x / GRAVITY, y: felt.y / GRAVITY, z: felt.z / GRAVITY };
  });
  return true;
}

/** The present acceleration in g. */
function reading() {
  if (!isShaking()) return moved;
  const angle = (Date.now() / 1000) * SHAKES_PER_SECOND * 2 * Math.PI;
  return { x: SHAKE_G * Math.sin(angle), y: 0.4 * Math.cos(angle), z: -1 };
}

function start(interval) {
  clearInterval(timer);
  timer = setInterval(() => accelerometer.emit(reading()), INTERVALS[interval] ?? INTERVALS.normal);
  sensor.emit({ isOn: true });
}

function stop() {
  clearInterval(timer);
  timer = 0;
  sensor.emit({ isOn: false });
}

follow((condition) =>
  network.emit({ isConnected: condition !== "off", networkType: typeOf(condition) }),
);
addEventListener("resize", () =>
  resize.emit({ size: { windowWidth: innerWidth, windowHeight: innerHeight } }),
);

function typeOf(condition) {
  return { off: "none", slow: "3g" }[condition] ?? "wifi";
}

function windowInfo() {
  const page = document.querySelector(".page:last-child > .page-view")?.getBoundingClientRect();
  const statusBarHeight = document.getElementById("status").offsetHeight;
  return {
    pixelRatio: devicePixelRatio,
    screenWidth: innerWidth,
    screenHeight: innerHeight,
    windowWidth: innerWidth,
    windowHeight: page?.height || innerHeight,
    statusBarHeight,
    safeArea: {
      left: 0,
      right: innerWidth,
      top: statusBarHeight,
      bottom: innerHeight,
      width: innerWidth,
      height: innerHeight - statusBarHeight,
    },
    screenTop: page?.top ?? 0,
  };
}

function baseInfo() {
  return {
    SDKVersion: SDK,
    version: "8.0.50",
    language: "zh_CN",
    theme: "light",
    enableDebug: false,
    host: { appId: "", env: "WeChat" },
    fontSizeSetting: STANDARD_FONT * textScale,
    fontSizeScaleFactor: textScale,
  };
}

function deviceInfo() {
  return {
    brand: "linka",
    model: "browser",
    system: "Android 14",
    platform: isFramed ? "devtools" : "android",
    benchmarkLevel: 30,
    memorySize: 8192,
    abi: "",
  };
}

/** Where the capsule of WeChat is, in pixels. */
function capsule() {
  const { left, top, right, bottom, width, height } = document
    .querySelector(".capsule")
    .getBoundingClientRect();
  return { left, top, right, bottom, width, height };
}

let brightness = 0.8;

export const device = {
  getWindowInfo: windowInfo,
  getAppBaseInfo: baseInfo,
  getDeviceInfo: deviceInfo,
  getSystemSetting: () => ({
    bluetoothEnabled: false,
    locationEnabled: false,
    wifiEnabled: true,
    deviceOrientation: innerWidth > innerHeight ? "landscape" : "portrait",
  }),
  getAppAuthorizeSetting: () => ({ cameraAuthorized: "authorized", albumAuthorized: "authorized" }),
  getSystemInfoSync: () => ({
    ...windowInfo(),
    ...baseInfo(),
    ...deviceInfo(),
    errMsg: "getSystemInfoSync:ok",
  }),
  getSystemInfo: api("getSystemInfo", () => ({ ...windowInfo(), ...baseInfo(), ...deviceInfo() })),
  getMenuButtonBoundingClientRect: capsule,
  onMenuButtonBoundingClientRectWeightChange() {},
  offMenuButtonBoundingClientRectWeightChange() {},
  canIUse: () => true,
  getRandomValues: api("getRandomValues", ({ length }) => ({
    randomValues: crypto.getRandomValues(new Uint8Array(length)).buffer,
  })),
  getNetworkType: api("getNetworkType", () => ({ networkType: typeOf(current()) })),
  onNetworkStatusChange: network.on,
  offNetworkStatusChange: network.off,
  onNetworkWeakChange() {},
  offNetworkWeakChange() {},
  onAccelerometerChange: accelerometer.on,
  offAccelerometerChange: accelerometer.off,
  startAccelerometer: api("startAccelerometer", ({ interval }) => start(interval)),
  stopAccelerometer: api("stopAccelerometer", stop),
  onWindowResize: resize.on,
  offWindowResize: resize.off,
  onKeyboardHeightChange: keyboard.on,
  offKeyboardHeightChange: keyboard.off,
  onThemeChange: theme.on,
  offThemeChange: theme.off,
  onMemoryWarning() {},
  offMemoryWarning() {},
  vibrateShort: api("vibrateShort", ({ type = "medium" } = {}) => buzz(15, type)),
  vibrateLong: api("vibrateLong", () => buzz(400, "long")),
  setClipboardData: api("setClipboardData", async ({ data }) => {
    copied = data;
    await navigator.clipboard?.writeText(data).catch(() => {});
  }),
  getClipboardData: api("getClipboardData", () => ({ data: copied })),
  setKeepScreenOn: api("setKeepScreenOn", () => ({})),
  setScreenBrightness: api("setScreenBrightness", ({ value }) => {
    brightness = value;
  }),
  getScreenBrightness: api("getScreenBrightness", () => ({ value: brightness })),
  hideKeyboard: api("hideKeyboard", () => document.activeElement?.blur()),
  makePhoneCall: api("makePhoneCall", ({ phoneNumber }) => {
    if (!phoneNumber) throw new Fail("phoneNumber is empty");
    note("page", `拨打 ${phoneNumber}`);
  }),
  getBatteryInfoSync: () => ({ level: 80, isCharging: false }),
};

let copied = "";

/** Vibrates; a phone in a frame shows it instead. */
function buzz(ms, type) {
  navigator.vibrate?.(ms);
  note("page", `振动 ${type}`);
  const body = document.getElementById("phone");
  body.classList.remove("buzz");
  requestAnimationFrame(() => body.classList.add("buzz"));
}
