// The faces of an act: one at a time, each coming in softly.

/** @import { State } from "./state.js" */

import { play } from "./motion.js";

/**
 * A face of an act: its node, and what an act passes on to it.
 * @typedef {object} Face
 * @property {HTMLElement} node
 * @property {(activity: any, state: State) => void} [update]
 * @property {(name: string, data: any) => void} [hear]
 * @property {() => void} [tick]
 * @property {() => void} [leave]
 */

/**
 * The one face that an act shows at a time: it is made anew when its key changes.
 * @template {Face} T
 */
export class Faces {
  /** @type {HTMLElement} */
  #node;
  /** @type {string | null} */
  #key = null;
  /** @type {T | null} */
  #face = null;

  /** @param {HTMLElement} node */
  constructor(node) {
    this.#node = node;
  }

  /**
   * Shows the face with this key, made by `build()` if it is not there yet, and returns it.
   * @param {string} key
   * @param {() => T} build
   * @returns {T}
   */
  show(key, build) {
    if (key === this.#key && this.#face) return this.#face;
    this.#key = key;
    this.#face?.leave?.();
    const face = build();
    this.#face = face;
    this.#node.replaceChildren(face.node);
    const away = { opacity: 0, transform: "translateY(1.2rem)" };
    play(face.node, [away, { opacity: 1, transform: "none" }], {
      duration: 420,
      easing: "cubic-bezier(.2, .8, .3, 1)",
    });
    return face;
  }

  get face() {
    return this.#face;
  }
}
