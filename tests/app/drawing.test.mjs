import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const page = (name) => require(`../../miniprogram_stub/app/pages/drawing/${name}.js`);
const { COLOURS, HEIGHT, PAPER, WIDTH, WIDTHS } = page('palette');
const { Easel } = page('easel');
const { Paper } = page('paper');
const room = page('room');

const source = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const PEN = { colour: 2, width: 1 };

// The palette

test('paper, colours and widths are those of the big screen', () => {
  const sketch = source('backend/activities/drawing/screen/sketch.js');
  const inks = /COLOURS = \[([^\]]*)\]/.exec(sketch)[1].match(/#[0-9a-f]{6}/g);
  assert.deepEqual(
    COLOURS.map(({ ink }) => ink),
    inks,
  );
  assert.deepEqual(WIDTHS, JSON.parse(/WIDTHS = (\[[^\]]*\])/.exec(sketch)[1]));
  assert.equal(PAPER, /PAPER = "(#[0-9a-f]{6})"/.exec(sketch)[1]);
  const tokens = source('backend/screen/static/tokens.css');
  assert.equal(PAPER, /--paper: (#[0-9a-f]{6})/.exec(tokens)[1]);
});

test('paper, colours and widths are documented', () => {
  const api = source('docs/api.md');
  for (const ink of [PAPER, ...COLOURS.map((colour) => colour.ink)]) {
    assert.ok(api.includes(ink), ink);
  }
});

// The easel

/** A drawing of one stroke through these points. */
function stroke(easel, ...points) {
  const [[x, y], ...others] = points;
  easel.down(x, y, PEN);
  for (const point of others) {
    easel.move(...point);
  }
  return easel.up();
}

test('a stroke is sent as its first point and the ways to the others', () => {
  const easel = new Easel(9);
  const made = stroke(easel, [10, 20], [30, 20], [30, 50]);
  assert.deepEqual(made, [
    { op: 'draw', stroke: 1, colour: 2, width: 1, points: [10, 20, 20, 0, 0, 30] },
  ]);
  assert.deepEqual(easel.next(), {
    word: 'strokes',
    data: {
      turn_id: 9,
      at: 0,
      batches: [{ stroke: 1, colour: 2, width: 1, points: [10, 20, 20, 0, 0, 30] }],
    },
  });
});

test('a batch goes on where the one before ended, as the same stroke', () => {
  const easel = new Easel(9);
  easel.down(0, 0, PEN);
  easel.move(10, 0);
  const [first] = easel.flush();
  assert.deepEqual(easel.flush(), []);
  easel.move(20, 0);
  const [second] = easel.up();
  assert.deepEqual([first.stroke, second.stroke], [1, 1]);
  assert.deepEqual(
    [first.points, second.points],
    [
      [0, 0, 10, 0],
      [10, 0, 10, 0],
    ],
  );
});

test('a tap is a dot, and what leaves the paper stays on its edge', () => {
  const easel = new Easel(9);
  assert.deepEqual(stroke(easel, [5, 5])[0].points, [5, 5]);
  assert.deepEqual(stroke(easel, [990, 740], [1200, 900])[0].points, [990, 740, 10, 10]);
});

test('a finger that trembles draws nothing more', () => {
  const easel = new Easel(9);
  easel.down(10, 10, PEN);
  assert.equal(easel.move(11, 11), null);
  assert.deepEqual(easel.move(20, 10), [
    [10, 10],
    [20, 10],
  ]);
});

test('a long stroke is cut into batches that the server takes', () => {
  const easel = new Easel(9);
  easel.down(0, 0, PEN);
  for (let at = 1; at <= 450; at += 1) {
    easel.move(at % 2 ? 500 : 0, at);
  }
  const made = easel.up();
  assert.ok(made.every(({ points }) => points.length <= 400));
  const paper = new Paper();
  paper.restart(9, made);
  assert.equal(paper.marks, 1);
});

test('one message waits for the one before', () => {
  const easel = new Easel(9);
  stroke(easel, [0, 0], [10, 0]);
  assert.equal(easel.next().data.at, 0);
  stroke(easel, [0, 9], [10, 9]);
  assert.equal(easel.next(), null);
  easel.taken(1);
  assert.equal(easel.next().data.at, 1);
  easel.taken(2);
  assert.equal(easel.next(), null);
  assert.equal(easel.hasPending, false);
});

test('an undo goes out behind the strokes before it', () => {
  const easel = new Easel(9);
  stroke(easel, [0, 0], [10, 0]);
  easel.undo();
  easel.fill(500, 300, 4);
  easel.clear();
  const sent = [];
  for (let message = easel.next(); message; message = easel.next()) {
    sent.push([message.word, message.data.at]);
    easel.taken(message.data.at + 1);
  }
  assert.deepEqual(sent, [
    ['strokes', 0],
    ['undo', 1],
    ['fill', 2],
    ['clear', 3],
  ]);
});

test('what the server misses is sent again from there', () => {
  const easel = new Easel(9);
  for (const y of [0, 9, 18]) {
    stroke(easel, [0, y], [10, y]);
  }
  easel.next();
  easel.taken(3);
  stroke(easel, [0, 27], [10, 27]);
  easel.next();
  easel.failed(1);
  const again = easel.next();
  assert.deepEqual([again.data.at, again.data.batches.length], [1, 3]);
});

test('what the server has is taken over, and what it lacks is kept', () => {
  const easel = new Easel(9);
  stroke(easel, [0, 0], [10, 0]);
  stroke(easel, [0, 9], [10, 9]);
  assert.equal(easel.adopt(easel.ops.slice(0, 1)), false);
  assert.equal(easel.next().data.at, 1);
  const others = [{ op: 'fill', colour: 1, x: 1, y: 1 }];
  assert.equal(easel.adopt(others), true);
  assert.deepEqual(easel.ops, others);
});

test('a drawing that goes on after a restart has new strokes', () => {
  const before = new Easel(9);
  stroke(before, [0, 0], [10, 0]);
  const easel = new Easel(9, before.ops);
  assert.equal(easel.hasPending, false);
  assert.equal(stroke(easel, [0, 9], [10, 9])[0].stroke, 2);
});

// The paper

/** A 2d context of plain numbers: strokes are dots at their points, fills read and write it. */
class Plain {
  constructor() {
    this.data = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
    this.lines = 0;
  }

  fillRect() {
    this._paint(() => true, this.fillStyle);
  }

  beginPath() {
    this.path = [];
  }

  moveTo(x, y) {
    this.path.push([x, y]);
  }

  lineTo(x, y) {
    this.path.push([x, y]);
  }

  /** A dot. */
  arc(x, y) {
    this.path = [[x, y]];
  }

  fill() {
    this._paint((x, y) => x === this.path[0][0] && y === this.path[0][1], this.fillStyle);
  }

  /** Vertical and horizontal lines, one point wide. */
  stroke() {
    this.lines += 1;
    this.path.forEach(([x, y], at) => {
      const [fromX, fromY] = this.path[Math.max(0, at - 1)];
      const [left, right] = [Math.min(x, fromX), Math.max(x, fromX)];
      const [top, bottom] = [Math.min(y, fromY), Math.max(y, fromY)];
      this._paint(
        (px, py) => px >= left && px <= right && py >= top && py <= bottom,
        this.strokeStyle,
      );
    });
  }

  _paint(isInside, ink) {
    const parts = [1, 3, 5].map((at) => Number.parseInt(ink.slice(at, at + 2), 16));
    for (let place = 0; place < WIDTH * HEIGHT; place += 1) {
      if (isInside(place % WIDTH, Math.floor(place / WIDTH))) {
        this.data.set([...parts, 255], place * 4);
      }
    }
  }

  getImageData() {
    return { data: this.data, width: WIDTH, height: HEIGHT };
  }

  putImageData() {}

  at(x, y) {
    const place = (y * WIDTH + x) * 4;
    const hex = [...this.data.slice(place, place + 3)].map((part) =>
      part.toString(16).padStart(2, '0'),
    );
    return `#${hex.join('')}`;
  }
}

const line = (number, points, colour = 0) => ({
  op: 'draw',
  stroke: number,
  colour,
  width: 0,
  points,
});
const BOX = line(1, [100, 100, 100, 0, 0, 100, -100, 0, 0, -100]);
const FILL = { op: 'fill', colour: 4, x: 150, y: 150 };

/** Paper with these operations, and what it looks like. */
function painted(ops) {
  const paper = new Paper();
  const plain = new Plain();
  paper.drawOn(plain);
  paper.restart(9, ops);
  return { paper, plain };
}

test('a fill stays within the lines around it', () => {
  const { plain } = painted([BOX, FILL]);
  assert.deepEqual(
    [plain.at(150, 150), plain.at(120, 199), plain.at(50, 50), plain.at(250, 150)],
    ['#d7263d', '#d7263d', PAPER, PAPER],
  );
});

test('an undo takes back the whole stroke or fill, a clear everything', () => {
  const { paper, plain } = painted([BOX, FILL, { op: 'undo' }]);
  assert.deepEqual([plain.at(150, 150), plain.at(100, 150), paper.marks], [PAPER, '#1d1d1f', 1]);
  paper.add(9, 3, [{ op: 'clear' }]);
  assert.deepEqual([plain.at(100, 150), paper.marks], [PAPER, 0]);
});

test('a stroke without length is a dot', () => {
  const { plain } = painted([line(1, [5, 5], 4)]);
  assert.deepEqual([plain.at(5, 5), plain.at(9, 5)], ['#d7263d', PAPER]);
});

test('batches of a stroke are one mark', () => {
  const { paper } = painted([line(1, [0, 0, 9, 0]), line(1, [9, 0, 9, 0]), line(2, [5, 5])]);
  assert.equal(paper.marks, 2);
});

test('what was shown is not drawn again, and a gap is noticed', () => {
  const { paper, plain } = painted([BOX]);
  assert.equal(plain.lines, 1);
  assert.equal(paper.add(9, 0, [BOX]), true);
  assert.equal(plain.lines, 1);
  assert.equal(paper.add(9, 3, [FILL]), false);
  assert.equal(paper.add(8, 1, [FILL]), false);
  assert.equal(paper.count, 1);
});

test('an older drawing takes nothing away, a void one everything', () => {
  const { paper, plain } = painted([BOX, FILL]);
  paper.show({ turn_id: 9, ops: [BOX], ending: null });
  assert.equal(plain.at(150, 150), '#d7263d');
  paper.show({ turn_id: 9, ops: [], ending: 'voided' });
  assert.equal(plain.at(150, 150), PAPER);
});

test('a canvas that comes later shows everything', () => {
  const paper = new Paper();
  paper.restart(9, [BOX, FILL]);
  const plain = new Plain();
  paper.drawOn(plain);
  assert.equal(plain.at(150, 150), '#d7263d');
});

// The page

const ME = { id: 7, staff_number: '200001' };
const EVENT = { state: 'open', paused: false };
const TURN = {
  turn_id: 31,
  number: 1,
  drawer: { id: 5, name: '卓玛', team: '一组' },
  phase: 'drawing',
  since: '2026-11-28T12:00:00.000Z',
  left_ms: 60000,
  ending: null,
  hints: { characters: 2, category: null, initials: null, pattern: null },
  guessed: [],
  drawer_points: null,
  answer: null,
  category: null,
  count: 0,
  ops: [],
};
const OWN = {
  room: 1,
  room_over: false,
  players: [
    { id: 5, name: '卓玛' },
    { id: 7, name: '旺堆' },
  ],
  voted_turn_id: null,
  turn_id: 31,
  role: 'guesser',
  offers: null,
  prompt: null,
  has_guessed: false,
  points: null,
  has_reported: false,
  turn: TURN,
};
const headline = ({ turn_id, number, drawer, phase, since, left_ms, ending }, guessed = 0) => ({
  turn_id,
  number,
  drawer,
  phase,
  since,
  left_ms,
  ending,
  guessed,
});
const rooms = (turn = TURN) => ({
  phase: 'playing',
  mode: 'rooms',
  draw_seconds: 80,
  rooms: [
    { room: 1, players: 2, over: false, turn: headline(turn) },
    { room: 2, players: 2, over: false, turn: headline({ ...TURN, turn_id: 99 }) },
  ],
});
const shown = (more = {}) => room.shown({ game: rooms(), own: OWN, me: ME, event: EVENT, ...more });
const lettersOf = (found) => found.blanks.map(({ letter }) => letter);
const of = (turn) => ({ ...OWN, turn: { ...TURN, ...turn } });

test('a guesser sees the length of the word, and not the word', () => {
  const found = shown();
  assert.deepEqual([found.scene, found.role, found.word], ['drawing', 'guesser', '']);
  assert.deepEqual([lettersOf(found), found.hints], [['', ''], ['2 个字']]);
  assert.equal(found.about, '1 号房 · 第 1 幅 · 卓玛 在画');
});

test('hints come one after the other', () => {
  const hints = { characters: 2, category: '食物', initials: 'YB', pattern: '月＿' };
  const found = shown({ own: of({ hints }) });
  assert.deepEqual(
    [lettersOf(found), found.hints],
    [
      ['月', ''],
      ['2 个字', '类别 食物', '拼音首字母 YB'],
    ],
  );
});

test('the drawer sees the word', () => {
  const own = {
    ...of({ drawer: { id: 7, name: '旺堆' } }),
    role: 'drawer',
    prompt: { text: '月饼' },
  };
  const found = shown({ own, game: rooms(own.turn) });
  assert.deepEqual([found.role, found.word], ['drawer', '月饼']);
  assert.equal(found.about, '1 号房 · 第 1 幅 · 还没有人猜到');
});

test('the drawer chooses among the words that are offered', () => {
  const turn = { ...TURN, phase: 'choosing', hints: null, drawer: { id: 7, name: '旺堆' } };
  const offers = [{ text: '月饼', category: '食物', difficulty: 2 }];
  const own = { ...of(turn), role: 'drawer', offers };
  const found = shown({ own, game: rooms(turn) });
  assert.equal(found.head, '轮到你画了，选一个词');
  assert.deepEqual(found.offers, [
    { at: 0, text: '月饼', note: '食物 · ★★', label: '月饼，食物，难度 2' },
  ]);
  const other = { ...of({ phase: 'choosing', hints: null }) };
  assert.equal(shown({ own: other, game: rooms(other.turn) }).head, '卓玛 正在选词');
});

test('a new turn of the room is shown before its drawing is known', () => {
  const next = {
    ...TURN,
    turn_id: 32,
    number: 2,
    phase: 'choosing',
    drawer: { id: 7, name: '旺堆' },
  };
  const found = shown({ game: rooms(next) });
  assert.deepEqual([found.scene, found.role, found.turnId], ['choosing', 'drawer', 32]);
  assert.notEqual(room.placeOf(rooms(next), OWN), room.placeOf(rooms(), OWN));
});

test('an older line of the room takes nothing back', () => {
  const own = { ...OWN, turn_id: 32, turn: { ...TURN, turn_id: 32 } };
  assert.equal(shown({ own }).turnId, 32);
  assert.equal(shown({ own: of({ phase: 'over', answer: '月饼' }) }).scene, 'over');
});

test('a phase that has begun meanwhile brings its own time', () => {
  const own = of({ phase: 'choosing', left_ms: 9000 });
  const turn = room.turnOf(rooms(), own);
  assert.deepEqual([turn.phase, turn.left_ms], ['drawing', 60000]);
});

test('right guesses that were heard of stand behind those that were listed', () => {
  const listed = [{ player_id: 1, name: '甲', place: 1, points: null }];
  const heard = [
    { turn_id: 31, player_id: 1, name: '甲', place: 1 },
    { turn_id: 31, player_id: 7, name: '旺堆', place: 2 },
    { turn_id: 30, player_id: 8, name: '乙', place: 1 },
  ];
  const found = shown({ own: of({ guessed: listed }), guessed: heard });
  assert.deepEqual(
    found.guessed.map(({ name, isMine }) => [name, isMine]),
    [
      ['甲', false],
      ['旺堆', true],
    ],
  );
});

const OVER = { phase: 'over', answer: '月饼', category: '食物', ending: 'all_guessed' };
for (const [what, turn, word] of [
  [
    'a guess',
    { guessed: [{ player_id: 7, name: '旺堆', place: 1, points: 90 }] },
    '你猜中了，得 90 分',
  ],
  [
    'a guess while the board is frozen',
    { guessed: [{ player_id: 7, name: '旺堆', place: 1, points: null }] },
    '你猜中了',
  ],
  ['no guess', {}, ''],
  ['my drawing', { drawer: { id: 7, name: '旺堆' }, drawer_points: 80 }, '画得像，得 80 分'],
  [
    'a drawing nobody guessed',
    { drawer: { id: 7, name: '旺堆' }, drawer_points: 0 },
    '没有人猜到，没关系',
  ],
  [
    'a void turn',
    { ending: 'voided', guessed: [{ player_id: 7, name: '旺堆', place: 1, points: 90 }] },
    '',
  ],
]) {
  test(`the end of a turn says what it brought: ${what}`, () => {
    const own = of({ ...OVER, ...turn });
    assert.equal(shown({ own, game: rooms(own.turn) }).mineWord, word);
  });
}

test('the end of a turn says who is next', () => {
  const own = of(OVER);
  assert.equal(shown({ own, game: rooms(own.turn) }).nextWord, '下一位就是你，准备好！');
  const last = of({ ...OVER, number: 2, drawer: { id: 7, name: '旺堆' } });
  assert.equal(shown({ own: last, game: rooms(last.turn) }).nextWord, '下一幅马上开始');
});

test('a pause stops the clock', () => {
  const found = shown({ event: { ...EVENT, paused: true } });
  assert.deepEqual([found.isPaused, found.clock.stoppedAt], [true, 60]);
});

for (const [what, more, title, next] of [
  ['before the game', { game: null }, '等主持人开始', ''],
  [
    'for a guest before the game',
    { game: null, me: { id: 9, staff_number: null } },
    '等主持人开始',
    'bind',
  ],
  ['after the event', { game: null, event: { state: 'closed' } }, '活动已结束', 'boards'],
  [
    'after a game without a drawing',
    { game: null, isFinished: true, gallery: { items: [], at: 0 } },
    '画完了',
    'boards',
  ],
  ['without a seat', { own: null }, '这一局没有你的座位', ''],
  ['when the own room is done', { own: { ...OWN, room_over: true } }, '你们房间画完了', ''],
]) {
  test(`who waits is told for what: ${what}`, () => {
    const found = shown(more);
    assert.deepEqual([found.scene, found.title, found.next], ['calm', title, next]);
  });
}

test('a gallery that is still being loaded is not called empty', () => {
  const found = shown({ game: { phase: 'gallery', mode: 'rooms' }, gallery: null });
  assert.deepEqual([found.scene, found.text], ['calm', '正在挂画…']);
});

const GALLERY = {
  at: 0,
  items: [
    {
      turn_id: 31,
      drawer: { id: 5, name: '卓玛' },
      answer: '月饼',
      category: '食物',
      votes: null,
      own: false,
    },
    {
      turn_id: 32,
      drawer: { id: 7, name: '旺堆' },
      answer: '足球',
      category: '运动',
      votes: null,
      own: true,
    },
  ],
};
const hanging = (more = {}) =>
  shown({ game: { phase: 'gallery', mode: 'rooms' }, gallery: GALLERY, ...more });

test('each drawing of others can be voted for, once', () => {
  assert.deepEqual([hanging().canVote, hanging().note], [true, '']);
  const mine = hanging({ gallery: { ...GALLERY, at: 1 } });
  assert.deepEqual([mine.canVote, mine.note], [false, '这是你画的，不能投给自己']);
  const own = { ...OWN, voted_turn_id: 31 };
  assert.deepEqual(
    [hanging({ own }).canVote, hanging({ own }).note],
    [false, '这一幅得了你的一票'],
  );
  const after = hanging({ own, gallery: { ...GALLERY, at: 1 } });
  assert.equal(after.note, '你已经投过票了');
});

test('votes are told once the game is finished, and nobody votes any more', () => {
  const items = GALLERY.items.map((item) => ({ ...item, votes: 3 }));
  const found = hanging({ game: null, isFinished: true, gallery: { items, at: 0 } });
  assert.deepEqual([found.scene, found.votesWord, found.canVote], ['gallery', '3 票', false]);
});

test('in the hall everybody sees the one canvas', () => {
  const game = { phase: 'playing', mode: 'hall', draw_seconds: 80, turns: 8, turn: TURN };
  const { turn: _, ...seat } = OWN;
  assert.equal(shown({ game, own: seat }).about, '第 1 幅 / 共 8 幅 · 卓玛 在画');
  assert.equal(shown({ game, own: null }).role, 'watcher');
});

test('the own part is what the API adds for a seat', () => {
  assert.equal(room.ownOf({ activity_id: 3, ...rooms() }), null);
  assert.deepEqual(room.ownOf({ activity_id: 3, ...rooms(), ...OWN }), OWN);
});

test('the next hint comes at a quarter, a half and three quarters of the time', () => {
  const at = (now) => room.nextHintAt(TURN, 80000, 80, now);
  assert.deepEqual([at(0), at(20000), at(59999), at(60000)], [20000, 40000, 60000, null]);
  assert.equal(room.nextHintAt({ ...TURN, phase: 'over' }, 80000, 80, 0), null);
});
