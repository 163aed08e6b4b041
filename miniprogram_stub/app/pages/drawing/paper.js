// The paper of a turn: plays operations back as they come, and all of them anew after an undo. The
// rules are those of the big screen, so that both show the same drawing. Knows no WeChat.

const { WIDTH, HEIGHT, PAPER, COLOURS, WIDTHS } = require('./palette.js');

// A fill stops where a colour differs by more than this; soft edges of strokes belong to them.
const ALIKE = 48;

class Paper {
  constructor() {
    this._context = null;
    this._marks = [];
    this.count = 0;
    this.turnId = null;
  }

  /** Draw on this 2d context from now on, null for none: 1000 × 750 points, one for each of the paper's. */
  drawOn(context) {
    this._context = context;
    if (context) {
      context.lineCap = 'round';
      context.lineJoin = 'round';
      this._redraw();
    }
  }

  /**
   * Show the whole drawing of a turn; only what is new is drawn. What was heard since then stays,
   * unless the turn is void.
   */
  show({ turn_id: turnId, ops, ending }) {
    if (turnId !== this.turnId || ending === 'voided') {
      this.restart(turnId, []);
    }
    this.add(turnId, 0, ops);
  }

  /** Show these operations and nothing else. */
  restart(turnId, ops) {
    this.turnId = turnId;
    this.count = 0;
    this._marks = [];
    this._clean();
    this.add(turnId, 0, ops);
  }

  /** Add operations, the first of which is the `first`-th; returns false where some before are missing. */
  add(turnId, first, ops) {
    if (turnId !== this.turnId || first > this.count) {
      return false;
    }
    ops.slice(this.count - first).forEach((op) => {
      this._play(op);
    });
    this.count = Math.max(this.count, first + ops.length);
    return true;
  }

  /** How many strokes and fills can be taken back. */
  get marks() {
    return this._marks.length;
  }

  /** Show a line that is no operation yet. */
  preview(points, pen) {
    this._line(points, pen);
  }

  _play(op) {
    if (op.op === 'draw') {
      this._stroke(op);
    } else if (op.op === 'fill') {
      this._marks.push(op);
      this._pour(op);
    } else {
      this._marks = op.op === 'undo' ? this._marks.slice(0, -1) : [];
      this._redraw();
    }
  }

  _redraw() {
    this._clean();
    this._marks.forEach((mark) => {
      if (mark.op === 'fill') {
        this._pour(mark);
      } else {
        this._line(mark.points, mark);
      }
    });
  }

  /** A batch goes on with the stroke that was drawn last, or begins another. */
  _stroke({ stroke, colour, width, points }) {
    const ways = decoded(points);
    const last = this._marks[this._marks.length - 1];
    if (last && last.op === 'draw' && last.stroke === stroke) {
      this._line(last.points.slice(-1).concat(ways), last);
      last.points = last.points.concat(ways);
    } else {
      this._marks.push({ op: 'draw', stroke, colour, width, points: ways });
      this._line(ways, { colour, width });
    }
  }

  _line(points, { colour, width }) {
    const paint = this._context;
    if (!paint) {
      return;
    }
    const { ink } = COLOURS[colour] || COLOURS[0];
    const wide = WIDTHS[width] || WIDTHS[0];
    const [x, y] = points[0];
    paint.beginPath();
    if (points.every((point) => point[0] === x && point[1] === y)) {
      // A line without length has no ends that could be round.
      paint.fillStyle = ink;
      paint.arc(x, y, wide / 2, 0, 2 * Math.PI);
      paint.fill();
      return;
    }
    paint.strokeStyle = ink;
    paint.lineWidth = wide;
    paint.moveTo(x, y);
    points.forEach((point) => {
      paint.lineTo(point[0], point[1]);
    });
    paint.stroke();
  }

  _pour({ x, y, colour }) {
    const paint = this._context;
    if (!paint) {
      return;
    }
    const picture = paint.getImageData(0, 0, WIDTH, HEIGHT);
    const { ink } = COLOURS[colour] || COLOURS[0];
    const parts = [1, 3, 5].map((at) => Number.parseInt(ink.slice(at, at + 2), 16));
    flood(picture, Math.min(x, WIDTH - 1), Math.min(y, HEIGHT - 1), parts);
    paint.putImageData(picture, 0, 0);
  }

  _clean() {
    const paint = this._context;
    if (paint) {
      paint.fillStyle = PAPER;
      paint.fillRect(0, 0, WIDTH, HEIGHT);
    }
  }
}

/** The points of a batch: the first as it is, the others as differences. */
function decoded(flat) {
  const points = [];
  let x = 0;
  let y = 0;
  for (let at = 0; at + 1 < flat.length; at += 2) {
    x += flat[at];
    y += flat[at + 1];
    points.push([x, y]);
  }
  return points;
}

/** Fill what is connected with a point and looks alike, and a little over its edge. */
function flood({ data, width, height }, startX, startY, ink) {
  const start = (startY * width + startX) * 4;
  const old = [data[start], data[start + 1], data[start + 2]];
  const filled = new Uint8Array(width * height);
  const isOpen = (place) => !filled[place] && isAlike(data, place * 4, old);
  const waiting = [[startX, startY]];
  for (let point = waiting.pop(); point; point = waiting.pop()) {
    const [x, y] = point;
    const row = y * width;
    if (!isOpen(row + x)) {
      continue;
    }
    let left = x;
    let right = x;
    while (left > 0 && isOpen(row + left - 1)) {
      left -= 1;
    }
    while (right < width - 1 && isOpen(row + right + 1)) {
      right += 1;
    }
    filled.fill(1, row + left, row + right + 1);
    [y - 1, y + 1].forEach((next) => {
      if (next >= 0 && next < height) {
        seekRuns(next * width, left, right, isOpen, (column) => waiting.push([column, next]));
      }
    });
  }
  for (let place = 0; place < filled.length; place += 1) {
    if (filled[place] || isAtEdge(filled, place, width)) {
      data.set(ink, place * 4);
    }
  }
}

function isAlike(data, at, old) {
  return (
    Math.abs(data[at] - old[0]) <= ALIKE &&
    Math.abs(data[at + 1] - old[1]) <= ALIKE &&
    Math.abs(data[at + 2] - old[2]) <= ALIKE
  );
}

/** Note one column of each stretch of a row that is still open between two columns. */
function seekRuns(row, left, right, isOpen, note) {
  let isInRun = false;
  for (let x = left; x <= right; x += 1) {
    const open = isOpen(row + x);
    if (open && !isInRun) {
      note(x);
    }
    isInRun = open;
  }
}

/** The soft edge of a stroke is filled too, else a pale seam would stay. */
function isAtEdge(filled, place, width) {
  return Boolean(
    filled[place - 1] || filled[place + 1] || filled[place - width] || filled[place + width],
  );
}

module.exports = { Paper };
