// One board on the page, of players or of teams: keeps a list of rows in step with the standings.
// Rows are kept by id, so that a person who overtakes is the same node sliding upwards.

import { RowFit } from "./fit.js";
import { countTo, glide, motionAllowed, play, rememberPlaces } from "./motion.js";
import { formatterFor, lengthOf, visibleRows } from "./state.js";

const CLIMB_SHOWN_MS = 3_000;
const NAME_WIDTH = { long: 8, longest: 13 };
const UNVEIL_GAP_MS = 350;

export class Board {
  #list;
  #template;
  #closedTemplate = document.getElementById("closed-row");
  #prefix;
  #detail;
  #fit;
  #onUnveil;
  #rows = new Map();
  #keys = [];
  #closedPlaces = new Set();
  #drawn = false;

  /**
   * `prefix` names rows for tests ("row" gives row-12 and points-12), `detail(row)` is the small
   * text beside a name, `limits` are those of RowFit, `onUnveil(rows)` hears of rows that a reveal
   * has just opened, best last, and `onRoom()` that there is room for more or fewer rows.
   */
  constructor(list, { template, prefix, detail, limits, onUnveil = () => {}, onRoom }) {
    this.#list = list;
    this.#template = document.getElementById(template);
    this.#prefix = prefix;
    this.#detail = detail;
    this.#onUnveil = onUnveil;
    this.#fit = new RowFit(list, limits, onRoom);
  }

  /** Draws standings, best first; `underWay` tells that a reveal is past its first step. */
  render(allRows, underWay = false) {
    const slots = this.#fit.slotsFor(allRows.length);
    const rows = visibleRows(allRows, slots, underWay);
    const format = formatterFor(rows);
    const best = Math.max(1, ...rows.map((row) => row.points ?? 0));
    const opened = rows.filter((row) => row.id !== null && this.#closedPlaces.has(row.place));
    this.#arrange(rows);
    for (const row of rows) this.#fill(row, format, best);
    this.#unveil(opened.reverse());
    this.#closedPlaces = new Set(allRows.flatMap((row, place) => (row.id === null ? [place] : [])));
    this.#drawn = true;
  }

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

  /** Lets a row that rose glow, and one that is new on the board come in from below it. */
  #greet(row, place, before) {
    const key = keyOf(row);
    const { node } = this.#rows.get(key);
    if (before.has(key)) {
      if (before.get(key) > place) flash(node);
    } else if (row.id !== null && !this.#closedPlaces.has(row.place)) {
      enter(node, this.#list);
      if (before.size > 0 && place < before.size - 1) flash(node);
    }
  }

  #drop(staying) {
    for (const [key, row] of this.#rows) {
      if (staying.has(key)) continue;
      row.node.remove();
      this.#rows.delete(key);
    }
  }

  #seat(row, key, place) {
    if (!this.#rows.has(key)) {
      this.#rows.set(key, row.id === null ? this.#closedRow() : this.#openRow(row));
    }
    const { node } = this.#rows.get(key);
    const seated = this.#list.children[place] ?? null;
    if (seated !== node) this.#list.insertBefore(node, seated);
  }

  #closedRow() {
    const node = this.#closedTemplate.content.firstElementChild.cloneNode(true);
    return { node, rank: node.querySelector(".row__rank") };
  }

  #openRow(row) {
    const node = this.#template.content.firstElementChild.cloneNode(true);
    const part = (name) => node.querySelector(`.row__${name}`);
    node.dataset.testid = `${this.#prefix}-${row.id}`;
    const points = part("points");
    points.dataset.testid = `${this.#prefix === "row" ? "" : `${this.#prefix}-`}points-${row.id}`;
    const [rank, name, team, climb] = ["rank", "name", "team", "climb"].map(part);
    return { node, points, rank, name, team, climb };
  }

  #fill(row, format, best) {
    const parts = this.#rows.get(keyOf(row));
    if (parts.climb && row.rank < parts.shownRank) showClimb(parts, parts.shownRank - row.rank);
    parts.shownRank = row.rank;
    write(parts.rank, String(row.rank));
    mark(parts.node, "rank", row.rank <= 3 ? String(row.rank) : "");
    if (row.id === null) return;
    write(parts.name, row.name);
    mark(parts.name, "length", lengthOf(row.name, NAME_WIDTH));
    write(parts.team, this.#detail(row));
    mark(parts.points, "points", String(row.points));
    parts.node.style.setProperty("--share", Math.max(0, row.points / best).toFixed(3));
    countTo(parts.points, row.points, format);
  }

  #unveil(rows) {
    if (rows.length === 0) return;
    rows.forEach((row, turn) => unveil(this.#rows.get(keyOf(row)).node, turn * UNVEIL_GAP_MS));
    this.#onUnveil(rows);
  }
}

function keyOf(row) {
  return row.id === null ? `closed-${row.place}` : `id-${row.id}`;
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function mark(node, name, value) {
  if (node.dataset[name] !== value) node.dataset[name] = value;
}

function enter(node, list) {
  const way = list.getBoundingClientRect().bottom - node.getBoundingClientRect().top;
  glide(node, way);
}

function flash(node) {
  node.classList.add("row--rising");
  const glow = play(node.querySelector(".row__glow"), [{ opacity: 0.45 }, { opacity: 0 }], {
    duration: 1_200,
    easing: "ease-out",
  });
  if (!glow) return node.classList.remove("row--rising");
  glow.finished.then(
    () => node.classList.remove("row--rising"),
    () => {},
  );
}

function showClimb(parts, steps) {
  if (!motionAllowed() || document.hidden) return;
  write(parts.climb, `▲${steps}`);
  parts.climb.classList.add("row__climb--shown");
  clearTimeout(parts.climbTimer);
  const hide = () => parts.climb.classList.remove("row__climb--shown");
  parts.climbTimer = setTimeout(hide, CLIMB_SHOWN_MS);
}

function unveil(node, delay) {
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
