// The flourishes of 揭榜: a spotlight on each of the first three, and petals over the stage.

/** @import { OpenRow } from "./state.js" */

import { cue } from "./cues.js";
import { motionAllowed, play } from "./motion.js";
import { formatPoints } from "./state.js";

const SPOTLIGHT_MS = 4_500;
// The style sheet names so many colours of petals.
const PETAL_COLOURS = 5;

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

export class Ceremony {
  #spotlight = at("spotlight");
  #petals = at("petals");
  #card = at("spotlight").children[0];
  /** @type {number | undefined} */
  #timer;

  /**
   * Celebrates rows that were just opened, the best of them last.
   * @param {OpenRow[]} rows
   */
  celebrate(rows) {
    const best = rows[rows.length - 1];
    cue(best.rank === 1 ? "winner" : "reveal");
    if (best.rank > 3) return;
    this.#shine(best);
    this.shower(best.rank === 1 ? 90 : 36);
  }

  /** @param {OpenRow} row */
  #shine(row) {
    this.#spotlight.dataset.rank = String(row.rank);
    at("spotlight-rank").textContent = `第 ${row.rank} 名`;
    at("spotlight-name").textContent = row.name;
    at("spotlight-team").textContent = row.team ?? "";
    at("spotlight-points").textContent = `${formatPoints(row.points)} 分`;
    this.#spotlight.hidden = false;
    play(this.#spotlight, [{ opacity: 0 }, { opacity: 1 }], { duration: 350, easing: "ease-out" });
    play(
      this.#card,
      [
        { transform: "scale(.6) rotate(-2deg)" },
        { transform: "scale(1.04)", offset: 0.7 },
        { transform: "none" },
      ],
      { duration: 700, easing: "ease-out" },
    );
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#spotlight.hidden = true), SPOTLIGHT_MS);
  }

  /**
   * Lets so many petals fall over the stage.
   * @param {number} count
   */
  shower(count) {
    if (!motionAllowed()) return;
    this.#petals.replaceChildren();
    for (let turn = 0; turn < count; turn += 1) this.#dropPetal(turn);
  }

  /** @param {number} turn */
  #dropPetal(turn) {
    const petal = document.createElement("span");
    petal.className = "petal";
    petal.style.left = `${Math.random() * 100}%`;
    petal.style.background = `var(--petal-${(turn % PETAL_COLOURS) + 1})`;
    this.#petals.append(petal);
    const sway = Math.random() * 20 - 10;
    const spin = Math.random() * 900 - 450;
    const fall = play(
      petal,
      [
        { transform: "translate(0, -8vh) rotate(0)", opacity: 1 },
        { transform: `translate(${sway}vw, 70vh) rotate(${spin}deg)`, opacity: 1, offset: 0.75 },
        { transform: `translate(${sway * 1.4}vw, 108vh) rotate(${spin * 1.3}deg)`, opacity: 0 },
      ],
      {
        duration: 3_200 + Math.random() * 2_600,
        delay: Math.random() * 1_400,
        easing: "ease-in",
        fill: "both",
      },
    );
    fall?.finished.then(
      () => petal.remove(),
      () => {},
    );
  }
}
