/**
 * The open pages and WeChat's bars around them: the stack, the tabs, the lifecycle calls.
 */
import { components, config, tabBar as customTabBar, pages as paths } from "mini-program";
import { assetAddress } from "./assets.js";
import { elementOf } from "./gestures.js";
import { note } from "./journal.js";
import { make } from "./make.js";
import { whenAwake } from "./timers.js";
import { Fail } from "./wx/api.js";

const DEEPEST = 10;
const PULL_PIXELS = 60;
const tabs = (config.tabBar?.list ?? []).map(({ pagePath }) => pagePath);
const container = document.getElementById("pages");
const tabBar = document.getElementById("tabs");

let stack = [];
const tabPages = new Map();
let createRoot = null;
let customBar = null;

/** Sets the function that makes a page's component: `create(path, host)` returns glass-easel's root. */
export function begin(create) {
  createRoot = create;
  drawTabs();
}

/** The instances of the open pages, the lowest first. */
export function openPages() {
  return stack.map(({ instance }) => instance);
}

export function currentPage() {
  return stack.at(-1)?.instance ?? null;
}

/** The page that a component is on. */
export function pageOf(component) {
  const node = component?._$?.$$ ?? component?.$$ ?? null;
  return (
    stack.find(({ host, instance }) => instance === component || host.contains(node)) ??
    stack.at(-1)
  );
}

/** Path and query of an address such as `/pages/home/home?a=1`, relative to the open page. */
function parse(url) {
  const [name, search = ""] = String(url).split("?");
  const base = `http://app/${stack.at(-1)?.path ?? ""}`;
  const path = decodeURI(new URL(name, base).pathname).slice(1);
  const query = {};
  for (const part of search.split("&").filter(Boolean)) {
    const at = part.indexOf("=");
    // As WeChat does, the values stay as they are written.
    query[at < 0 ? part : part.slice(0, at)] = at < 0 ? "" : part.slice(at + 1);
  }
  if (!paths.includes(path)) throw new Fail(`page "${path}" is not found`);
  return { path, query };
}

function isTab(path) {
  return tabs.includes(path);
}

export const routes = {
  navigateTo({ url, events }) {
    const { path, query } = parse(url);
    if (isTab(path)) throw new Fail("can not navigateTo a tabbar page");
    if (stack.length >= DEEPEST) throw new Fail("webview count limit exceed");
    hide(stack.at(-1));
    const page = open(path, query, "in");
    return { eventChannel: page.channel(events) };
  },
  redirectTo({ url }) {
    const { path, query } = parse(url);
    if (isTab(path)) throw new Fail("can not redirectTo a tabbar page");
    const old = stack.pop();
    open(path, query);
    close(old);
  },
  reLaunch({ url }) {
    const { path, query } = parse(url);
    const old = [...new Set([...stack, ...tabPages.values()])];
    stack = [];
    tabPages.clear();
    open(path, query);
    for (const page of old) close(page);
  },
  switchTab({ url }) {
    const { path } = parse(url);
    if (!isTab(path)) throw new Fail("can not switch to no-tabBar page");
    const [lowest] = stack;
    if (stack.length === 1 && lowest.path === path) return;
    for (const page of stack.splice(1)) close(page);
    if (lowest && isTab(lowest.path)) hide(lowest);
    else if (lowest) close(lowest);
    stack = [];
    const known = tabPages.get(path);
    if (known) {
      stack = [known];
      show(known);
    } else {
      open(path, {});
    }
  },
  navigateBack({ delta = 1 } = {}) {
    if (stack.length < 2) throw new Fail("cannot navigate back at first page");
    const left = stack.splice(Math.max(1, stack.length - delta));
    for (const page of left.reverse()) close(page);
    show(stack.at(-1));
  },
};

/** Opens the first page of a visit. */
export function launch(path, query) {
  open(path, query);
}

function open(path, query, how = "") {
  const page = build(path, query, how);
  stack.push(page);
  if (isTab(path)) tabPages.set(path, page);
  note("page", path, { sent: Object.keys(query).length ? query : undefined });
  page.root = createRoot(path, page.body);
  page.instance = page.root.get();
  Object.assign(page.instance, { route: path, options: query, __route__: path });
  call(page, "onLoad", query);
  show(page);
  requestAnimationFrame(() => {
    page.root.getComponent().triggerLifetime("ready", []);
    call(page, "onReady");
  });
  return page;
}

function build(path, query, how) {
  const settings = { ...config.window, ...components[path] };
  const isCustom = settings.navigationStyle === "custom";
  const title = make("h1", { class: "bar-title" }, settings.navigationBarTitleText ?? "");
  const back = make("button", {
    type: "button",
    class: "bar-back",
    "aria-label": "返回",
    onclick: () => goBack(),
  });
  const bar = make(
    "header",
    { class: `bar ${isCustom ? "bar--custom" : ""}` },
    back,
    title,
    make("span", { class: "bar-spinner", hidden: true }),
  );
  const puller = make(
    "div",
    { class: "puller", "aria-hidden": "true" },
    make("i"),
    make("i"),
    make("i"),
  );
  const body = document.createElement("wx-body");
  const view = make("main", { class: "page-view" }, puller, body);
  const host = make(
    "section",
    { class: `page ${how ? `page--${how}` : ""}`, "data-path": path },
    bar,
    view,
  );
  const page = {
    path,
    query,
    settings,
    host,
    bar,
    title,
    back,
    view,
    body,
    puller,
    channels: {},
    isTab: isTab(path),
  };
  page.channel = (events = {}) => channelOf(page, events);
  host.classList.toggle("page--tab", page.isTab);
  paintBar(page, settings);
  if (settings.disableScroll) body.classList.add("wx-body--still");
  view.style.backgroundColor = settings.backgroundColor ?? "";
  watchScroll(page);
  if (settings.enablePullDownRefresh) watchPull(page);
  container.append(host);
  return page;
}

function paintBar(
  { bar, host },
  { navigationBarBackgroundColor = "#000000", navigationBarTextStyle = "white" },
) {
  bar.style.backgroundColor = navigationBarBackgroundColor;
  host.dataset.bar = navigationBarTextStyle;
  host.style.setProperty("--bar", navigationBarBackgroundColor);
}

function show(page) {
  page.host.hidden = false;
  page.back.dataset.sign = stack.length > 1 ? "back" : "home";
  page.back.setAttribute("aria-label", stack.length > 1 ? "返回" : "回首页");
  page.back.hidden = stack.length < 2 && (isTab(page.path) || page.path === paths[0]);
  markTab(page.path);
  const phone = document.getElementById("phone");
  phone.dataset.bar = page.host.dataset.bar;
  phone.dataset.custom = String(page.settings.navigationStyle === "custom");
  document.getElementById("status").style.backgroundColor = page.bar.style.backgroundColor;
  page.root?.getComponent().triggerPageLifetime("show", []);
  call(page, "onShow");
}

function hide(page) {
  if (!page) return;
  page.root.getComponent().triggerPageLifetime("hide", []);
  call(page, "onHide");
  page.host.hidden = true;
}

function close(page) {
  call(page, "onUnload");
  // Later updates of a page that was closed are not shown, as in WeChat.
  page.instance.setData = () => {};
  page.root.release();
  page.host.remove();
  if (tabPages.get(page.path) === page) tabPages.delete(page.path);
}

/** Calls a function of a page if the page has it; an exception is reported to the app. */
function call(page, name, ...values) {
  return page.instance?.[name]?.(...values);
}

/** The person's own way back, or home from a page that was opened from outside. */
export function goBack() {
  if (stack.length > 1) routes.navigateBack({});
  else routes.reLaunch({ url: `/${paths[0]}` });
}

/** Tells the pages that the person left WeChat, or is back. */
export function foreground(isBack) {
  const page = stack.at(-1);
  if (!page) return;
  page.root.getComponent().triggerPageLifetime(isBack ? "show" : "hide", []);
  call(page, isBack ? "onShow" : "onHide");
}

/** Tells the open page that its size has changed. */
export function resized() {
  const page = stack.at(-1);
  const size = { windowWidth: innerWidth, windowHeight: page?.view.clientHeight ?? innerHeight };
  if (page) call(page, "onResize", { size });
}

function watchScroll(page) {
  const far = page.settings.onReachBottomDistance ?? 50;
  let wasFar = true;
  page.body.addEventListener("scroll", () => {
    const { scrollTop, scrollHeight, clientHeight } = page.body;
    whenAwake(() => call(page, "onPageScroll", { scrollTop }));
    const isFar = scrollTop + clientHeight < scrollHeight - far;
    if (wasFar && !isFar) whenAwake(() => call(page, "onReachBottom"));
    wasFar = isFar;
  });
}

/** Pulling a page down: by finger or mouse from its top. */
function watchPull(page) {
  let from = null;
  page.body.addEventListener("pointerdown", ({ clientY }) => {
    from = page.body.scrollTop <= 0 ? clientY : null;
  });
  page.body.addEventListener("pointermove", ({ clientY, buttons }) => {
    if (from !== null && buttons && clientY - from > PULL_PIXELS) {
      from = null;
      pull(page);
    }
  });
}

function pull(page) {
  page.view.classList.add("page-view--pulled");
  note("page", "下拉刷新");
  whenAwake(() => call(page, "onPullDownRefresh"));
}

/** Pulls the open page down, as a finger would. */
export function startPull() {
  const page = stack.at(-1);
  if (page) pull(page);
}

export function stopPull() {
  for (const page of stack) page.view.classList.remove("page-view--pulled");
}

/** Changes the bar of a page: `{title, frontColor, backgroundColor, isLoading}`. */
export function changeBar({ title, frontColor, backgroundColor, isLoading }, page = stack.at(-1)) {
  if (!page) return;
  if (title !== undefined) page.title.textContent = title;
  if (isLoading !== undefined) page.bar.querySelector(".bar-spinner").hidden = !isLoading;
  if (!frontColor && !backgroundColor) return;
  paintBar(page, {
    navigationBarBackgroundColor: backgroundColor ?? page.bar.style.backgroundColor,
    navigationBarTextStyle: frontColor
      ? frontColor === "#000000"
        ? "black"
        : "white"
      : page.host.dataset.bar,
  });
  if (page === stack.at(-1)) {
    document.getElementById("phone").dataset.bar = page.host.dataset.bar;
    document.getElementById("status").style.backgroundColor = page.bar.style.backgroundColor;
  }
}

/** The page around an element. */
export function pageAround(element) {
  return [...stack, ...tabPages.values()].find(({ host }) => host.contains(element.$$));
}

export function scrollPage({ scrollTop, selector, duration = 300, offsetTop = 0 }) {
  const page = stack.at(-1);
  const behavior = duration > 0 ? "smooth" : "auto";
  const node = selector ? page.instance._$.getShadowRoot().querySelector(selector)?.$$ : null;
  const top = node
    ? node.getBoundingClientRect().top - page.view.getBoundingClientRect().top + page.body.scrollTop
    : scrollTop;
  page.body.scrollTo({ top: (top ?? 0) + offsetTop, behavior });
}

function drawTabs() {
  const bar = config.tabBar;
  if (!bar) return;
  if (customTabBar) {
    const host = make("div", { class: "tabs-custom" });
    tabBar.append(host);
    customBar = createRoot(customTabBar, host).get();
    return;
  }
  tabBar.style.backgroundColor = bar.backgroundColor ?? "#fff";
  tabBar.dataset.border = bar.borderStyle ?? "black";
  for (const { pagePath, text, iconPath } of bar.list) {
    const icon = iconPath
      ? make("img", {
          src: assetAddress(`/${iconPath.replace(/^\//, "")}`),
          alt: "",
          width: 27,
          height: 27,
        })
      : "";
    const item = make(
      "button",
      { type: "button", class: "tab", "data-path": pagePath, onclick: () => tabTapped(pagePath) },
      icon,
      make("span", { class: "tab-words" }, text),
      make("b", { class: "tab-badge", hidden: true }),
    );
    tabBar.append(item);
  }
}

function tabTapped(path) {
  const at = tabs.indexOf(path);
  const page = stack.at(-1);
  if (page?.path === path) {
    call(page, "onTabItemTap", { index: at, pagePath: path, text: config.tabBar.list[at].text });
    return;
  }
  routes.switchTab({ url: `/${path}` });
}

function markTab(path) {
  const isShown = isTab(path);
  tabBar.hidden = !isShown;
  document.getElementById("phone").dataset.tabs = String(isShown);
  if (!isShown || customTabBar) return;
  const { color = "#7d8592", selectedColor = "#07c160", list } = config.tabBar;
  for (const [at, item] of [...tabBar.querySelectorAll(".tab")].entries()) {
    const isChosen = list[at].pagePath === path;
    item.style.color = isChosen ? selectedColor : color;
    if (isChosen) item.setAttribute("aria-current", "page");
    else item.removeAttribute("aria-current");
    const icon = item.querySelector("img");
    const source = isChosen ? (list[at].selectedIconPath ?? list[at].iconPath) : list[at].iconPath;
    if (icon && source) icon.src = assetAddress(`/${source.replace(/^\//, "")}`);
  }
}

/** The custom tab bar of the open page: `this.getTabBar()`. */
export function getTabBar() {
  return customBar;
}

export const tabBarRoutes = {
  setTabBarBadge: ({ index, text }) => badge(index, text),
  removeTabBarBadge: ({ index }) => badge(index, null),
  showTabBarRedDot: ({ index }) => badge(index, ""),
  hideTabBarRedDot: ({ index }) => badge(index, null),
  showTabBar: () => {
    tabBar.hidden = !isTab(stack.at(-1)?.path);
  },
  hideTabBar: () => {
    tabBar.hidden = true;
  },
  setTabBarItem: ({ index, text }) => {
    const words = tabBar.querySelectorAll(".tab-words")[index];
    if (words && text) words.textContent = text;
  },
  setTabBarStyle: ({ backgroundColor }) => {
    if (backgroundColor) tabBar.style.backgroundColor = backgroundColor;
  },
};

function badge(at, text) {
  const node = tabBar.querySelectorAll(".tab-badge")[at];
  if (!node) throw new Fail("index is out of range");
  node.hidden = text === null;
  node.textContent = text ?? "";
}

/** The channel of events between a page and the one that it opened. */
function channelOf(page, events) {
  const listeners = { ...events };
  page.instance.getOpenerEventChannel = () => channel;
  const channel = {
    on: (name, listener) => {
      listeners[name] = listener;
    },
    once: (name, listener) => {
      listeners[name] = listener;
    },
    off: (name) => {
      delete listeners[name];
    },
    emit: (name, ...values) => listeners[name]?.(...values),
  };
  return channel;
}

export { elementOf };
