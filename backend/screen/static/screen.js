// The big screen of one event: takes messages from the stream and keeps the page in step.

/** @import { BoardRow, EventFacts, State } from "./state.js" */

import { Board } from "./board.js";
import { Ceremony } from "./ceremony.js";
import { Countdown, ServerClock } from "./clock.js";
import { shrinkToFit } from "./fit.js";
import { Media } from "./media.js";
import { countTo } from "./motion.js";
import { Acts, onStage, Scene } from "./scene.js";
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
  viewOf,
} from "./state.js";
import { EventStream } from "./stream.js";
import { Ticker } from "./ticker.js";
import { Wall } from "./wall.js";

const RELOAD_GAP_MS = 10_000;
const LAST_SECONDS = 60;
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
const scene = new Scene(at("scene"), acts, { clock, celebrate: () => ceremony.shower(60) });
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
let drawing = false;

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
  drawSoon();
}

function drawSoon() {
  if (drawing || latest === null) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    if (latest) draw(latest);
  });
}

/** @param {State} state */
function draw(state) {
  drawEvent(state.event);
  drawNotice(state.event);
  drawView(state);
  drawScene(state);
  media.render(state.media);
  drawWall(state);
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

/** @param {State} state */
function drawView(state) {
  if (body.dataset.view !== viewOf(state)) {
    body.dataset.view = viewOf(state);
    shrinkToFit(at("join-code"));
  }
  at("loading").hidden = true;
  at("empty-state").hidden = viewOf(state) !== "welcome";
  write("invitation-more", invitationOf(state.event, fact("invitation")));
}

/** @param {State} state */
function drawScene(state) {
  const activity = onStage(state, acts);
  const code = state.event.join_code;
  at("code-figure").hidden = !activity || !code || activity.phase === "lobby";
  write("scene-code", code ?? "");
  body.dataset.scene = activity?.kind ?? "";
  at("stage").hidden = at("ticker").hidden = activity !== null;
  scene.render(activity, state);
  if (activity === null) shrinkToFit(at("join-code"));
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

makeQrScalable();
shrinkToFit(at("join-code"));
window.addEventListener("resize", () => shrinkToFit(at("join-code")));
stayAwake();
document.addEventListener("visibilitychange", stayAwake);
new EventStream(fact("streamUrl"), fact("told").split(" "), {
  onMessage: hear,
  onFreshness: drawFreshness,
  onDenied: startOver,
}).start();
