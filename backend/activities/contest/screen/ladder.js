// The board between two questions: the first places, and who climbed since the question before.

/** @import { BoardLine, ContestActivity } from "./contest.js" */

import { play } from "/screen/static/motion.js";
import { make, mark, named } from "/screen/static/parts.js";
import { sealed } from "/screen/static/podium.js";
import { formatPoints, lengthOf, namesOf } from "/screen/static/state.js";

const NAME_WIDTH = { long: 9, longest: 14 };
const GAP_MS = 110;

export class Ladder {
  #head = make("div", "ladder__head");
  #list = named(make("ol", "ladder__rows"), "contest-board");
  #shown = "";

  constructor() {
    this.node = make("div", "ladder", this.#head, this.#list);
  }

  /** @param {ContestActivity} activity */
  update(activity) {
    const { board, position, rounds, playoff } = activity;
    const shown = JSON.stringify([board, position, rounds, playoff]);
    if (shown === this.#shown) return;
    const first = this.#shown === "";
    this.#shown = shown;
    if (board.frozen) {
      this.node.replaceChildren(sealed("名次先装进信封，揭榜时一起打开"));
      return;
    }
    const chips = [nextWords(activity)];
    if (board.rows.some((row) => row.gained > 0)) chips.push("亮条是这一题得的分");
    if (board.more > 0) chips.push(`另有 ${board.more} 人与末位同分`);
    const out = board.out_of_competition;
    if (out.length > 0) chips.push(`不计名次：${namesOf(out)}`);
    this.#head.replaceChildren(
      make("h2", "ladder__title", "积分榜"),
      ...chips.map((words) => make("span", "chip chip--quiet", words)),
    );
    this.node.replaceChildren(this.#head, this.#list);
    this.#lay(board.rows, position, first);
  }

  /**
   * @param {BoardLine[]} rows
   * @param {number} position
   * @param {boolean} first
   */
  #lay(rows, position, first) {
    if (rows.length === 0) {
      this.#list.replaceChildren(make("li", "ladder__none", "还没有人得分，下一题就是好机会"));
      return;
    }
    const best = Math.max(1, ...rows.map((row) => row.points));
    const nodes = rows.map((row) => rowOf(row, best, position > 1));
    this.#list.replaceChildren(...nodes);
    if (first) nodes.forEach((node, place) => arrive(node, rows[place], place, rows.length));
  }
}

/** @param {ContestActivity} activity */
function nextWords({ position, rounds, playoff }) {
  if (playoff) return `加赛：${namesOf(playoff)}`;
  return position < rounds ? `还有 ${rounds - position} 题` : "题目全部答完";
}

/**
 * @param {BoardLine} row
 * @param {number} best
 * @param {boolean} later
 */
function rowOf(row, best, later) {
  const name = make("span", "step__name one-line", row.name);
  mark(name, "length", lengthOf(row.name, NAME_WIDTH));
  const node = named(
    make(
      "li",
      "step",
      make("span", "step__bar"),
      make("span", "step__rank", String(row.rank)),
      make("span", "step__who", name, make("span", "step__team one-line", row.team ?? "")),
      climbOf(row, later),
      make("span", "step__gained", row.gained > 0 ? `+${formatPoints(row.gained)}` : ""),
      make("span", "step__points", formatPoints(row.points)),
    ),
    `contest-row-${row.id}`,
  );
  node.style.setProperty("--share", (row.points / best).toFixed(3));
  node.style.setProperty("--before", ((row.points - row.gained) / best).toFixed(3));
  mark(node, "rank", row.rank <= 3 ? String(row.rank) : "");
  return node;
}

/**
 * How somebody moved; before the second question nobody can have.
 * @param {BoardLine} row
 * @param {boolean} later
 */
function climbOf({ climbed }, later) {
  const node = make("span", "step__climb");
  if (!later) return node;
  if (climbed === null) {
    node.append("新上榜");
    mark(node, "way", "new");
  } else if (climbed !== 0) {
    node.append(`${climbed > 0 ? "↑" : "↓"}${Math.abs(climbed)}`);
    mark(node, "way", climbed > 0 ? "up" : "down");
  } else {
    node.append("–");
  }
  return node;
}

/**
 * Lets a row slide from the place that it had before to the one it has now.
 * @param {HTMLElement} node
 * @param {BoardLine} row
 * @param {number} place
 * @param {number} count
 */
function arrive(node, row, place, count) {
  const before = Math.min(Math.max(place + (row.climbed ?? count), 0), count + 1);
  const away = `translateY(calc(${before - place} * (100% + 0.8rem)))`;
  play(
    node,
    [
      { transform: away, opacity: 0 },
      { transform: away, opacity: 1, offset: 0.25 },
      { transform: "none" },
    ],
    {
      duration: 1_000,
      delay: 150 + place * GAP_MS,
      easing: "cubic-bezier(.3, .8, .25, 1)",
      fill: "backwards",
    },
  );
}
