// What takes the stage in place of the board while an activity is on, and gives it back after.

import { isOver, isRevealing } from "./state.js";

/** The acts of all kinds of activity. Each is the default export of a module of its own. */
export class Acts {
  #addresses;
  #onLoaded;
  #loaded = new Map();
  #loading = new Set();

  /**
   * `addresses`: the address of the module by kind. All are loaded at once, so that none is waited
   * for when its activity begins; `onLoaded()` hears of each.
   */
  constructor(addresses, onLoaded) {
    this.#addresses = addresses;
    this.#onLoaded = onLoaded;
    for (const kind of Object.keys(addresses)) this.get(kind);
  }

  /** Says whether a kind of activity takes the stage at all. */
  has(kind) {
    return kind in this.#addresses;
  }

  /** The class of the act of a kind, or null while it is not there; one that failed is asked again. */
  get(kind) {
    if (!this.#loaded.has(kind)) this.#load(kind);
    return this.#loaded.get(kind) ?? null;
  }

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

/** The activity that takes the stage, or null: a reveal and the end belong to the board. */
export function onStage(state, acts) {
  if (isOver(state.event) || isRevealing(state.event)) return null;
  return state.activities?.find((activity) => acts.has(activity.kind)) ?? null;
}

export class Scene {
  #node;
  #acts;
  #tools;
  #act = null;
  #key = "";

  /** `tools`: the server's `clock`, and `celebrate()` for a moment of joy. */
  constructor(node, acts, tools) {
    this.#node = node;
    this.#acts = acts;
    this.#tools = tools;
  }

  /** Draws the activity that is on; null gives the stage back to the board. */
  render(activity, state) {
    const Act = activity ? this.#acts.get(activity.kind) : null;
    const key = Act ? `${activity.kind}-${activity.id}` : "";
    if (key !== this.#key) this.#change(key, Act);
    this.#act?.render(activity, state);
  }

  /** Hears the messages between two states. */
  hear(kind, data) {
    this.#act?.hear(kind, data);
  }

  #change(key, Act) {
    this.#key = key;
    this.#act?.leave?.();
    this.#node.replaceChildren();
    this.#node.hidden = !Act;
    this.#act = Act ? new Act(this.#node, this.#tools) : null;
    if (this.#act) this.#run(this.#act);
  }

  /** Lets what runs by the clock run, as long as this act is on. */
  #run(act) {
    const tick = () => {
      if (act !== this.#act) return;
      act.tick();
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }
}
