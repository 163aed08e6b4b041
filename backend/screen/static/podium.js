// The podium: three steps, more people below, petals for the first.

/** @import { Tools } from "./scene.js" */

import { shrinkName } from "./fit.js";
import { play } from "./motion.js";
import { make, mark, mascot, named } from "./parts.js";

// Where the rows stand from left to right.
/** @type {Record<number, number[]>} */
const STANDS = { 1: [0], 2: [0, 1], 3: [1, 0, 2] };
const TURN_MS = 750;
const FRESH_MS = 10_000;

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
    const fresh = this.#shown === "" && this.#tools.clock.now() - Date.parse(since) < FRESH_MS;
    this.#shown = shown;
    if (frozen) return this.node.replaceChildren(sealed("名次已经装进信封，静候揭榜"));
    this.#title.textContent = rows.length > 0 ? `${title}　颁奖时刻` : title;
    this.node.replaceChildren(this.#title, this.#steps, this.#rest);
    if (rows.length === 0) return this.node.replaceChildren(this.#title, consolation(nobody));
    this.#lay(rows, more, fresh);
  }

  /**
   * @param {PodiumRow[]} rows
   * @param {number} more
   * @param {boolean} fresh
   */
  #lay(rows, more, fresh) {
    const first = rows.slice(0, 3);
    const stands = STANDS[first.length].map((place) => standOf(first[place]));
    this.#steps.replaceChildren(...stands);
    this.#steps.dataset.count = String(first.length);
    this.#rest.replaceChildren(...rows.slice(3).map(lineOf));
    if (more > 0) this.#rest.append(make("li", "podium__more", `还有 ${more} 人并列`));
    this.#rest.hidden = rows.length <= 3;
    mark(this.node, "long", String(rows.length > 3));
    for (const stand of stands) shrinkName(nameOf(stand), 4.2, 2.6, 1.4);
    if (fresh) this.#enter(stands, first);
  }

  /**
   * The third steps up, the second, and last of all the first.
   * @param {HTMLElement[]} stands
   * @param {PodiumRow[]} rows
   */
  #enter(stands, rows) {
    const order = STANDS[rows.length];
    stands.forEach((stand, index) => {
      const turn = rows.length - 1 - order[index];
      const below = { opacity: 0, transform: "translateY(14rem)" };
      const rise = [below, { opacity: 1, transform: "none" }];
      const easing = "cubic-bezier(.2, .9, .3, 1)";
      play(stand, rise, { duration: 800, delay: turn * TURN_MS, easing, fill: "backwards" });
    });
    play(this.#rest, [{ opacity: 0 }, { opacity: 1 }], {
      duration: 600,
      delay: rows.length * TURN_MS,
      fill: "backwards",
    });
    setTimeout(() => this.node.isConnected && this.#tools.celebrate(), (rows.length - 1) * TURN_MS);
  }
}

/** @param {PodiumRow} row */
function standOf(row) {
  const stand = named(
    make(
      "li",
      "stand",
      row.rank === 1 ? mascot("stand__mascot") : null,
      make("p", "stand__name", row.name),
      make("p", "stand__team one-line", row.team ?? ""),
      make(
        "div",
        "stand__block",
        make("span", "stand__rank", String(row.rank)),
        make("span", "stand__score", row.score, make("small", "", ` ${row.unit}`)),
        row.extra ? make("span", "stand__extra", row.extra) : null,
      ),
    ),
    `podium-${row.rank}`,
  );
  mark(stand, "rank", String(row.rank));
  return stand;
}

/** @param {HTMLElement} stand */
function nameOf(stand) {
  return /** @type {HTMLElement} */ (stand.querySelector(".stand__name"));
}

/** @param {PodiumRow} row */
function lineOf(row) {
  return make(
    "li",
    "podium__line",
    make("span", "podium__rank", String(row.rank)),
    make("span", "podium__name one-line", row.name),
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
