// The canvas of 你画我猜: plays operations back as they come, and all of them anew after an undo.
//
// The canvas is 1000 × 750 for phones; here it is drawn twice as fine, in the hosts' console half as
// fine. The rules of replaying are those of backend/activities/drawing/strokes.py.

import { named } from "/screen/static/parts.js";

const WIDTH = 1000;
const HEIGHT = 750;
const FINE = 2;
const PAPER = "#fffdf6";
// What the places of the phones' palette look like.
const COLOURS = [
  "#1d1d1f",
  "#7a7a80",
  "#c4c4c9",
  "#ffffff",
  "#d7263d",
  "#f46036",
  "#f9a620",
  "#ffd93d",
  "#2e933c",
  "#8ac926",
  "#1aa6b7",
  "#1d6fdc",
  "#5b3cc4",
  "#b23a9e",
  "#ff8fb1",
  "#7f4f24",
];
const WIDTHS = [4, 8, 14, 22, 34, 52];
// A fill stops where a colour differs by more than this; soft edges of strokes belong to them.
const ALIKE = 48;
const SEAM = 2;

/**
 * Operations as they are stored and sent, see `backend/activities/drawing/strokes.py`.
 * @typedef {[number, number]} Point
 * @typedef {{op: "draw", stroke: number, colour: number, width: number, points: number[]}} DrawOp
 *   The first point, and the others as differences.
 * @typedef {{op: "fill", x: number, y: number, colour: number}} FillOp
 * @typedef {DrawOp | FillOp | {op: "undo"} | {op: "clear"}} Op
 * @typedef {{op: "draw", stroke: number, colour: number, width: number, points: Point[]}} Line
 */

export class Sketch {
  /** @type {CanvasRenderingContext2D} */
  #paint;
  #fine;
  /** @type {(Line | FillOp)[]} */
  #marks = [];
  #count = 0;
  /** @type {number | null} */
  #turn = null;

  /**
   * @param {HTMLCanvasElement} node
   * @param {number} fine how many pixels a unit of the phones' canvas has
   */
  constructor(node = document.createElement("canvas"), fine = FINE) {
    this.node = named(node, "canvas");
    this.node.classList.add("sketch");
    this.node.width = WIDTH * fine;
    this.node.height = HEIGHT * fine;
    this.#fine = fine;
    this.#paint = /** @type {CanvasRenderingContext2D} */ (
      this.node.getContext("2d", { willReadFrequently: true })
    );
    this.#paint.scale(fine, fine);
    this.#paint.lineCap = this.#paint.lineJoin = "round";
    this.#clean();
  }

  /**
   * Shows the whole drawing of a turn; only what is new is drawn. A state may be older than what
   * was heard since: what it lacks stays, unless the turn is void.
   * @param {{turn_id: number, ops: Op[], ending?: string | null}} turn
   */
  show(turn) {
    if (turn.turn_id !== this.#turn || turn.ending === "voided") {
      this.#turn = turn.turn_id;
      this.#count = 0;
      this.#marks = [];
      this.#clean();
    }
    this.add(turn.turn_id, 0, turn.ops);
  }

  /**
   * Adds operations of which the first is the `first`-th; after a gap the next state helps.
   * @param {number} turnId
   * @param {number} first
   * @param {Op[]} ops
   */
  add(turnId, first, ops) {
    if (turnId !== this.#turn || first > this.#count) return;
    for (const op of ops.slice(this.#count - first)) this.#play(op);
    this.#count = Math.max(this.#count, first + ops.length);
    this.node.dataset.count = String(this.#count);
  }

  /** @param {Op} op */
  #play(op) {
    if (op.op === "draw") return this.#stroke(op);
    if (op.op === "fill") {
      this.#marks.push(op);
      return this.#pour(op);
    }
    this.#marks = op.op === "undo" ? this.#marks.slice(0, -1) : [];
    this.#clean();
    for (const mark of this.#marks) {
      if (mark.op === "fill") this.#pour(mark);
      else this.#line(mark.points, mark);
    }
  }

  /**
   * A batch goes on with the stroke that was drawn last, or begins another.
   * @param {DrawOp} op
   */
  #stroke({ stroke, colour, width, points }) {
    const ways = decoded(points);
    const last = this.#marks.at(-1);
    if (last?.op === "draw" && last.stroke === stroke) {
      this.#line([...last.points.slice(-1), ...ways], last);
      last.points.push(...ways);
    } else {
      this.#marks.push({ op: "draw", stroke, colour, width, points: ways });
      this.#line(ways, { colour, width });
    }
  }

  /**
   * @param {Point[]} points
   * @param {{colour: number, width: number}} pen
   */
  #line(points, { colour, width }) {
    const ink = COLOURS[colour] ?? COLOURS[0];
    const wide = WIDTHS[width] ?? WIDTHS[0];
    const [x, y] = points[0];
    this.#paint.beginPath();
    if (points.every((point) => point[0] === x && point[1] === y)) {
      // A line without length has no ends that could be round.
      this.#paint.fillStyle = ink;
      this.#paint.arc(x, y, wide / 2, 0, 2 * Math.PI);
      this.#paint.fill();
      return;
    }
    this.#paint.strokeStyle = ink;
    this.#paint.lineWidth = wide;
    this.#paint.moveTo(x, y);
    for (const point of points) this.#paint.lineTo(...point);
    this.#paint.stroke();
  }

  /** @param {FillOp} op */
  #pour({ x, y, colour }) {
    const { width, height } = this.node;
    const picture = this.#paint.getImageData(0, 0, width, height);
    const startX = Math.floor(Math.min(x, WIDTH - 1) * this.#fine);
    const startY = Math.floor(Math.min(y, HEIGHT - 1) * this.#fine);
    const ink = COLOURS[colour] ?? COLOURS[0];
    const parts = [1, 3, 5].map((at) => parseInt(ink.slice(at, at + 2), 16));
    flood(picture, startX, startY, parts);
    this.#paint.putImageData(picture, 0, 0);
  }

  #clean() {
    this.#paint.fillStyle = PAPER;
    this.#paint.fillRect(0, 0, WIDTH, HEIGHT);
  }
}

/**
 * The points of a batch: the first as it is, the others as differences.
 * @param {number[]} flat
 */
function decoded(flat) {
  /** @type {Point[]} */
  const points = [];
  let [x, y] = [0, 0];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    x += flat[at];
    y += flat[at + 1];
    points.push([x, y]);
  }
  return points;
}

/**
 * Fills what is connected with a point and looks alike, and a little over its edge.
 * @param {ImageData} picture
 * @param {number} startX
 * @param {number} startY
 * @param {number[]} ink
 */
function flood({ data, width, height }, startX, startY, ink) {
  const start = (startY * width + startX) * 4;
  const old = data.slice(start, start + 3);
  const filled = new Uint8Array(width * height);
  /** @param {number} place */
  const isOpen = (place) => !filled[place] && isAlike(data, place * 4, old);
  /** @type {Point[]} */
  const waiting = [[startX, startY]];
  for (let point = waiting.pop(); point; point = waiting.pop()) {
    const [x, y] = point;
    const row = y * width;
    if (!isOpen(row + x)) continue;
    let [left, right] = [x, x];
    while (left > 0 && isOpen(row + left - 1)) left -= 1;
    while (right < width - 1 && isOpen(row + right + 1)) right += 1;
    filled.fill(1, row + left, row + right + 1);
    for (const next of [y - 1, y + 1]) {
      if (next >= 0 && next < height) seekRuns(next, left, right, width, isOpen, waiting);
    }
  }
  for (let place = 0; place < filled.length; place += 1) {
    if (filled[place] || isAtEdge(filled, place, width)) data.set(ink, place * 4);
  }
}

/**
 * @param {Uint8ClampedArray} data
 * @param {number} at
 * @param {Uint8ClampedArray} old
 */
function isAlike(data, at, old) {
  return (
    Math.abs(data[at] - old[0]) <= ALIKE &&
    Math.abs(data[at + 1] - old[1]) <= ALIKE &&
    Math.abs(data[at + 2] - old[2]) <= ALIKE
  );
}

/**
 * Notes one point of each stretch of a line that is still open between two columns.
 * @param {number} y
 * @param {number} left
 * @param {number} right
 * @param {number} width
 * @param {(place: number) => boolean} isOpen
 * @param {Point[]} waiting
 */
function seekRuns(y, left, right, width, isOpen, waiting) {
  let inRun = false;
  for (let x = left; x <= right; x += 1) {
    const open = isOpen(y * width + x);
    if (open && !inRun) waiting.push([x, y]);
    inRun = open;
  }
}

/**
 * The soft edge of a stroke is filled too, else a pale seam would stay.
 * @param {Uint8Array} filled
 * @param {number} place
 * @param {number} width
 */
function isAtEdge(filled, place, width) {
  for (let step = 1; step <= SEAM; step += 1) {
    if (filled[place - step] || filled[place + step]) return true;
    if (filled[place - step * width] || filled[place + step * width]) return true;
  }
  return false;
}
