/** The log of a phone: requests, messages, pages and errors as they come, the newest at the bottom. */
import { make } from "../runtime/make.js";

const GROUPS = {
  all: { words: "全部", kinds: null },
  requests: { words: "请求", kinds: ["request", "login"] },
  messages: { words: "消息", kinds: ["socket", "sent", "received"] },
  pages: { words: "页面", kinds: ["page"] },
  faults: { words: "错误", kinds: ["error", "warn"] },
};
const KINDS = {
  request: "请求",
  login: "登录",
  socket: "连接",
  sent: "发出",
  received: "收到",
  page: "页面",
  error: "错误",
  warn: "警告",
};
const LINES = 200;

export class Log {
  constructor(label) {
    this._lines = new Map();
    this._group = "all";
    this._end = () => {};
    this._list = make("ol", { class: "log", tabindex: "0", "aria-label": label });
    this._filter = make(
      "select",
      { "aria-label": `${label}：显示哪些`, onchange: ({ target }) => this._show(target.value) },
      ...Object.entries(GROUPS).map(([name, { words }]) => make("option", { value: name }, words)),
    );
    this._clear = make("button", { type: "button", onclick: () => this._empty() }, "清空");
    this.node = make(
      "div",
      { class: "log-box" },
      make("div", { class: "row" }, this._filter, this._clear),
      this._list,
    );
  }

  /** Shows the log of this phone from now on; null shows none. */
  follow(phone) {
    this._end();
    this._empty();
    this._end = () => {};
    if (!phone) return;
    for (const entry of phone.journal.all()) this._write(entry);
    this._end = phone.journal.follow((entry) => this._write(entry));
  }

  _show(group) {
    this._group = group;
    for (const line of this._lines.values()) line.hidden = !this._fits(line.dataset.kind);
  }

  _fits(kind) {
    const { kinds } = GROUPS[this._group];
    return !kinds || kinds.includes(kind);
  }

  _empty() {
    this._lines.clear();
    this._list.replaceChildren();
  }

  _write(entry) {
    const { scrollTop, scrollHeight, clientHeight } = this._list;
    const isAtEnd = scrollTop + clientHeight > scrollHeight - 24;
    const line = drawn(entry);
    line.hidden = !this._fits(entry.kind);
    const before = this._lines.get(entry.number);
    if (before) {
      line.firstChild.open = before.firstChild.open === true;
      before.replaceWith(line);
    } else this._list.append(line);
    this._lines.set(entry.number, line);
    if (this._lines.size > LINES) {
      const [[oldest, node]] = this._lines;
      node.remove();
      this._lines.delete(oldest);
    }
    if (isAtEnd) this._list.scrollTop = this._list.scrollHeight;
  }
}

function drawn(entry) {
  const { kind, title, at, status, ms, sent, got } = entry;
  const isBad = kind === "error" || status === 0 || status >= 400;
  const head = [
    make("time", {}, new Date(at).toLocaleTimeString("zh-CN", { hour12: false })),
    make("b", { class: `kind kind--${kind}` }, KINDS[kind] ?? kind),
    make("span", { class: "log-title" }, title),
    make("span", { class: isBad ? "log-end log-end--bad" : "log-end" }, ending(status, ms)),
  ];
  const parts = { 发出: sent, 得到: got };
  const known = Object.entries(parts).filter(([, value]) => value !== undefined && value !== null);
  const content = known.length
    ? make(
        "details",
        {},
        make("summary", { class: "log-line" }, ...head),
        ...known.map(([words, value]) => make("div", {}, make("h4", {}, words), text(value))),
      )
    : make("div", { class: "log-line" }, ...head);
  const line = make("li", { "data-number": entry.number }, content);
  line.dataset.kind = kind;
  return line;
}

function ending(status, ms) {
  if (status === undefined) return "";
  return `${status || "丢失"}${ms === undefined ? "" : ` · ${ms} ms`}`;
}

/** A value as selectable text. */
export function text(value) {
  return make("pre", {}, typeof value === "string" ? value : JSON.stringify(value, null, 2));
}
