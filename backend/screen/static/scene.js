// What takes the stage in place of the board while an activity is on, and gives it back after.

import { Contest } from "./contest.js";
import { Drawing } from "./drawing.js";
import { Keywords } from "./keywords.js";
import { Polls } from "./polls.js";
import { Race } from "./race.js";
import { Raffle } from "./raffle.js";
import { isOver, isRevealing } from "./state.js";

const ACTS = {
  contest: Contest,
  shake: Race,
  drawing: Drawing,
  keywords: Keywords,
  polls: Polls,
  raffle: Raffle,
};

/** The activity that takes the stage, or null: a reveal and the end belong to the board. */
export function onStage(state) {
  if (isOver(state.event) || isRevealing(state.event)) return null;
  return state.activities?.find((activity) => activity.kind in ACTS) ?? null;
}

export class Scene {
  #node;
  #tools;
  #act = null;
  #key = "";

  /** `tools`: the server's `clock`, and `celebrate()` for a moment of joy. */
  constructor(node, tools) {
    this.#node = node;
    this.#tools = tools;
  }

  /** Draws the activity that is on; null gives the stage back to the board. */
  render(activity, state) {
    const key = activity ? `${activity.kind}-${activity.id}` : "";
    if (key !== this.#key) this.#change(key, ACTS[activity?.kind]);
    this.#act?.render(activity, state);
  }

  /** Hears the messages between two states. */
  hear(kind, data) {
    this.#act?.hear(kind, data);
  }

  #change(key, Act) {
    this.#key = key;
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
