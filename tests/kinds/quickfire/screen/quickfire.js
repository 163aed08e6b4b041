// 抢答 on the big screen: the question, who has answered, and the name that buzzed last.

/** @import { Act } from "/screen/static/scene.js" */

import { make, named, write } from "/screen/static/parts.js";

/** @implements {Act} */
export default class Quickfire {
  #stem = named(make("h2", "quickfire__stem"), "quickfire-stem");
  #answers = named(make("ol", "quickfire__answers"), "quickfire-answers");
  #buzz = named(make("p", "quickfire__buzz"), "quickfire-buzz");

  /** @param {HTMLElement} node */
  constructor(node) {
    node.append(this.#stem, this.#answers, this.#buzz);
  }

  /** @param {any} activity */
  render(activity) {
    write(this.#stem, activity.stem);
    const rows = activity.answers.map((/** @type {{name: string}} */ { name }) =>
      make("li", "", name),
    );
    this.#answers.replaceChildren(...rows);
  }

  /**
   * @param {string} name
   * @param {any} data
   */
  hear(name, data) {
    if (name === "quickfire.buzz") write(this.#buzz, data.name);
  }

  tick() {}
}
