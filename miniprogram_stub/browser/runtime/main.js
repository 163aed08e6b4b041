/** The phone: starts the mini program in this document. */
import { glassEasel, MiniProgramEnv } from "glass-easel-miniprogram-adapter";
import * as program from "mini-program";
import { Backend } from "./backend.js";
import { install as installChrome } from "./chrome.js";
import { define } from "./elements/index.js";
import { listen } from "./gestures.js";
import * as journal from "./journal.js";
import { load } from "./loader.js";
import * as network from "./network.js";
import * as pages from "./pages.js";
import * as person from "./person.js";
import { install as installShaker } from "./shaker.js";
import { resume, suspend, whenAwake } from "./timers.js";
import * as device from "./wx/device.js";
import { appEvents, wx } from "./wx/index.js";
import { offerEvents } from "./wx/media.js";
import { interruptAll } from "./wx/request.js";
import { cutAll } from "./wx/socket.js";
import * as storage from "./wx/storage.js";

const SUSPENDED_AFTER_MS = 5000;

// Must come before the environment is made, otherwise the document lacks the ids.
glassEasel.globalOptions.writeIdToDOM = true;
globalThis.getRegExp = (pattern, flags) => new RegExp(pattern, flags);
globalThis.getDate = (...values) => new Date(...values);

for (const kind of ["error", "warn"]) {
  const before = console[kind].bind(console);
  console[kind] = (...values) => {
    journal.note(kind, values.map((value) => value?.stack ?? String(value)).join(" "));
    before(...values);
  };
}

const env = new MiniProgramEnv();
const space = env.createCodeSpace("", true);
define(space.getComponentSpace());
const backend = env.associateBackend(new Backend());

const app = { globalData: undefined };
const definition = load(space, { wx, getApp: () => app, getCurrentPages: pages.openPages });
for (const [name, value] of Object.entries(definition)) {
  app[name] = typeof value === "function" ? value.bind(app) : value;
}

function createRoot(path, host) {
  const root = backend.createRoot("wx-page", space, path);
  const place = document.createElement("span");
  host.append(place);
  root.attach(host, place);
  return root;
}

addEventListener("error", ({ message, error }) => {
  journal.note("error", error?.stack ?? message);
  app.onError?.(error?.stack ?? message);
  appEvents.error.emit({ message });
});
addEventListener("unhandledrejection", (event) => {
  const { reason } = event;
  journal.note("error", reason?.stack ?? reason?.errMsg ?? String(reason));
  app.onUnhandledRejection?.({ reason });
  appEvents.rejection.emit({ reason });
});
addEventListener("resize", () => pages.resized());

let isAway = false;
let suspending = 0;

/** The person leaves WeChat for so many milliseconds; after five seconds the scripts stop. */
function leave(ms) {
  if (isAway) return;
  isAway = true;
  journal.note("page", "切到后台");
  document.getElementById("phone").classList.add("away");
  pages.foreground(false);
  app.onHide?.();
  appEvents.hide.emit({});
  suspending = setTimeout(() => {
    suspend();
    interruptAll();
    cutAll("interrupted");
  }, SUSPENDED_AFTER_MS);
  if (ms) setTimeout(comeBack, ms);
}

/** The person is back. */
function comeBack() {
  if (!isAway) return;
  isAway = false;
  clearTimeout(suspending);
  resume();
  journal.note("page", "回到前台");
  document.getElementById("phone").classList.remove("away");
  const options = { ...wx.getLaunchOptionsSync(), scene: 1089 };
  app.onShow?.(options);
  appEvents.show.emit(options);
  pages.foreground(true);
}

// On a real mobile that plays full screen, the person really leaves and comes back.
if (!person.isFramed) {
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : comeBack()));
}

/** For the page around the phone, and for tests. */
window.phone = {
  user: person.user,
  journal,
  network,
  storage,
  leave,
  comeBack,
  shake: device.shake,
  isShaking: device.isShaking,
  setTextScale(scale) {
    device.setTextScale(scale);
    pages.foreground(false);
    pages.foreground(true);
  },
  useMotion: device.useMotion,
  offerEvents,
  back: pages.goBack,
  open: (url) => pages.routes.reLaunch({ url }),
  get page() {
    return pages.currentPage()?.route ?? "";
  },
  whenAwake,
};

device.setTextScale(Number(new URLSearchParams(location.search).get("text")) || 1);
installChrome({ onBack: pages.goBack, onLeave: () => leave(10_000) });
if (!person.isFramed) installShaker();
listen(document.getElementById("phone"));
pages.begin(createRoot);
const asked = person.launch.path;
const options = {
  path: program.pages.includes(asked) ? asked : program.pages[0],
  query: person.launch.query,
  scene: person.launch.scene,
  referrerInfo: {},
};
app.onLaunch?.(options);
app.onShow?.(options);
if (asked && !program.pages.includes(asked)) {
  app.onPageNotFound?.({ path: asked, query: options.query, isEntryPage: true });
  appEvents.notFound.emit({ path: asked });
}
pages.launch(options.path, options.query);
document.documentElement.dataset.ready = "true";
