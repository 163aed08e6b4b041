// The podium: a step for each of the first three places, shared ones too, and further places below.

/** @import { Tools } from "./scene.js" */

import { shrinkName } from "./fit.js";
import { play } from "./motion.js";
import { make, mark, mascot, named, stepOf } from "./parts.js";
import { lengthOf } from "./state.js";

const PLACES = 3;
// The order of the places from left to right.
/** @type {Record<number, number[]>} */
const STANDS = { 1: [0], 2: [0, 1], 3: [1, 0, 2] };
// When the names of the last place come, of the one before it, and of the first.
/** @type {Record<number, number[]>} */
const COMING_MS = { 1: [1_500], 2: [1_000, 4_000], 3: [1_000, 3_500, 6_500] };
const FRESH_MS = 10_000;
const COLUMNS_MOST = 4;
const NAME_WIDTH = { long: 6.6, longest: 9 };
/** @type {[number, string][]} */
const CROWDS = [
  [1, "one"],
  [3, "few"],
];
/** @type {Record<string, [number, number, number]>} */
const NAME_REM = { one: [4.2, 2.6, 1.4], few: [3.4, 2.2, 1.4], many: [2.4, 1.7, 1.1] };

/**
 * @typedef {{rank: number, name: string, team?: string | null, score: string, unit: string,
 *   extra?: string | null}} PodiumRow
 */

export class Podium {
  /** @type {Tools} */
  #tools;
  #title = named(make("h2", "podium__title one-line"), "podium-title");
  #steps = named(make("ol", "podium__steps"), "podium");
  #rest = make("ol", "podium__rest");
  #shown = "";

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    this.node = make("div", "podium", this.#title, this.#steps, this.#rest);
  }

  /**
   * Shows rows of `{rank, name, team, score, unit, extra}`, best first; places may be shared.
   * `more` people share the last place and are not named. `nobody` is said when there are no rows;
   * `since` tells whether this has just begun.
   * @param {{title: string, frozen?: boolean, since: string, nobody: string, rows: PodiumRow[], more?: number}} facts
   */
  show({ title, frozen = false, since, nobody, rows, more = 0 }) {
    const shown = JSON.stringify([title, frozen, rows, more]);
    if (shown === this.#shown) return;
    const began = Date.parse(since);
    const fresh = this.#shown === "" && this.#tools.clock.now() - began < FRESH_MS;
    this.#shown = shown;
    if (frozen) return this.node.replaceChildren(sealed("名次已经装进信封，静候揭榜"));
    this.#title.textContent = rows.length > 0 ? `${title}　颁奖时刻` : title;
    this.node.replaceChildren(this.#title, this.#steps, this.#rest);
    if (rows.length === 0) return this.node.replaceChildren(this.#title, consolation(nobody));
    this.#lay(rows, more, fresh ? began : Number.NaN);
  }

  /**
   * @param {PodiumRow[]} rows
   * @param {number} more
   * @param {number} since when it began, NaN if nobody waits for the names any more
   */
  #lay(rows, more, since) {
    const places = placesOf(rows);
    const order = STANDS[places.length];
    const stands = order.map((place) => standOf(places[place]));
    this.#steps.replaceChildren(...stands);
    this.#steps.style.gridTemplateColumns = order.map((place) => widthOf(places[place])).join(" ");
    const rest = rows.filter((row) => row.rank > PLACES);
    this.#rest.replaceChildren(...rest.map(lineOf));
    if (more > 0) this.#rest.append(make("li", "podium__more", `还有 ${more} 人并列`));
    this.#rest.hidden = rest.length === 0 && more === 0;
    mark(this.node, "long", String(!this.#rest.hidden));
    stands.forEach(fitNames);
    if (!Number.isNaN(since)) this.#enter(stands, order, since);
  }

  /**
   * The steps are there; the names of the third place come, of the second, and last the first.
   * @param {HTMLElement[]} stands
   * @param {number[]} order
   * @param {number} since
   */
  #enter(stands, order, since) {
    const gone = this.#tools.clock.now() - since;
    const coming = COMING_MS[order.length].map((ms) => ms - gone);
    stands.forEach((stand, index) => {
      const delay = coming[order.length - 1 - order[index]];
      for (const part of stand.querySelectorAll(".stand__arrives")) {
        play(part, ARRIVING, { duration: 800, delay, easing: EASING, fill: "backwards" });
      }
    });
    const last = Math.max(...coming);
    play(this.#rest, [{ opacity: 0 }, { opacity: 1 }], {
      duration: 600,
      delay: last + 800,
      fill: "backwards",
    });
    setTimeout(() => this.node.isConnected && this.#tools.celebrate(), Math.max(0, last));
  }
}

const ARRIVING = [
  { opacity: 0, transform: "translateY(6rem) scale(0.8)" },
  { opacity: 1, transform: "none" },
];
const EASING = "cubic-bezier(.2, .9, .3, 1)";

/**
 * The rows of each of the first places; who shares a place stands on the same step.
 * @param {PodiumRow[]} rows best first
 */
function placesOf(rows) {
  /** @type {Map<number, PodiumRow[]>} */
  const places = new Map();
  for (const row of rows) {
    if (row.rank > PLACES) break;
    places.set(row.rank, [...(places.get(row.rank) ?? []), row]);
  }
  return [...places.values()];
}

/** @param {PodiumRow[]} rows */
function columnsOf(rows) {
  return Math.min(rows.length, COLUMNS_MOST);
}

/** @param {PodiumRow[]} rows */
function widthOf(rows) {
  return `minmax(0, ${10 + 20 * columnsOf(rows)}rem)`;
}

/** @param {PodiumRow[]} rows who share a place */
function standOf(rows) {
  const [{ rank, score, unit, extra }] = rows;
  const people = make("div", "stand__people stand__arrives", ...rows.map(personOf));
  people.style.setProperty("--columns", String(columnsOf(rows)));
  const isShared = rows.length > 1;
  const isSame = rows.every((row) => row.extra === extra);
  const stand = named(
    make(
      "li",
      "stand",
      rank === 1 ? mascot("stand__mascot stand__arrives") : null,
      people,
      make(
        "div",
        "stand__block",
        make("span", "stand__rank", String(rank)),
        isShared ? make("span", "stand__extra", `并列 ${rows.length} 人`) : null,
        make("span", "stand__score stand__arrives", score, make("small", "", ` ${unit}`)),
        extra && isSame ? make("span", "stand__extra stand__arrives", extra) : null,
      ),
    ),
    `podium-${rank}`,
  );
  mark(stand, "rank", String(rank));
  mark(stand, "crowd", stepOf(rows.length, CROWDS, "many"));
  return stand;
}

/** @param {PodiumRow} row */
function personOf({ name, team }) {
  return make(
    "div",
    "stand__person",
    make("p", "stand__name", name),
    make("p", "stand__team one-line", team ?? ""),
  );
}

/** @param {HTMLElement} stand */
function fitNames(stand) {
  const rem = NAME_REM[stand.dataset.crowd ?? "one"];
  for (const name of stand.querySelectorAll(".stand__name")) {
    shrinkName(/** @type {HTMLElement} */ (name), ...rem);
  }
}

/** @param {PodiumRow} row */
function lineOf(row) {
  const name = make("span", "podium__name one-line", row.name);
  mark(name, "length", lengthOf(row.name, NAME_WIDTH));
  return make(
    "li",
    "podium__line",
    make("span", "podium__rank", String(row.rank)),
    name,
    make("span", "podium__score", `${row.score} ${row.unit}`),
  );
}

/** @param {string} words */
function consolation(words) {
  return make("div", "consolation", mascot("consolation__mascot"), make("p", "", words));
}

/**
 * The card that stands in place of names while a freeze is on.
 * @param {string} words
 */
export function sealed(words) {
  return named(
    make(
      "div",
      "sealed",
      mascot("sealed__mascot"),
      make("p", "sealed__seal", "封榜"),
      make("p", "sealed__words", words),
      make("p", "sealed__more", "每一分都已记下，一分也不会少"),
    ),
    "sealed",
  );
}
