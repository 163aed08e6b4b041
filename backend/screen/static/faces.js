// The faces of an act: one at a time, each coming in softly.

/** @import { Act, Tools } from "./scene.js" */
/** @import { State } from "./state.js" */

import { play } from "./motion.js";

/**
 * A face of an act: its node, and what an act passes on to it.
 * @typedef {object} Face
 * @property {HTMLElement} node
 * @property {(activity: any, state: State) => void} [update]
 * @property {(name: string, data: any) => void} [hear]
 * @property {() => void} [tick]
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

/**
 * An act that shows one face at a time. A kind extends it and says in `faceOf` which face.
 * @implements {Act}
 */
export class ActWithFaces {
  /** @type {Faces<Face>} */
  faces;
  /** @type {Tools} */
  tools;

  /**
   * @param {HTMLElement} node
   * @param {Tools} tools
   */
  constructor(node, tools) {
    this.faces = new Faces(node);
    this.tools = tools;
  }

  /**
   * Returns the key of the face that shows an activity, and what builds that face.
   * @param {any} _activity
   * @returns {[string, () => Face]}
   */
  faceOf(_activity) {
    throw new Error("an act says which face it shows");
  }

  /**
   * @param {any} activity
   * @param {State} state
   */
  render(activity, state) {
    const [key, build] = this.faceOf(activity);
    this.faces.show(key, build).update?.(activity, state);
  }

  /**
   * @param {string} _name
   * @param {any} _data
   */
  hear(_name, _data) {}

  tick() {
    this.faces.face?.tick?.();
  }
}
