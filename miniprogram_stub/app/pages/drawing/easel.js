// A drawer's drawing: what the finger does becomes numbered operations, which are sent one portion
// after the other until the server has all of them. Pure.

const { WIDTH, HEIGHT } = require('./palette.js');

// The server's limits: points in a batch, batches in a message; a message is 16 KiB at most.
const POINTS_PER_BATCH = 200;
const BATCHES_PER_MESSAGE = 8;
const POINTS_PER_MESSAGE = 600;
// A finger that moved less than this has not moved.
const STEP = 3;

class Easel {
  /** `ops` are the operations that the server has. */
  constructor(turnId, ops = []) {
    this.turnId = turnId;
    this.ops = ops.slice();
    this.arrived = ops.length;
    this._stroke = lastStroke(ops);
    this._pen = null;
    this._points = [];
    this._isSending = false;
  }

  /** The finger comes down; returns the point on the paper. */
  down(x, y, pen) {
    this._stroke += 1;
    this._pen = { colour: pen.colour, width: pen.width };
    this._points = [onPaper(x, y)];
    this._isNew = true;
    return this._points[0];
  }

  /** The finger moves; returns the piece of line that this adds, or null. */
  move(x, y) {
    if (!this._pen) {
      return null;
    }
    const point = onPaper(x, y);
    const last = this._points[this._points.length - 1];
    if (Math.abs(point[0] - last[0]) < STEP && Math.abs(point[1] - last[1]) < STEP) {
      return null;
    }
    this._points.push(point);
    return [last, point];
  }

  /** The finger is lifted; returns the last operations of the stroke. */
  up() {
    const made = this.flush();
    this._pen = null;
    this._points = [];
    return made;
  }

  get isDown() {
    return this._pen !== null;
  }

  get pen() {
    return this._pen;
  }

  /** Make operations of what the finger drew since the last time, and return them. */
  flush() {
    if (!this._pen || (this._points.length < 2 && !this._isNew)) {
      return [];
    }
    const made = [];
    for (let from = 0; from < this._points.length; from += POINTS_PER_BATCH - 1) {
      const points = this._points.slice(from, from + POINTS_PER_BATCH);
      if (points.length > 1 || from === 0) {
        made.push({
          op: 'draw',
          stroke: this._stroke,
          colour: this._pen.colour,
          width: this._pen.width,
          points: encoded(points),
        });
      }
    }
    this._isNew = false;
    // The next batch begins where this one ended.
    this._points = this._points.slice(-1);
    return this._add(made);
  }

  undo() {
    return this._add([{ op: 'undo' }]);
  }

  clear() {
    return this._add([{ op: 'clear' }]);
  }

  fill(x, y, colour) {
    const [px, py] = onPaper(x, y);
    return this._add([{ op: 'fill', colour, x: px, y: py }]);
  }

  _add(made) {
    this.ops.push(...made);
    return made;
  }

  /** What the server has, asked for anew. Returns whether it differs from what is shown here. */
  adopt(ops) {
    const isPrefix =
      ops.length <= this.ops.length &&
      ops.every((op, at) => JSON.stringify(op) === JSON.stringify(this.ops[at]));
    this.arrived = ops.length;
    if (!isPrefix) {
      this.ops = ops.slice();
      this._stroke = Math.max(this._stroke, lastStroke(ops));
    }
    return !isPrefix;
  }

  /** Give up what the server has not taken. */
  dropPending() {
    this.ops = this.ops.slice(0, this.arrived);
  }

  get hasPending() {
    return this.arrived < this.ops.length;
  }

  /** The next message, `{word, data, at}`, or null; nothing more comes before `taken` or `failed`. */
  next() {
    if (this._isSending || !this.hasPending) {
      return null;
    }
    this._isSending = true;
    const at = this.arrived;
    const first = this.ops[at];
    const about = { turn_id: this.turnId, at };
    if (first.op === 'draw') {
      const batches = portion(this.ops, at).map(({ stroke, colour, width, points }) => ({
        stroke,
        colour,
        width,
        points,
      }));
      return { word: 'strokes', data: Object.assign({ batches }, about) };
    }
    if (first.op === 'fill') {
      const { colour, x, y } = first;
      return { word: 'fill', data: Object.assign({ colour, x, y }, about) };
    }
    return { word: first.op, data: about };
  }

  /** The server has so many operations now. */
  taken(count) {
    this._isSending = false;
    this.arrived = Math.max(this.arrived, Math.min(count, this.ops.length));
  }

  /** A message did not arrive; `at` is where the server wants to go on, if it said so. */
  failed(at) {
    this._isSending = false;
    if (at !== undefined) {
      this.arrived = Math.min(this.arrived, at);
    }
  }
}

function lastStroke(ops) {
  return ops.reduce((most, op) => Math.max(most, op.stroke || 0), 0);
}

function onPaper(x, y) {
  const within = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
  return [within(x, WIDTH), within(y, HEIGHT)];
}

/** The first point as it is, then the way to each next one. */
function encoded(points) {
  const flat = points[0].slice();
  points.slice(1).forEach(([x, y], at) => {
    flat.push(x - points[at][0], y - points[at][1]);
  });
  return flat;
}

/** The batches that one message carries. */
function portion(ops, first) {
  const found = [];
  let points = 0;
  for (const op of ops.slice(first, first + BATCHES_PER_MESSAGE)) {
    if (op.op !== 'draw') {
      break;
    }
    points += op.points.length / 2;
    if (found.length > 0 && points > POINTS_PER_MESSAGE) {
      break;
    }
    found.push(op);
  }
  return found;
}

module.exports = { Easel };
