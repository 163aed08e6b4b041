/**
 * Requests of the page for its phones before they start: it logs in through the emulator of WeChat,
 * binds and joins through the API, as the phone itself would. It has no rights of its own.
 */
import { api_path as API, paths } from "../../protocol.json";

const tokens = new Map();
let emulator;

/** The server refused, or did not answer; the message is for people. */
export class Refused extends Error {}

/** Binds a person of the roster to their WeChat user, unless that is done. */
export async function bind({ user, number, code }) {
  if (!number || !code) return;
  const me = await call(user, "GET", paths.me);
  if (me.staff) return;
  await call(user, "POST", paths.binding, { staff_number: number, invite_code: code });
}

/** Joins an event by its code; returns the event. */
export async function join({ user }, code) {
  return (await call(user, "POST", paths.join, { code })).event;
}

/** Events that a host sees, the newest first, without drafts and ended ones. */
export async function events(host) {
  await bind(host);
  const { items } = await call(host.user, "GET", `${paths.events}?limit=100`);
  return items.filter(({ state }) => state === "open" || state === "scheduled");
}

async function call(user, method, path, body) {
  const send = async () =>
    ask(API + path, { method, body, token: tokens.get(user) ?? (await logIn(user)) });
  let answer = await send();
  if (answer.status === 401) {
    tokens.delete(user);
    answer = await send();
  }
  return said(answer);
}

async function logIn(user) {
  emulator ??= (await said(await ask("/stub/files/settings.json", {}))).emulator;
  if (!emulator) throw new Refused("这个服务连的是真正的微信，不能用模拟手机登录。");
  const given = await said(
    await ask(`${emulator}/__emulator__/codes`, { method: "POST", body: { user } }),
  );
  const { token } = await said(
    await ask(API + paths.login, { method: "POST", body: { code: given.code } }),
  );
  tokens.set(user, token);
  return token;
}

async function ask(url, { method = "GET", body, token }) {
  const headers = new Headers();
  if (body) headers.set("content-type", "application/json");
  if (token) headers.set("authorization", `Bearer ${token}`);
  try {
    return await fetch(url, {
      method,
      headers,
      body: body && JSON.stringify(body),
      credentials: "omit",
    });
  } catch {
    throw new Refused(`连不上 ${new URL(url, location.href).host}。`);
  }
}

async function said(answer) {
  const data = await answer.json();
  if (!answer.ok) throw new Refused(data.message ?? `服务器回答了 ${answer.status}。`);
  return data;
}
