/** `wx.connectSocket`: at most five; no ping of its own. */
import { amend, note, withoutSecrets } from "../journal.js";
import { current, fate, follow, oneWay } from "../network.js";
import { eventSource, Fail, report, settle } from "./api.js";

const AT_ONCE = 5;
const LOST_CODE = 1006;
const open = new Set();

/** Cuts all sockets, as WeChat does when the mini program is stopped. */
export function cutAll(reason) {
  for (const socket of [...open]) socket.cut(reason);
}

follow((condition) => {
  if (condition === "off" || condition === "drop") cutAll("network changed");
});

export function connectSocket(options) {
  const { url, protocols } = options;
  const events = {
    open: eventSource(),
    message: eventSource(),
    error: eventSource(),
    close: eventSource(),
  };
  const address = url.replace(/(ticket|token)=[^&]+/g, "$1=…").replace(/^wss?:\/\/[^/]+/, "");
  const entry = note("socket", `连接 ${address}`);
  let socket = null;
  let isClosed = false;

  const close = (code, reason) => {
    if (isClosed) return;
    isClosed = true;
    open.delete(task);
    note("socket", `断开 ${code} ${reason}`.trim());
    events.close.emit({ code, reason });
  };
  const fail = (why) => {
    amend(entry, { got: why });
    events.error.emit({ errMsg: why });
    close(LOST_CODE, why);
  };
  const connect = async () => {
    await oneWay();
    if (isClosed) return;
    if (current() === "off") {
      fail("net::ERR_INTERNET_DISCONNECTED");
      return;
    }
    socket = new WebSocket(url, protocols);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      amend(entry, { status: 101 });
      events.open.emit({ header: {} });
    });
    socket.addEventListener("message", async ({ data }) => {
      await oneWay();
      if (isClosed) return;
      note("received", titleOf(data), { got: withoutSecrets(parse(data)) });
      events.message.emit({ data });
      if (current() === "doubled") events.message.emit({ data });
    });
    socket.addEventListener("error", () => events.error.emit({ errMsg: "connect failed" }));
    socket.addEventListener("close", ({ code, reason }) => close(code, reason));
  };
  const say = async (data) => {
    note("sent", titleOf(data), { sent: withoutSecrets(parse(data)) });
    await oneWay();
    const how = fate();
    if (how === "lostBefore" || how === "lostAfter") {
      task.cut("net::ERR_CONNECTION_RESET");
      return;
    }
    if (socket?.readyState !== WebSocket.OPEN) return;
    socket.send(data);
    if (how === "twice") socket.send(data);
  };
  const task = {
    get readyState() {
      return isClosed ? WebSocket.CLOSED : (socket?.readyState ?? WebSocket.CONNECTING);
    },
    CONNECTING: 0,
    OPEN: 1,
    CLOSING: 2,
    CLOSED: 3,
    send(what) {
      const promise = settle("sendSocketMessage", async () => {
        if (task.readyState !== WebSocket.OPEN) throw new Fail("SocketTask.readyState is not OPEN");
        await say(what.data);
        return {};
      });
      report(promise, what);
    },
    close(what = {}) {
      socket?.close(what.code ?? 1000, what.reason ?? "");
      close(what.code ?? 1000, what.reason ?? "");
      what.success?.({ errMsg: "closeSocket:ok" });
      what.complete?.({ errMsg: "closeSocket:ok" });
    },
    cut(reason) {
      socket?.close();
      close(LOST_CODE, reason);
    },
    onOpen: events.open.on,
    onMessage: events.message.on,
    onError: events.error.on,
    onClose: events.close.on,
  };
  const started = settle("connectSocket", () => {
    if (open.size >= AT_ONCE) throw new Fail("exceed max task count");
    open.add(task);
    connect();
    return {};
  });
  report(started, options);
  started.catch(({ errMsg }) => fail(errMsg));
  return task;
}

function parse(data) {
  try {
    return JSON.parse(data);
  } catch {
    return typeof data === "string" ? data : "…";
  }
}

function titleOf(data) {
  const found = parse(data);
  return found?.type ?? "消息";
}
