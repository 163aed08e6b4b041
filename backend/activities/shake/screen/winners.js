// The winners of a draw, one after another: all screens open the same card at the same moment.

/** @import { Tools } from "/screen/static/scene.js" */
/** @import { Person, ShakeActivity } from "./shake.js" */

import { layCards, shrinkName } from "/screen/static/fit.js";
import { play } from "/screen/static/motion.js";
import { make, mark, mascot, named, stepOf, write } from "/screen/static/parts.js";
import { formatPoints } from "/screen/static/state.js";

/** @type {[number, number][]} */
const COLUMNS = [
  [1, 1],
  [2, 2],
  [3, 3],
  [4, 2],
  [9, 3],
  [16, 4],
  [30, 5],
  [48, 6],
  [70, 7],
];
/** @type {[number, string][]} */
const SIZES = [
  [4, "large"],
  [16, "middle"],
  [30, "small"],
];

const FIRST_MS = 900;
const SLOWEST_MS = 1_200;
const ALL_MS = 15_000;
const FRESH_MS = 4_000;
const OPENING = [
  { transform: "perspective(60rem) rotateX(-90deg)", filter: "brightness(2.4)" },
  { transform: "none", filter: "none" },
];

export class Winners {
  /** @type {Tools} */
  #tools;
  #title = make("h2", "podium__title one-line");
  #list = named(make("ol", "winners__list"), "winners");
  /** @type {HTMLElement[]} */
  #cards = [];
  #opened = 0;
  #since = 0;
  #gapMs = SLOWEST_MS;
  /** @type {string | null} */
  #ids = null;

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    this.node = make("div", "winners", this.#title, this.#list);
  }

  /** @param {ShakeActivity} activity */
  update({ podium, since }) {
    const ids = podium.rows.map((row) => row.player_id).join();
    if (ids === this.#ids) return;
    this.#ids = ids;
    this.#since = Date.parse(since);
    this.#lay(podium);
    this.tick();
  }

  /** @param {ShakeActivity["podium"]} podium */
  #lay({ rows, shakers }) {
    const crowd = `${formatPoints(shakers)} 人摇过`;
    write(this.#title, rows.length > 0 ? `${crowd}　恭喜这 ${rows.length} 位幸运同事` : crowd);
    this.#cards = rows.map(cardOf);
    this.#opened = 0;
    this.#gapMs = Math.min(SLOWEST_MS, ALL_MS / Math.max(1, rows.length));
    layCards(this.#list, this.#cards, stepOf(rows.length, COLUMNS, 10));
    this.#list.replaceChildren(...(rows.length > 0 ? this.#cards : [nobody()]));
    this.#list.dataset.size = stepOf(rows.length, SIZES, "tiny");
    for (const card of this.#cards) shrinkName(nameOf(card), 6, 1.2, 0.75);
  }

  tick() {
    const past = this.#tools.clock.now() - this.#since - FIRST_MS;
    const due = Math.min(this.#cards.length, Math.max(0, Math.floor(past / this.#gapMs) + 1));
    if (due === this.#opened) return;
    const fresh = past < this.#cards.length * this.#gapMs + FRESH_MS;
    this.#cards.forEach((card, turn) => {
      if (turn >= this.#opened && turn < due) this.#open(card, fresh);
      mark(card, "latest", String(fresh && turn === due - 1));
    });
    this.#opened = due;
    if (fresh && due === this.#cards.length) this.#tools.celebrate();
  }

  /**
   * @param {HTMLElement} card
   * @param {boolean} fresh
   */
  #open(card, fresh) {
    mark(card, "open", "true");
    if (fresh) play(card, OPENING, { duration: 600, easing: "cubic-bezier(.2, .8, .3, 1)" });
  }
}

/**
 * @param {Person} row
 * @param {number} turn
 */
function cardOf(row, turn) {
  const inside = make(
    "div",
    "winner__inside",
    make("p", "winner__name", row.name),
    make("p", "winner__team one-line", row.team ?? ""),
  );
  const card = named(
    make("li", "winner", make("span", "winner__turn", String(turn + 1)), inside),
    `winner-${row.player_id}`,
  );
  mark(card, "open", "false");
  return card;
}

/** @param {HTMLElement} card */
function nameOf(card) {
  return /** @type {HTMLElement} */ (card.querySelector(".winner__name"));
}

function nobody() {
  return make(
    "li",
    "consolation",
    mascot("consolation__mascot"),
    make("p", "", "这一轮还没有人入围，下一轮加把劲"),
  );
}
