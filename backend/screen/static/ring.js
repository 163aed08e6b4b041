// The ring of time.

import { cue } from "./cues.js";
import { draw, make } from "./parts.js";

const RADIUS = 44;
const ROUND = 2 * Math.PI * RADIUS;

/** A ring that empties, with the seconds in it. */
export class Ring {
  #arc = draw("circle", { cx: 50, cy: 50, r: RADIUS, class: "ring__arc" });
  #number = make("span", "ring__number");
  #words = make("span", "ring__words");
  /** @type {string | null} */
  #shown = null;

  constructor() {
    const track = draw("circle", { cx: 50, cy: 50, r: RADIUS, class: "ring__track" });
    const box = { viewBox: "0 0 100 100", "aria-hidden": "true" };
    const picture = draw("svg", box, track, this.#arc);
    this.#arc.style.strokeDasharray = String(ROUND);
    this.#number.dataset.testid = "time-left";
    this.node = make("div", "ring", picture, this.#number, this.#words);
    this.node.setAttribute("role", "timer");
  }

  /**
   * Shows how much of `wholeMs` is left.
   * @param {number} leftMs
   * @param {number} wholeMs
   * @param {boolean} stands
   */
  show(leftMs, wholeMs, stands) {
    const left = Math.max(0, leftMs);
    const share = Math.min(1, left / wholeMs);
    this.#arc.style.strokeDashoffset = (ROUND * (1 - share)).toFixed(2);
    const seconds = Math.ceil(left / 1000);
    const shown = `${seconds} ${stands}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#number.textContent = seconds > 0 ? String(seconds) : "时间到";
    this.#number.dataset.long = String(seconds >= 100);
    this.#words.textContent = stands ? "暂停中" : seconds > 0 ? "秒" : "";
    this.node.dataset.mood = moodOf(seconds, stands);
    if (this.node.dataset.mood === "last") cue("second");
  }
}

/**
 * @param {number} seconds
 * @param {boolean} stands
 */
function moodOf(seconds, stands) {
  if (stands) return "paused";
  if (seconds === 0) return "over";
  return seconds <= 5 ? "last" : "calm";
}
