// Below the join code: those who have just signed in, the newest first.

/** @import { Arrived } from "./quiet.js" */

import { play } from "./motion.js";
import { make } from "./parts.js";

const CHIPS = 8;

export class Newcomers {
  /** @type {HTMLElement} */
  #row;
  /** @type {HTMLElement} */
  #list;
  /** @type {number[]} */
  #shown = [];

  /**
   * @param {HTMLElement} row
   * @param {HTMLElement} list
   */
  constructor(row, list) {
    this.#row = row;
    this.#list = list;
  }

  /**
   * Shows the newest of these people; without any, the row is hidden.
   * @param {Arrived[]} arrived
   */
  render(arrived) {
    const newest = arrived.slice(0, CHIPS);
    const ids = newest.map((one) => one.id);
    this.#row.hidden = ids.length === 0;
    if (ids.join() === this.#shown.join()) return;
    const before = this.#shown;
    this.#shown = ids;
    this.#list.replaceChildren(...newest.map(chipOf));
    if (before.length === 0 || ids.length === 0 || before.includes(ids[0])) return;
    const away = { opacity: 0, transform: "translateX(-2rem)" };
    const here = { opacity: 1, transform: "none" };
    play(this.#list.children[0], [away, here], { duration: 350, easing: "ease-out" });
  }
}

/** @param {Arrived} one */
function chipOf({ name, team }) {
  return make(
    "li",
    "gain",
    make("span", "gain__name one-line", name),
    make("span", "gain__team one-line", team ?? ""),
  );
}
