// Before the first question: what is going to happen, how to come in, how many are here.

/** @import { State } from "/screen/static/state.js" */
/** @import { ContestActivity } from "./contest.js" */

import { shrinkToBox } from "/screen/static/fit.js";
import { countTo } from "/screen/static/motion.js";
import { make, named, write } from "/screen/static/parts.js";
import { formatPoints } from "/screen/static/state.js";

/** @type {Record<string, string>} */
const SCORING_WORDS = {
  accuracy: "答对就得分，不比快慢",
  light_speed: "答对最要紧，手快添一点彩",
  speed: "又准又快，分数更高",
};

export class Lobby {
  #title = named(make("h2", "lobby__title"), "scene-title");
  #count = make("b", "");
  #facts = make("ul", "lobby__facts");
  #code = named(make("p", "lobby__code"), "lobby-code");

  constructor() {
    const crowd = make(
      "p",
      "lobby__crowd",
      "已有 ",
      named(this.#count, "lobby-count"),
      " 位同事入场",
    );
    const words = make(
      "div",
      "lobby__words",
      make("p", "lobby__lead", "马上开始"),
      this.#title,
      make("p", "lobby__warm", "拿稳手机，题目马上就到；答对答错，都是今晚的主角"),
      crowd,
      this.#facts,
    );
    const card = make(
      "div",
      "panel lobby__card",
      make("div", "lobby__qr", qr()),
      make("p", "lobby__hint", "扫码或输入加入码参与"),
      this.#code,
    );
    this.node = make("div", "lobby", words, card);
  }

  /**
   * @param {ContestActivity} activity
   * @param {State} state
   */
  update(activity, state) {
    write(this.#title, activity.title);
    write(this.#code, state.event.join_code ?? "");
    countTo(this.#count, state.players, formatPoints);
    const facts = [
      `共 ${activity.rounds} 题`,
      SCORING_WORDS[activity.scoring],
      state.event.paused ? "暂停中，马上回来" : null,
    ].filter((fact) => fact !== null);
    this.#facts.replaceChildren(...facts.map((fact) => make("li", "chip", fact)));
    shrinkToBox(this.#title, 6.4, 2.8);
    shrinkToBox(this.#code, 6, 2);
  }
}

/** The code that the server has drawn into the page, once more. */
function qr() {
  return document.querySelector("#qr svg")?.cloneNode(true) ?? "";
}
