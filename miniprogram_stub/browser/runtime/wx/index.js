/** The object `wx` of the mini program. */
import { button, navigationBar, navigator } from "../elements/actions.js";
import * as pages from "../pages.js";
import { launch, user } from "../person.js";
import { accountApi, agree } from "./account.js";
import { api, eventSource } from "./api.js";
import { device } from "./device.js";
import { files } from "./files.js";
import { interaction } from "./interaction.js";
import { media } from "./media.js";
import { createSelectorQuery } from "./query.js";
import { downloadFile, request, uploadFile } from "./request.js";
import { connectSocket } from "./socket.js";
import { storage } from "./storage.js";

export const appEvents = {
  show: eventSource(),
  hide: eventSource(),
  error: eventSource(),
  rejection: eventSource(),
  notFound: eventSource(),
};

const routed = Object.fromEntries(
  Object.entries({ ...pages.routes, ...pages.tabBarRoutes }).map(([name, work]) => [
    name,
    api(name, work),
  ]),
);

export const wx = {
  ...accountApi,
  ...device,
  ...interaction,
  ...media,
  ...files,
  ...storage,
  ...routed,
  request,
  uploadFile,
  downloadFile,
  connectSocket,
  createSelectorQuery,
  nextTick: (work) => queueMicrotask(work),
  getLaunchOptionsSync: () => ({ ...launch, referrerInfo: {} }),
  getEnterOptionsSync: () => ({ ...launch, referrerInfo: {} }),
  onAppShow: appEvents.show.on,
  offAppShow: appEvents.show.off,
  onAppHide: appEvents.hide.on,
  offAppHide: appEvents.hide.off,
  onError: appEvents.error.on,
  offError: appEvents.error.off,
  onUnhandledRejection: appEvents.rejection.on,
  offUnhandledRejection: appEvents.rejection.off,
  onPageNotFound: appEvents.notFound.on,
  offPageNotFound: appEvents.notFound.off,
  setNavigationBarTitle: api("setNavigationBarTitle", ({ title }) => pages.changeBar({ title })),
  setNavigationBarColor: api("setNavigationBarColor", ({ frontColor, backgroundColor }) =>
    pages.changeBar({ frontColor, backgroundColor }),
  ),
  showNavigationBarLoading: api("showNavigationBarLoading", () =>
    pages.changeBar({ isLoading: true }),
  ),
  hideNavigationBarLoading: api("hideNavigationBarLoading", () =>
    pages.changeBar({ isLoading: false }),
  ),
  setBackgroundColor: api("setBackgroundColor", () => ({})),
  setBackgroundTextStyle: api("setBackgroundTextStyle", () => ({})),
  startPullDownRefresh: api("startPullDownRefresh", pages.startPull),
  stopPullDownRefresh: api("stopPullDownRefresh", pages.stopPull),
  pageScrollTo: api("pageScrollTo", pages.scrollPage),
  showShareMenu: api("showShareMenu", () => ({})),
  hideShareMenu: api("hideShareMenu", () => ({})),
  updateShareMenu: api("updateShareMenu", () => ({})),
  enableAlertBeforeUnload: api("enableAlertBeforeUnload", () => ({})),
  disableAlertBeforeUnload: api("disableAlertBeforeUnload", () => ({})),
  exitMiniProgram: api("exitMiniProgram", () => ({})),
  loadFontFace: api("loadFontFace", () => ({})),
  createAnimation: () => animation(),
  createIntersectionObserver: (component, options) => component.createIntersectionObserver(options),
  createMediaQueryObserver: (component) => component.createMediaQueryObserver(),
  getPerformance: () => performance,
  reportEvent() {},
  reportMonitor() {},
  env: { USER_DATA_PATH: "wxfile://usr", user },
};

button.agree = agree;
button.share = (component) => {
  const page = pages.pageAround(component)?.instance;
  const card = page?.onShareAppMessage?.({ from: "button", target: component });
  interaction.showToast({ title: card?.title ? `已分享：${card.title}` : "已分享", icon: "none" });
};
navigator.go = ({ url, openType, delta }, component) => {
  const routes = {
    navigate: "navigateTo",
    redirect: "redirectTo",
    switchTab: "switchTab",
    reLaunch: "reLaunch",
    navigateBack: "navigateBack",
  };
  wx[routes[openType] ?? "navigateTo"]({
    url,
    delta,
    fail: ({ errMsg }) => component.triggerEvent("fail", { errMsg }),
  });
};
navigationBar.change = (component, change) => pages.changeBar(change, pages.pageAround(component));

/** An animation without effect: pages of this mini program animate with WXSS. */
function animation() {
  const made = new Proxy(
    {},
    { get: (_, name) => (name === "export" ? () => ({ actions: [] }) : () => made) },
  );
  return made;
}
