// The faces of an act: one at a time, each coming in softly.

import { play } from "./motion.js";

/** The one face that an act shows at a time: it is made anew when its key changes. */
export class Faces {
  #node;
  #key = null;
  #face = null;

  constructor(node) {
    this.#node = node;
  }

  /** Shows the face with this key, made by `build()` if it is not there yet, and returns it. */
  show(key, build) {
    if (key === this.#key) return this.#face;
    this.#key = key;
    this.#face?.leave?.();
    this.#face = build();
    this.#node.replaceChildren(this.#face.node);
    const away = { opacity: 0, transform: "translateY(1.2rem)" };
    play(this.#face.node, [away, { opacity: 1, transform: "none" }], {
      duration: 420,
      easing: "cubic-bezier(.2, .8, .3, 1)",
    });
    return this.#face;
  }

  get face() {
    return this.#face;
  }
}
