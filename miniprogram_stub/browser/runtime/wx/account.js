/** Functions of `wx` for log-in, consent and settings; `wx.login` asks the emulator of WeChat. */
import { note } from "../journal.js";
import { current, oneWay } from "../network.js";
import { isFramed, user } from "../person.js";
import { api, eventSource, Fail } from "./api.js";

const settings = fetch(
  new URL("settings.json", document.querySelector('link[rel="stylesheet"]').href),
).then((answer) => answer.json());

/** The server's set-up: `{emulator}`, the address of the emulator. */
export function serverSettings() {
  return settings;
}

/** A new code of the emulator for a WeChat user; throws `Fail`. */
export async function newCode(who) {
  if (current() === "off") throw new Fail("net::ERR_INTERNET_DISCONNECTED");
  const { emulator } = await settings;
  const entry = note("login", "wx.login");
  await oneWay();
  let answer;
  try {
    answer = await fetch(`${emulator}/__emulator__/codes`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ user: who }),
      credentials: "omit",
    });
  } catch {
    throw new Fail(`WeChat emulator at ${emulator} cannot be reached`);
  }
  entry.status = answer.status;
  if (!answer.ok) throw new Fail(`status ${answer.status}`);
  return (await answer.json()).code;
}

let hasAgreed = false;
const asked = eventSource();
let resolveConsent = null;

/** Called by a button with `open-type="agreePrivacyAuthorization"`. */
export function agree() {
  hasAgreed = true;
  resolveConsent?.();
}

const account = { appId: "touristappid", envVersion: isFramed ? "develop" : "trial", version: "" };

export const accountApi = {
  login: api("login", async () => ({ code: await newCode(user) })),
  checkSession: api("checkSession", () => ({})),
  getAccountInfoSync: () => ({ miniProgram: { ...account }, plugin: {} }),
  // The settings of the build: here the server is the one that served this page.
  getExtConfigSync: () => ({ server: location.origin }),
  getExtConfig: api("getExtConfig", () => ({ extConfig: { server: location.origin } })),
  getPrivacySetting: api("getPrivacySetting", () => ({
    needAuthorization: !hasAgreed,
    privacyContractName: "《林卡隐私保护指引》",
  })),
  onNeedPrivacyAuthorization: asked.on,
  requirePrivacyAuthorize: api("requirePrivacyAuthorize", () => {
    if (hasAgreed) return {};
    return new Promise((done) => {
      resolveConsent = done;
      asked.emit((answer) => (answer.event === "agree" ? agree() : null));
    });
  }),
  openPrivacyContract: api("openPrivacyContract", () => ({})),
  getSetting: api("getSetting", () => ({ authSetting: {}, subscriptionsSetting: {} })),
  openSetting: api("openSetting", () => ({ authSetting: {} })),
  authorize: api("authorize", () => ({})),
  requestSubscribeMessage: api("requestSubscribeMessage", ({ tmplIds = [] }) =>
    Object.fromEntries(tmplIds.map((id) => [id, "accept"])),
  ),
  getUpdateManager: () => ({
    onCheckForUpdate: (told) => setTimeout(() => told({ hasUpdate: false })),
    onUpdateReady: () => {},
    onUpdateFailed: () => {},
    applyUpdate: () => location.reload(),
  }),
  getLogManager: () => console,
  getRealtimeLogManager: () => ({
    info: console.info,
    warn: console.warn,
    error: console.error,
    setFilterMsg() {},
    addFilterMsg() {},
  }),
};
