// The line of last gains: newest first, at most a few chips, never faster than an eye can follow.

/** @import { Gain } from "./state.js" */

import { play } from "./motion.js";
import { formatPoints } from "./state.js";

const CHIPS = 8;
const WAITING = 6;
const PACE_MS = 420;

export class Ticker {
  /** @type {HTMLElement} */
  #list;
  /** @type {Gain[]} */
  #waiting = [];
  /** @type {number | undefined} */
  #timer;

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list;
  }

  /**
   * Takes one gain; in a rush the oldest that still wait are skipped.
   * @param {Gain} gain
   */
  add(gain) {
    this.#waiting.push(gain);
    if (this.#waiting.length > WAITING) this.#waiting.shift();
    this.#timer ??= setInterval(() => this.#next(), PACE_MS);
    if (this.#list.childElementCount === 0) this.#next();
  }

  clear() {
    this.#waiting = [];
    this.#list.replaceChildren();
  }

  #next() {
    const gain = this.#waiting.shift();
    if (gain === undefined) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    const chip = chipOf(gain);
    this.#list.prepend(chip);
    while (this.#list.childElementCount > CHIPS) this.#list.lastElementChild?.remove();
    const away = { opacity: 0, transform: "translateX(-2rem)" };
    play(chip, [away, { opacity: 1, transform: "none" }], { duration: 350, easing: "ease-out" });
  }
}

/** @param {Gain} gain */
function chipOf(gain) {
  const chip = document.createElement("li");
  chip.className = gain.points < 0 ? "gain gain--loss" : "gain";
  const sign = gain.points > 0 ? "+" : "";
  chip.append(
    piece("gain__points", `${sign}${formatPoints(gain.points)}`),
    piece("gain__name one-line", gain.name ?? ""),
    piece("gain__team one-line", gain.team ?? ""),
  );
  return chip;
}

/**
 * @param {string} className
 * @param {string} text
 */
function piece(className, text) {
  const node = document.createElement("span");
  node.className = className;
  node.textContent = text;
  return node;
}
