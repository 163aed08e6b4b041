// 征集建议: suggestions with their supporters and their status.

/** @import { Facts } from "./quiet.js" */

import { make, mark, named } from "./parts.js";
import { lengthOf } from "./state.js";

/**
 * @typedef {{id: number, text: string, name: string, team: string | null, supports: number,
 *   status: string, decided: boolean}} Suggestion
 */

const TEXT_WIDTH = { long: 22, longest: 44 };

/** The suggestions with the most supporters, with their status. */
export class SuggestionsView {
  #list = named(make("ul", "suggestions__list"), "suggestions-list");
  #none = make("p", "suggestions__none", "第一条建议，等你来提");
  #key = "";

  constructor() {
    const title = make("h2", "suggestions__title", "征集建议");
    const hint = make("p", "suggestions__hint", "在手机上打开“征集建议”，提建议、附议");
    const head = make("div", "suggestions__head", title, hint);
    this.node = named(
      make("section", "panel suggestions", head, this.#list, this.#none),
      "suggestions",
    );
  }

  /** @param {Facts} facts */
  render({ quiet }) {
    const suggestions = quiet?.suggestions;
    if (!suggestions) return;
    const key = JSON.stringify(suggestions);
    if (key === this.#key) return;
    this.#key = key;
    this.#none.hidden = suggestions.length > 0;
    this.#list.replaceChildren(...suggestions.map(cardOf));
    mark(this.#list, "many", String(suggestions.length > 4));
  }
}

/** @param {Suggestion} suggestion */
function cardOf({ text, name, team, supports, status, decided }) {
  const words = make("p", "suggestion__text", text);
  mark(words, "length", lengthOf(text, TEXT_WIDTH));
  const state = make("span", "suggestion__status", status);
  mark(state, "decided", String(decided));
  const foot = make(
    "p",
    "suggestion__foot",
    make("span", "suggestion__who one-line", team ? `${name} · ${team}` : name),
    make("span", "suggestion__supports", `${supports} 人附议`),
    state,
  );
  return make("li", "suggestion", words, foot);
}
