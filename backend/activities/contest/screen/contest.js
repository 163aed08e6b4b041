// 现场竞赛 on the big screen: lobby, question, reveal, board, podium.

import { Faces } from "/screen/static/faces.js";
import { Podium } from "/screen/static/podium.js";
import { formatPoints } from "/screen/static/state.js";
import { Ladder } from "./ladder.js";
import { Lobby } from "./lobby.js";
import { Question } from "./question.js";

export default class Contest {
  #faces;
  #tools;

  constructor(node, tools) {
    this.#faces = new Faces(node);
    this.#tools = tools;
  }

  render(activity, state) {
    const [key, build] = this.#faceOf(activity);
    this.#faces.show(key, build).update(activity, state);
  }

  hear() {}

  tick() {
    this.#faces.face?.tick?.();
  }

  #faceOf({ phase, round, position }) {
    if (phase === "board") return [`board-${position}`, () => new Ladder()];
    if (phase === "podium") return ["podium", () => new ContestPodium(this.#tools)];
    if (round && phase !== "lobby") return [`round-${round.id}`, () => new Question(this.#tools)];
    return ["lobby", () => new Lobby()];
  }
}

/** The first three of a contest, as the common podium shows them. */
class ContestPodium {
  #podium;

  constructor(tools) {
    this.#podium = new Podium(tools);
    this.node = this.#podium.node;
  }

  update(activity) {
    const { board } = activity;
    this.#podium.show({
      title: activity.title,
      frozen: board.frozen,
      since: activity.since,
      nobody: "这一场无人得分，掌声送给每一位登场的人",
      rows: board.rows.map((row) => ({ ...row, score: formatPoints(row.points), unit: "分" })),
      more: board.more,
    });
  }
}
