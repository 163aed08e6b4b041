// Shows the act of the activity that is on in place of the board, and the board afterwards.

/** @import { Activity, State } from "./state.js" */
/** @import { ServerClock } from "./clock.js" */

import { tickWhile } from "./motion.js";

/**
 * What the page lends to an act: the server's clock, and `celebrate()` for a moment of joy.
 * @typedef {{clock: ServerClock, celebrate: () => void}} Tools
 */

/**
 * An act: what a kind of activity shows on the stage. It is made with the node of the stage, which
 * is empty, and lives until another activity, or the board, takes the stage.
 * @typedef {object} Act
 * @property {(activity: any, state: State) => void} render Shows the activity as the server tells of
 *   it (each kind knows the shape of its own); called with every state.
 * @property {(name: string, data: any) => void} hear Hears every other message of the stream, also
 *   those of other kinds.
 * @property {() => void} tick Called up to 20 times a second: here runs what runs by the
 *   clock.
 */

/** @typedef {new (node: HTMLElement, tools: Tools) => Act} ActClass */

/** The acts of all kinds of activity. Each is the default export of a module of its own. */
export class Acts {
  /** @type {Record<string, string>} */
  #addresses;
  /** @type {() => void} */
  #onLoaded;
  /** @type {Map<string, ActClass>} */
  #loaded = new Map();
  /** @type {Set<string>} */
  #loading = new Set();

  /**
   * `addresses`: the address of the module by kind. All are loaded at once, so that none is waited
   * for when its activity begins; `onLoaded()` hears of each.
   * @param {Record<string, string>} addresses
   * @param {() => void} onLoaded
   */
  constructor(addresses, onLoaded) {
    this.#addresses = addresses;
    this.#onLoaded = onLoaded;
    for (const kind of Object.keys(addresses)) this.get(kind);
  }

  /**
   * Says whether a kind of activity takes the stage at all.
   * @param {string} kind
   */
  has(kind) {
    return kind in this.#addresses;
  }

  /**
   * The class of the act of a kind, or null while it is not there; one that failed is asked again.
   * @param {string} kind
   * @returns {ActClass | null}
   */
  get(kind) {
    if (!this.#loaded.has(kind)) this.#load(kind);
    return this.#loaded.get(kind) ?? null;
  }

  /** @param {string} kind */
  async #load(kind) {
    if (this.#loading.has(kind)) return;
    this.#loading.add(kind);
    try {
      const { default: Act } = await import(this.#addresses[kind]);
      this.#loaded.set(kind, Act);
      this.#onLoaded();
    } catch (error) {
      console.warn(error);
    } finally {
      this.#loading.delete(kind);
    }
  }
}

export class Scene {
  /** @type {HTMLElement} */
  #node;
  /** @type {Acts} */
  #acts;
  /** @type {Tools} */
  #tools;
  /** @type {Act | null} */
  #act = null;
  #key = "";

  /**
   * @param {HTMLElement} node
   * @param {Acts} acts
   * @param {Tools} tools
   */
  constructor(node, acts, tools) {
    this.#node = node;
    this.#acts = acts;
    this.#tools = tools;
  }

  /**
   * Draws the activity that is on; null gives the stage back to the board.
   * @param {Activity | null} activity
   * @param {State} state
   */
  render(activity, state) {
    const Act = activity ? this.#acts.get(activity.kind) : null;
    const key = activity && Act ? `${activity.kind}-${activity.id}` : "";
    if (key !== this.#key) this.#change(key, Act);
    this.#act?.render(activity, state);
  }

  /**
   * Hears the messages between two states.
   * @param {string} name
   * @param {any} data
   */
  hear(name, data) {
    this.#act?.hear(name, data);
  }

  /**
   * @param {string} key
   * @param {ActClass | null} Act
   */
  #change(key, Act) {
    this.#key = key;
    this.#node.replaceChildren();
    this.#node.hidden = !Act;
    this.#act = Act ? new Act(this.#node, this.#tools) : null;
    const act = this.#act;
    if (act)
      tickWhile(
        () => act === this.#act,
        () => act.tick(),
      );
  }
}
