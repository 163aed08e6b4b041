// 现场竞赛 on the big screen: lobby, question, reveal, board, podium.

/** @import { Face } from "/screen/static/faces.js" */
/** @import { Tools } from "/screen/static/scene.js" */
/** @import { Activity } from "/screen/static/state.js" */

import { ActWithFaces } from "/screen/static/faces.js";
import { Podium } from "/screen/static/podium.js";
import { formatPoints } from "/screen/static/state.js";
import { Ladder } from "./ladder.js";
import { Lobby } from "./lobby.js";
import { Question } from "./question.js";

/**
 * A contest on the stage, see `backend/activities/contest/view.py`.
 *
 * @typedef {{id: number, rank: number, name: string, team: string | null, points: number,
 *   gained: number, climbed: number | null}} BoardLine `gained`: in the last round; `climbed`: null
 *   for one who was not on the board before.
 * @typedef {{frozen: boolean, rows: BoardLine[], more: number, out_of_competition: {name: string}[]}}
 *   ContestBoard
 * @typedef {{kind: string, topic: string, stem: string, options: {key: string, text: string}[]}}
 *   AskedQuestion
 *
 * @typedef {object} Round
 * @property {number} id
 * @property {string} ends_at
 * @property {boolean} paused
 * @property {number} seconds
 * @property {number} answered
 * @property {number} expected how many may answer
 * @property {AskedQuestion | null} question null while a pause hides it
 * @property {string[]} key this and what follows: from the reveal on
 * @property {number} right
 * @property {string | null} explanation
 * @property {Record<string, number> | null} distribution
 *
 * @typedef {object} Facts
 * @property {number} position
 * @property {number} rounds
 * @property {string} scoring
 * @property {string} since
 * @property {Round} round null in the lobby
 * @property {ContestBoard} board from the first board on
 * @property {{name: string}[] | null} playoff
 *
 * @typedef {Activity & Facts} ContestActivity
 */

export default class Contest extends ActWithFaces {
  /**
   * @override
   * @param {ContestActivity} activity
   * @returns {[string, () => Face]}
   */
  faceOf({ phase, round, position }) {
    if (phase === "board") return [`board-${position}`, () => new Ladder()];
    if (phase === "podium") return ["podium", () => new ContestPodium(this.tools)];
    if (round && phase !== "lobby") return [`round-${round.id}`, () => new Question(this.tools)];
    return ["lobby", () => new Lobby()];
  }
}

/** The first three of a contest, as the common podium shows them. */
class ContestPodium {
  /** @type {Podium} */
  #podium;

  /** @param {Tools} tools */
  constructor(tools) {
    this.#podium = new Podium(tools);
    this.node = this.#podium.node;
  }

  /** @param {ContestActivity} activity */
  update(activity) {
    const { board } = activity;
    this.#podium.show({
      title: activity.title,
      frozen: board.frozen,
      since: activity.since,
      nobody: "这一场无人得分，掌声送给每一位登场的人",
      rows: board.rows.map((row) => ({
        ...row,
        score: formatPoints(row.points),
        unit: "分",
        extra: wonPlayoff(row, board.rows) ? "加赛胜出" : null,
      })),
      more: board.more,
    });
  }
}

/**
 * Returns whether a playoff decided between people with the same points.
 * @param {BoardLine} row
 * @param {BoardLine[]} rows
 */
function wonPlayoff(row, rows) {
  return rows.some((other) => other.points === row.points && other.rank > row.rank);
}
