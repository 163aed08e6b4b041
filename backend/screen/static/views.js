// Which view the big screen shows: what the evening calls for, what a host has chosen, and where
// somebody at the computer has turned this page with a key. Pure.

/** @import { Activity, State } from "./state.js" */

import { isBefore, isOver, isRevealing } from "./state.js";

/**
 * A view: `name` is "welcome", "arrivals", "agenda", "activity", "suggestions", "slides", "board",
 * "podium" or "notice"; `key` names it among all views of the evening.
 * @typedef {{key: string, name: string, title: string, activity: Activity | null}} View
 *
 * What the page can show: `has` says whether a kind has a scene, `suggestions` is how many there
 * are, null where nobody can suggest anything, `posts` how many posts are pinned.
 * @typedef {{has: (kind: string) => boolean, suggestions: number | null, posts: number}} Stage
 */

const AFTER_THE_END = ["slides", "podium", "notice"];

/**
 * @param {string} name
 * @param {string} title
 * @returns {View}
 */
const plain = (name, title) => ({ key: name, name, title, activity: null });

/**
 * The views that there are, in the order of an evening.
 * @param {State} state
 * @param {Stage} stage
 * @returns {View[]}
 */
export function viewsOf(state, stage) {
  const over = isOver(state.event);
  const rows = state.boards.players.rows;
  return [
    ...(over ? [] : [plain("welcome", "欢迎和加入码")]),
    plain("arrivals", "签到墙"),
    plain("agenda", "今天的流程"),
    ...(over ? [] : on(state, stage).map(viewOfActivity)),
    ...(showsSuggestions(state, stage) ? [plain("suggestions", "征集建议")] : []),
    ...(state.media?.pictures.length || stage.posts ? [plain("slides", "图片和文章")] : []),
    plain("board", "榜单"),
    ...(rows.length > 0 ? [plain("podium", "前三名")] : []),
    ...(state.screen.notice ? [plain("notice", "通知")] : []),
  ];
}

/**
 * Without any suggestion, their view is shown only if a host has chosen it.
 * @param {State} state
 * @param {Stage} stage
 */
function showsSuggestions(state, { suggestions }) {
  if (suggestions === null) return false;
  return suggestions > 0 || state.screen.shows === "suggestions";
}

/**
 * The view to show. `turned` is the key of the one to which this page was turned, or null; a reveal
 * that is under way keeps the board. `settles` tells that the last row was opened a moment ago.
 * @param {State} state
 * @param {Stage} stage
 * @param {string | null} turned
 * @param {boolean} settles
 * @returns {View}
 */
export function shownOf(state, stage, turned, settles = false) {
  const views = viewsOf(state, stage);
  /** @param {string | null} key */
  const find = (key) => views.find((view) => view.key === key);
  const board = /** @type {View} */ (find("board"));
  if (isUnveiling(state) || settles) return board;
  return find(turned) ?? find(chosenKey(state, stage)) ?? find(ownKey(state, stage)) ?? board;
}

/**
 * Whether a reveal has rows left to open.
 * @param {State} state
 */
export function isUnveiling(state) {
  const { reveal } = state.event;
  return reveal ? reveal.step < reveal.of : false;
}

/**
 * When this changes (the host's choice, or what is on), a turned page follows the event again.
 * @param {State} state
 */
export function situationOf(state) {
  const { screen, event, activities } = state;
  const ids = (activities ?? []).map((activity) => activity.id);
  return JSON.stringify([screen, event.state, isRevealing(event), ids]);
}

/**
 * The key of the view `step` places from one, round and round.
 * @param {View[]} views
 * @param {string} key
 * @param {number} step
 */
export function turnedFrom(views, key, step) {
  const place = views.findIndex((view) => view.key === key);
  return views[(place + step + views.length) % views.length].key;
}

/**
 * @param {State} state
 * @param {Stage} stage
 * @returns {Activity[]}
 */
function on(state, stage) {
  return (state.activities ?? []).filter((activity) => stage.has(activity.kind));
}

/**
 * @param {Activity} activity
 * @returns {View}
 */
function viewOfActivity(activity) {
  return { key: `activity-${activity.id}`, name: "activity", title: activity.title, activity };
}

/**
 * The key of what a host has chosen; of an activity that is not on, that of the latest one that is.
 * @param {State} state
 * @param {Stage} stage
 */
function chosenKey(state, stage) {
  const { shows, activity_id: id } = state.screen;
  if (isRevealing(state.event)) return null;
  if (isOver(state.event)) return AFTER_THE_END.includes(shows) ? shows : null;
  if (shows !== "activity" && shows !== "automatic") return shows;
  const playing = on(state, stage);
  const activity = playing.find((one) => one.id === id) ?? playing[0];
  return activity ? `activity-${activity.id}` : null;
}

/**
 * @param {State} state
 * @param {Stage} stage
 */
function ownKey(state, stage) {
  const { event, players } = state;
  if (isRevealing(event)) return "podium";
  if (isOver(event)) return "board";
  const playing = on(state, stage)[0];
  if (playing) return `activity-${playing.id}`;
  return players === 0 || isBefore(event) ? "welcome" : "board";
}
