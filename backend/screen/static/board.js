// One board on the page, of players or of teams: keeps a list of rows in step with the standings.
// Rows are kept by id, so that a person who overtakes is the same node sliding upwards.

/** @import { Limits } from "./fit.js" */
/** @import { BoardRow, OpenRow, PlacedRow } from "./state.js" */

import { RowFit } from "./fit.js";
import { countTo, glide, motionAllowed, play, rememberPlaces } from "./motion.js";
import { mark, write } from "./parts.js";
import { formatterFor, lengthOf, visibleRows } from "./state.js";

const CLIMB_SHOWN_MS = 3_000;
const NAME_WIDTH = { long: 8, longest: 13 };
const UNVEIL_GAP_MS = 350;

/**
 * The nodes of a row; of a closed row only the rank is written. Teams show no climb.
 * @typedef {{node: HTMLElement, rank: HTMLElement, name: HTMLElement, team: HTMLElement,
 *   points: HTMLElement, climb: HTMLElement | null, shownRank?: number | null,
 *   climbTimer?: number}} Parts
 * @typedef {OpenRow & {place: number}} OpenPlaced
 * @typedef {object} BoardOptions
 * @property {string} template
 * @property {string} prefix Names rows for tests: "row" gives row-12 and points-12.
 * @property {(row: OpenRow) => string} detail The small text beside a name.
 * @property {Limits} limits
 * @property {(rows: OpenRow[]) => void} [onUnveil] Hears of rows that a reveal has just opened, best
 *   last.
 * @property {() => void} onRoom Hears that there is room for more or fewer rows.
 */

export class Board {
  /** @type {HTMLElement} */
  #list;
  /** @type {HTMLTemplateElement} */
  #template;
  #closedTemplate = templateOf("closed-row");
  /** @type {string} */
  #prefix;
  /** @type {(row: OpenRow) => string} */
  #detail;
  /** @type {RowFit} */
  #fit;
  /** @type {(rows: OpenRow[]) => void} */
  #onUnveil;
  /** @type {Map<string, Parts>} */
  #rows = new Map();
  /** @type {string[]} */
  #keys = [];
  /** @type {Set<number>} */
  #closedPlaces = new Set();
  #drawn = false;

  /**
   * @param {HTMLElement} list
   * @param {BoardOptions} options
   */
  constructor(list, { template, prefix, detail, limits, onUnveil = () => {}, onRoom }) {
    this.#list = list;
    this.#template = templateOf(template);
    this.#prefix = prefix;
    this.#detail = detail;
    this.#onUnveil = onUnveil;
    this.#fit = new RowFit(list, limits, onRoom);
  }

  /**
   * Draws standings, best first; `underWay` tells that a reveal is past its first step.
   * @param {BoardRow[]} allRows
   * @param {boolean} underWay
   */
  render(allRows, underWay = false) {
    const slots = this.#fit.slotsFor(allRows.length);
    const rows = visibleRows(allRows, slots, underWay);
    const format = formatterFor(rows);
    const best = Math.max(1, ...rows.map((row) => row.points ?? 0));
    const opened = rows.filter(isOpen).filter((row) => this.#closedPlaces.has(row.place));
    this.#arrange(rows);
    for (const row of rows) this.#fill(row, format, best);
    this.#unveil(opened.reverse());
    this.#closedPlaces = new Set(allRows.flatMap((row, place) => (row.id === null ? [place] : [])));
    this.#drawn = true;
  }

  /** @param {PlacedRow[]} rows */
  #arrange(rows) {
    const keys = rows.map(keyOf);
    if (keys.join() === this.#keys.join()) return;
    const settle = rememberPlaces([...this.#rows.values()].map((row) => row.node));
    const before = new Map(this.#keys.map((key, place) => [key, place]));
    this.#drop(new Set(keys));
    rows.forEach((row, place) => this.#seat(row, keys[place], place));
    this.#keys = keys;
    settle();
    if (this.#drawn) rows.forEach((row, place) => this.#greet(row, place, before));
  }

  /**
   * @param {string} key
   * @returns {Parts}
   */
  #partsOf(key) {
    return /** @type {Parts} */ (this.#rows.get(key));
  }

  /**
   * Lets a row that rose glow, and one that is new on the board come in from below it.
   * @param {PlacedRow} row
   * @param {number} place
   * @param {Map<string, number>} before
   */
  #greet(row, place, before) {
    const key = keyOf(row);
    const { node } = this.#partsOf(key);
    const was = before.get(key);
    if (was !== undefined) {
      if (was > place) flash(node);
    } else if (row.id !== null && !this.#closedPlaces.has(row.place)) {
      enter(node, this.#list);
      if (before.size > 0 && place < before.size - 1) flash(node);
    }
  }

  /** @param {Set<string>} staying */
  #drop(staying) {
    for (const [key, row] of this.#rows) {
      if (staying.has(key)) continue;
      row.node.remove();
      this.#rows.delete(key);
    }
  }

  /**
   * @param {PlacedRow} row
   * @param {string} key
   * @param {number} place
   */
  #seat(row, key, place) {
    if (!this.#rows.has(key)) {
      this.#rows.set(key, row.id === null ? this.#closedRow() : this.#openRow(row));
    }
    const { node } = this.#partsOf(key);
    const seated = this.#list.children[place] ?? null;
    if (seated !== node) this.#list.insertBefore(node, seated);
  }

  /** @returns {Parts} */
  #closedRow() {
    const node = copyOf(this.#closedTemplate);
    return partsOf(node);
  }

  /**
   * @param {OpenRow} row
   * @returns {Parts}
   */
  #openRow(row) {
    const node = copyOf(this.#template);
    node.dataset.testid = `${this.#prefix}-${row.id}`;
    const parts = partsOf(node);
    parts.points.dataset.testid = `${this.#prefix === "row" ? "" : `${this.#prefix}-`}points-${row.id}`;
    return parts;
  }

  /**
   * @param {PlacedRow} row
   * @param {(value: number) => string} format
   * @param {number} best
   */
  #fill(row, format, best) {
    const parts = this.#partsOf(keyOf(row));
    const rank = placeOf(row);
    const before = parts.shownRank ?? rank;
    if (parts.climb && rank && before && rank < before)
      showClimb(parts, parts.climb, before - rank);
    parts.shownRank = rank;
    write(parts.rank, rank ? String(rank) : "–");
    mark(parts.node, "rank", rank && rank <= 3 ? String(rank) : "");
    if (row.id === null) return;
    write(parts.name, row.name);
    mark(parts.name, "length", lengthOf(row.name, NAME_WIDTH));
    write(parts.team, this.#detail(row));
    mark(parts.points, "points", String(row.points));
    parts.node.style.setProperty("--share", Math.max(0, row.points / best).toFixed(3));
    countTo(parts.points, row.points, format);
  }

  /** @param {OpenPlaced[]} rows */
  #unveil(rows) {
    if (rows.length === 0) return;
    rows.forEach((row, turn) => unveil(this.#partsOf(keyOf(row)).node, turn * UNVEIL_GAP_MS));
    this.#onUnveil(rows);
  }
}

/** @param {string} id */
function templateOf(id) {
  return /** @type {HTMLTemplateElement} */ (document.getElementById(id));
}

/** @param {HTMLTemplateElement} template */
function copyOf(template) {
  const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  return /** @type {HTMLElement} */ (copy.firstElementChild);
}

/**
 * @param {HTMLElement} node
 * @returns {Parts}
 */
function partsOf(node) {
  const [rank, name, team, points, climb] = ["rank", "name", "team", "points", "climb"].map(
    (part) => /** @type {HTMLElement} */ (node.querySelector(`.row__${part}`)),
  );
  return { node, rank, name, team, points, climb };
}

/**
 * @param {PlacedRow} row
 * @returns {row is OpenPlaced}
 */
function isOpen(row) {
  return row.id !== null;
}

/**
 * The place that is shown: none without points, which everybody has at first.
 * @param {PlacedRow} row
 */
function placeOf(row) {
  return row.id === null || row.points > 0 ? row.rank : null;
}

/** @param {PlacedRow} row */
function keyOf(row) {
  return row.id === null ? `closed-${row.place}` : `id-${row.id}`;
}

/**
 * @param {HTMLElement} node
 * @param {HTMLElement} list
 */
function enter(node, list) {
  const way = list.getBoundingClientRect().bottom - node.getBoundingClientRect().top;
  glide(node, way);
}

/** @param {HTMLElement} node */
function glowOf(node) {
  return /** @type {HTMLElement} */ (node.querySelector(".row__glow"));
}

/** @param {HTMLElement} node */
function flash(node) {
  node.classList.add("row--rising");
  const glow = play(glowOf(node), [{ opacity: 0.45 }, { opacity: 0 }], {
    duration: 1_200,
    easing: "ease-out",
  });
  if (!glow) return node.classList.remove("row--rising");
  glow.finished.then(
    () => node.classList.remove("row--rising"),
    () => {},
  );
}

/**
 * @param {Parts} parts
 * @param {HTMLElement} climb
 * @param {number} steps
 */
function showClimb(parts, climb, steps) {
  if (!motionAllowed() || document.hidden) return;
  write(climb, `▲${steps}`);
  climb.classList.add("row__climb--shown");
  clearTimeout(parts.climbTimer);
  const hide = () => climb.classList.remove("row__climb--shown");
  parts.climbTimer = setTimeout(hide, CLIMB_SHOWN_MS);
}

/**
 * @param {HTMLElement} node
 * @param {number} delay
 */
function unveil(node, delay) {
  /** @type {KeyframeAnimationOptions} */
  const turn = { duration: 900, delay, easing: "cubic-bezier(.2, .8, .3, 1)", fill: "backwards" };
  const frames = [
    { transform: "perspective(60rem) rotateX(-92deg)", filter: "brightness(3)" },
    { transform: "perspective(60rem) rotateX(12deg)", filter: "brightness(1.6)", offset: 0.6 },
    { transform: "none", filter: "none" },
  ];
  if (!play(node, frames, turn)) return;
  node.classList.add("row--unveiled");
  setTimeout(() => node.classList.remove("row--unveiled"), 3_200 + delay);
}
