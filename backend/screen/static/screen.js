// The big screen of one event: takes messages from the stream and keeps the page in step.

/** @import { BoardRow, EventFacts, State } from "./state.js" */
/** @import { View } from "./views.js" */

import { Board } from "./board.js";
import { Ceremony } from "./ceremony.js";
import { Countdown, ServerClock } from "./clock.js";
import { cue, switchCues } from "./cues.js";
import { shrinkToFit } from "./fit.js";
import { Media } from "./media.js";
import { countTo } from "./motion.js";
import { Newcomers } from "./newcomers.js";
import { Operator } from "./operator.js";
import { QuietFacts, QuietViews } from "./quiet.js";
import { Acts, Scene } from "./scene.js";
import {
  badgesOf,
  emptyBoardOf,
  formatCountdown,
  formatPoints,
  invitationOf,
  isBefore,
  isOver,
  isRevealing,
  lengthOf,
  noticeOf,
  playersHeadingOf,
  proclamationOf,
} from "./state.js";
import { EventStream } from "./stream.js";
import { Ticker } from "./ticker.js";
import { isUnveiling, shownOf, situationOf, turnedFrom, viewsOf } from "./views.js";
import { Wall } from "./wall.js";

const RELOAD_GAP_MS = 10_000;
const LAST_SECONDS = 60;
// How often the pinned posts are asked for while they are shown.
const POSTS_MS = 15_000;
// How long the board stays after the last row of a reveal was opened: the spotlight takes so long.
const SETTLE_MS = 6_000;
const PLAYER_ROWS = {
  least: 6,
  most: 10,
  rowRem: 3.5,
  perHeight: 0.55,
  perWidth: 0.041,
  letterRem: 3.2,
};
const TEAM_ROWS = {
  least: 4,
  most: 12,
  rowRem: 2.9,
  perHeight: 0.54,
  perWidth: 0.06,
  letterRem: 2.2,
};
const TITLE_WIDTH = { long: 16, longest: 22 };

const body = document.body;
/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {string} name */
const fact = (name) => body.dataset[name] ?? "";
const clock = new ServerClock();
const countdown = new Countdown(clock);
const ceremony = new Ceremony();
const ticker = new Ticker(at("gains"));
const media = new Media();
const acts = new Acts(JSON.parse(fact("acts")), drawSoon);
const tools = { clock, celebrate };
const scene = new Scene(at("scene"), acts, tools);
const quiet = new QuietViews(at("quiet"), tools);
const quietFacts = new QuietFacts(`/api/v1/events/${fact("eventId")}/screen-views`, drawSoon);
const newcomers = new Newcomers(at("newcomers"), at("newcomers-list"));
const wall = new Wall(
  { row: at("wall"), alone: at("exhibit") },
  `/api/v1/events/${fact("eventId")}/screen-pictures`,
);
const players = new Board(at("player-rows"), {
  template: "player-row",
  prefix: "row",
  detail: (row) => row.team ?? "",
  limits: PLAYER_ROWS,
  onUnveil: (rows) => ceremony.celebrate(rows),
  onRoom: drawSoon,
});
const teams = new Board(at("team-rows"), {
  template: "team-row",
  prefix: "team",
  detail: (row) => (row.members ? `${row.members} 人` : ""),
  limits: TEAM_ROWS,
  onRoom: drawSoon,
});

/** @type {State | null} */
let latest = null;
let rendering = false;
let wasUnveiling = false;
let settlesUntil = 0;
const turnedKey = `linka-turned-${fact("eventId")}`;

/**
 * @param {string} kind
 * @param {any} data
 */
function hear(kind, data) {
  clock.hear(data.server_time);
  if (kind === "gain" && !latest?.event.frozen) ticker.add(data);
  scene.hear(kind, data);
  if (kind !== "state") return;
  latest = data;
  countdown.follow(data);
  settle(data);
  quietFacts.stale();
  drawSoon();
}

function celebrate() {
  ceremony.shower(60);
  cue("winner");
}

/**
 * Keeps the board for a moment when a reveal has just opened its last row.
 * @param {State} state
 */
function settle(state) {
  const unveils = isUnveiling(state);
  if (wasUnveiling && !unveils && state.event.reveal) {
    settlesUntil = performance.now() + SETTLE_MS;
    setTimeout(drawSoon, SETTLE_MS + 50);
  }
  wasUnveiling = unveils;
}

function drawSoon() {
  if (rendering || latest === null) return;
  rendering = true;
  requestAnimationFrame(() => {
    rendering = false;
    if (latest) draw(latest);
  });
}

/** @param {State} state */
function draw(state) {
  drawEvent(state.event);
  drawNotice(state.event);
  const view = viewNow(state);
  drawView(state, view);
  drawScene(state, view);
  drawNow(state, view);
  media.render(state.media);
  drawWall(state);
  drawNewcomers(view);
  countTo(at("player-count"), state.players, formatPoints);
  drawPresent(state.present);
  drawBoards(state.boards, state.event);
  drawCountdown();
}

/**
 * How many phones are connected just now; some activities are played without a connection.
 * @param {number} count
 */
function drawPresent(count) {
  at("present-figure").hidden = count === 0;
  countTo(at("present-count"), count, formatPoints);
}

/** @param {EventFacts} event */
function drawEvent(event) {
  followJoinCode(event.join_code);
  write("title", event.title);
  at("title").dataset.length = lengthOf(event.title, TITLE_WIDTH);
  for (const [id, words] of Object.entries(badgesOf(event))) showIf(id, words);
  drawProclamation(proclamationOf(event));
  write("players-heading", playersHeadingOf(event));
  body.dataset.over = String(isOver(event));
  body.dataset.frozen = String(event.frozen);
  body.dataset.paused = String(event.paused);
  body.dataset.reveal = String(isRevealing(event));
}

/** @param {EventFacts} event */
function drawNotice(event) {
  const notice = noticeOf(event);
  showIf("notice", notice);
  at("gains").hidden = at("ticker-label").hidden = notice !== null;
  if (event.frozen || isOver(event)) ticker.clear();
}

/** @param {{mood: string, seal: string, words: string} | null} news */
function drawProclamation(news) {
  at("proclamation").hidden = news === null;
  if (news === null) return;
  at("proclamation").dataset.mood = news.mood;
  at("proclamation-seal").textContent = news.seal;
  write("proclamation-words", news.words);
}

/** The content that the page can show. */
function canShow() {
  const suggestions = quietFacts.facts?.suggestions?.length ?? null;
  const posts = quietFacts.facts?.posts.length ?? 0;
  return { has: (/** @type {string} */ kind) => acts.has(kind), suggestions, posts };
}

/**
 * The view to show, with what was turned to at this computer.
 * @param {State} state
 */
function viewNow(state) {
  return shownOf(state, canShow(), turned(state), performance.now() < settlesUntil);
}

/**
 * The key of the view to which this page was turned; it holds as long as nothing else is chosen or
 * begins, also when the page is loaded again. A preview shows what the host chose.
 * @param {State} state
 * @returns {string | null}
 */
function turned(state) {
  if (body.hasAttribute("data-preview")) return null;
  const kept = JSON.parse(localStorage.getItem(turnedKey) ?? "null");
  if (kept === null || kept.situation === situationOf(state)) return kept?.key ?? null;
  localStorage.removeItem(turnedKey);
  return null;
}

/** @param {number} step */
function turn(step) {
  if (!latest || isUnveiling(latest)) return "揭榜时不能切换";
  const key = turnedFrom(viewsOf(latest, canShow()), viewNow(latest).key, step);
  localStorage.setItem(turnedKey, JSON.stringify({ key, situation: situationOf(latest) }));
  drawSoon();
  return `${viewNow(latest).title}　按 Esc 跟随主持人`;
}

function follow() {
  localStorage.removeItem(turnedKey);
  drawSoon();
  return latest ? `跟随主持人：${viewNow(latest).title}` : "";
}

/**
 * @param {State} state
 * @param {View} view
 */
function drawView(state, view) {
  if (body.dataset.view !== view.name) {
    body.dataset.view = view.name;
    shrinkToFit(at("join-code"));
  }
  at("loading").hidden = true;
  at("empty-state").hidden = view.name !== "welcome";
  at("halt").hidden = !state.event.paused || isOver(state.event) || isRevealing(state.event);
  write("invitation-more", invitationOf(state.event, fact("invitation")));
}

/**
 * @param {State} state
 * @param {View} view
 */
function drawScene(state, view) {
  const { activity, name } = view;
  const code = state.event.join_code;
  const isStage = name === "welcome" || name === "board";
  const showsCode = Boolean(code) && !isStage && !isOver(state.event) && !isRevealing(state.event);
  at("code-figure").hidden = !showsCode || activity?.phase === "lobby";
  write("scene-code", code ?? "");
  body.dataset.scene = activity?.kind ?? "";
  at("stage").hidden = at("ticker").hidden = !isStage;
  scene.render(activity, state);
  quiet.render(name, { state, quiet: quietFacts.facts });
  if (isStage) shrinkToFit(at("join-code"));
}

/**
 * Says beside the board what is on now: an activity, else the step of the agenda.
 * @param {State} state
 * @param {View} view
 */
function drawNow(state, view) {
  const step = quietFacts.facts?.agenda.find((one) => !one.done);
  const title = state.activities?.[0]?.title ?? step?.title ?? "";
  const isShown = view.name === "board" && state.event.state === "open" && title !== "";
  showIf("now", isShown && !isRevealing(state.event) ? `现在：${title}` : null);
}

/**
 * What is pinned stands below the board in place of the ticker; a reveal and the end show neither.
 * @param {State} state
 */
function drawWall(state) {
  const isBoards = isRevealing(state.event) || isOver(state.event);
  const pinned = isBoards || at("stage").hidden ? [] : state.wall.pinned;
  wall.render(pinned, isBoards ? null : state.wall.full_screen);
  if (pinned.length > 0) at("ticker").hidden = true;
}

/**
 * Those who have just signed in stand below the invitation, where gains are at other times.
 * @param {View} view
 */
function drawNewcomers(view) {
  const isFree = view.name === "welcome" && at("wall").hidden;
  newcomers.render(isFree ? (quietFacts.facts?.arrivals.newest ?? []) : []);
  if (!at("newcomers").hidden) at("ticker").hidden = true;
}

/**
 * @param {State["boards"]} boards
 * @param {EventFacts} event
 */
function drawBoards(boards, event) {
  const underWay = (event.reveal?.step ?? 0) > 1;
  players.render(boards.players.rows, underWay);
  teams.render(boards.teams.rows, underWay);
  const { total } = boards.players;
  write("players-total", total > 0 ? `共 ${formatPoints(total)} 人上榜` : "");
  write("formula", boards.teams.formula ?? "");
  write("players-none", emptyBoardOf(event));
  at("players-none").hidden = boards.players.rows.length > 0;
  at("teams-none").hidden = boards.teams.rows.length > 0;
}

function drawCountdown() {
  const left = countdown.secondsLeft();
  const event = latest?.event;
  const wanted = left !== null && event !== undefined && !isOver(event);
  at("countdown-figure").hidden = !wanted;
  if (!wanted) return;
  const before = isBefore(event);
  write("countdown", left > 0 ? formatCountdown(left) : before ? "马上开始" : "时间到");
  write("countdown-label", before ? "距开始" : event.paused ? "计时已停" : "距结束");
  body.dataset.lastSeconds = String(left <= LAST_SECONDS && !event.paused);
  soundSeconds(left, before, event.paused);
}

let secondsSounded = Number.NaN;

/**
 * @param {number} left
 * @param {boolean} before
 * @param {boolean} paused
 */
function soundSeconds(left, before, paused) {
  if (left === secondsSounded || paused) return;
  secondsSounded = left;
  if (left > 0 && left <= 5) cue("second");
  if (left === 0 && before) cue("start");
}

/**
 * @param {string} phase
 * @param {number} seconds
 */
function drawFreshness(phase, seconds) {
  if (body.dataset.stream !== phase) body.dataset.stream = phase;
  at("stale-badge").hidden = phase !== "stale";
  if (phase === "stale") write("stale-age", ` ${Math.max(1, seconds)} 秒`);
  drawCountdown();
}

/**
 * The QR code is drawn by the server: a changed join code needs the page anew, once.
 * @param {string | undefined} code
 */
function followJoinCode(code) {
  if (!code || code === body.dataset.joinCode) return;
  body.dataset.joinCode = code;
  write("join-code", code);
  if (sessionStorage.getItem("linka-code") === code) return;
  sessionStorage.setItem("linka-code", code);
  location.reload();
}

/** Asks for the page again, never in a tight loop; without a good cookie it is the pairing page. */
function startOver() {
  const last = Number(sessionStorage.getItem("linka-reloaded-at"));
  const wait = Math.max(0, last + RELOAD_GAP_MS - Date.now());
  setTimeout(
    () => {
      sessionStorage.setItem("linka-reloaded-at", String(Date.now()));
      location.reload();
    },
    Math.min(wait, RELOAD_GAP_MS),
  );
}

/**
 * @param {string} id
 * @param {string | null} words
 */
function showIf(id, words) {
  at(id).hidden = words === null;
  if (words !== null) write(id, words);
}

/**
 * @param {string} id
 * @param {string} text
 */
function write(id, text) {
  const node = at(id);
  if (node.textContent !== text) node.textContent = text;
}

/** An SVG without a viewBox cannot be scaled by the style sheet. */
function makeQrScalable() {
  const svg = at("qr").querySelector("svg");
  if (!svg || svg.hasAttribute("viewBox")) return;
  const [width, height] = ["width", "height"].map((side) =>
    parseFloat(svg.getAttribute(side) ?? ""),
  );
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
}

async function stayAwake() {
  if (document.hidden || !navigator.wakeLock) return;
  await navigator.wakeLock.request("screen").catch(() => null);
}

function switchSound() {
  const on = switchCues();
  at("cues").setAttribute("aria-pressed", String(on));
  write("cues-words", on ? "关闭音效" : "打开音效");
  return on ? "音效：开" : "音效：关";
}

new Operator({ turn, follow, cues: switchSound, music: () => media.toggleMusic() });
makeQrScalable();
shrinkToFit(at("join-code"));
window.addEventListener("resize", () => shrinkToFit(at("join-code")));
stayAwake();
// Posts change while nothing happens in the event: a withdrawn one leaves the screen.
setInterval(() => body.dataset.view === "slides" && quietFacts.stale(), POSTS_MS);
document.addEventListener("visibilitychange", stayAwake);
new EventStream(fact("streamUrl"), fact("told").split(" "), {
  onMessage: hear,
  onFreshness: drawFreshness,
  onDenied: startOver,
}).start();
