// 你画我猜: one draws, the others of the room guess, each in turn; in the end there is a gallery with
// a vote. What is drawn goes out over the socket bit by bit and appears on all phones of the room.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const clock = require('../../lib/clock.js');
const platform = require('../../lib/platform.js');
const words = require('../../lib/words.js');
const { COLOURS, HEIGHT, PAPER, WIDTH, WIDTHS } = require('./palette.js');
const { Easel } = require('./easel.js');
const { Paper } = require('./paper.js');
const room = require('./room.js');

const TOOL = 'drawing-tool';
const DRAFT = 'drawing-draft';
const TICK_MS = 100;
// A drawer who is not heard of for eight seconds ends the turn.
const HERE_MS = { drawer: 3000, guesser: 15000 };
// A look comes a little after the moment of a hint, and not from all phones at once.
const HINT_AFTER_MS = 300;
const HINT_SPREAD_MS = 700;
const AGAIN_MS = 1000;
const DRAW_PATIENCE_MS = 6000;
const TALK_KEPT = 30;
const NEAR = '很接近了，再想想！';

definePage({
  data: {
    shown: null,
    facts: null,
    paper: PAPER,
    colours: COLOURS.map(({ ink, name }, at) => ({ at, ink, name })),
    widths: WIDTHS.map((points, at) => ({ at, size: 8 + points })),
    tool: { colour: 0, width: 1, isFill: false },
    text: '',
    isSending: false,
  },

  async load({ event, activity }) {
    const [found, own, of] = await Promise.all([
      api.get(words.activityPath('drawing', activity)),
      api.get(`/events/${event}/me`),
      api.get(`/events/${event}`),
    ]);
    this._me = own.player;
    this._event = of;
    this._isFinished = found.phase === 'finished';
    const isOn = found.phase === 'playing' || found.phase === 'gallery';
    this._follow(isOn ? found : null, room.ownOf(found));
    this.entitle(words.activityTitle(of, activity));
    if (this._isFinished || found.phase === 'gallery') {
      await this._loadGallery();
    }
    return Object.assign({ facts: this._facts() }, this._drawn());
  },

  onLoad() {
    const facts = this.data.facts || {};
    this._me = facts.me || null;
    this._event = facts.event || null;
    this._game = null;
    this._own = null;
    this._isFinished = false;
    this._gallery = null;
    this._paper = new Paper();
    this._sheet = 0;
    this._easel = null;
    this._turnId = null;
    this._guessed = [];
    this._talk = [];
    this._verdict = null;
    this._endsAt = 0;
    this._hereAt = 0;
    this._sendsAfter = 0;
    const kept = platform.storage.get(TOOL);
    const draft = platform.storage.get(DRAFT, '');
    this.setData({ tool: kept || this.data.tool, text: draft });
  },

  onShow() {
    platform.keepAwake(true);
    this._stopTicking = clock.every(TICK_MS, () => this._tick());
  },

  onHide() {
    this._rest();
  },

  onUnload() {
    this._rest();
  },

  _rest() {
    platform.keepAwake(false);
    this._stopTicking();
  },

  live(state, game) {
    const before = this._place();
    this._event = state.event;
    const was = this._game && this._game.phase;
    const hadWinners = Boolean(this._game && this._game.winners);
    if (!game && this._game) {
      // Finished, or begun anew: only the API says which.
      this.refresh();
    }
    this._follow(game || null, this._own);
    const isCounted = Boolean(game && game.winners) && !hadWinners;
    if (game && game.phase === 'gallery' && (was !== 'gallery' || isCounted)) {
      this._loadGallery().then(() => this._draw());
    }
    if (game && this._place() !== before) {
      this._look();
    }
    this._draw();
  },

  /** What may change what this player alone sees: in rooms the time that is left is part of it. */
  _place() {
    const { paused } = this._event || {};
    return `${room.placeOf(this._game, this._own)} ${paused}`;
  },

  hears: {
    'drawing.strokes'({ turn_id: turnId, first, ops }) {
      // Of my own drawing only what another phone of mine drew is new.
      const isNews = this._draws(turnId)
        ? first + ops.length > this._easel.ops.length
        : turnId === this._turnId && !this._paper.add(turnId, first, ops);
      if (isNews) {
        this._catchUp();
      }
    },
    'drawing.guessed'({ turn_id: turnId, player_id: id, name, place }) {
      if (turnId === this._turnId) {
        this._guessed.push({ turn_id: turnId, player_id: id, name, place });
        this._tell({ kind: 'hit', name, text: '猜中了' });
        platform.buzz('light');
      }
    },
    'drawing.said'({ turn_id: turnId, player_id: id, name, text }) {
      // A guess that was sent again on a bad network says nothing new.
      const [last] = this._talk;
      const isRepeat = Boolean(last) && last.name === name && last.text === text;
      if (turnId === this._turnId && !(this._me && id === this._me.id) && !isRepeat) {
        this._tell({ kind: 'said', name, text });
      }
    },
  },

  _tell(line) {
    this._lines = (this._lines || 0) + 1;
    this._talk = [Object.assign({ id: this._lines }, line)].concat(this._talk).slice(0, TALK_KEPT);
    this._draw();
  },

  /** Take over what is known now; a new turn begins with empty paper. */
  _follow(game, own) {
    this._game = game;
    this._own = own;
    const turn = game && game.phase === 'playing' ? room.turnOf(game, own) : null;
    const id = turn ? turn.turn_id : null;
    if (id !== this._turnId) {
      this._turnId = id;
      this._guessed = [];
      this._talk = [];
      this._verdict = null;
      this._easel = null;
    }
    if (!turn) {
      return;
    }
    const endsAt = Math.round(clock.now() + turn.left_ms);
    const key = `${id} ${turn.phase} ${turn.left_ms}`;
    if (key !== this._clockKey) {
      this._clockKey = key;
      this._endsAt = endsAt;
    }
    this._followDrawing(turn);
    this._feel(turn);
  },

  _followDrawing(turn) {
    if (!turn.ops) {
      return;
    }
    if (room.roleOf(turn, this._own, this._me) === 'drawer' && turn.phase === 'drawing') {
      this._followOwn(turn);
    } else {
      this._easel = null;
      this._paper.show(turn);
    }
  },

  /** My own drawing: what this phone drew is ahead of what the server has. */
  _followOwn(turn) {
    if (!this._easel) {
      this._easel = new Easel(turn.turn_id, turn.ops);
      this._paper.restart(turn.turn_id, turn.ops);
    } else if (turn.ops.length >= this._easel.arrived && this._easel.adopt(turn.ops)) {
      this._paper.restart(turn.turn_id, this._easel.ops);
    }
  },

  /** That it is my turn is felt, and the end of a turn. */
  _feel(turn) {
    const step = `${turn.turn_id} ${turn.phase}`;
    if (this._step && this._step !== step) {
      const isMine = room.roleOf(turn, this._own, this._me) === 'drawer';
      platform.buzz(turn.phase === 'choosing' && isMine ? 'heavy' : 'light');
    }
    this._step = step;
  },

  /** Ask for the whole drawing: in rooms it is part of the own part, in the hall of the game. */
  _catchUp() {
    if (this._game && this._game.mode === 'hall') {
      this.refresh();
    } else {
      this._look();
    }
  },

  async _look() {
    const { activity } = this.query;
    const place = this._place();
    if (!this.connection || this._looksFor === place) {
      return;
    }
    this._looksFor = place;
    try {
      const own = await this.connection.look(activity, {
        twin: () => api.get(words.activityPath('drawing', activity)).then(room.ownOf),
      });
      this._looksFor = null;
      if (this._game) {
        this._follow(this._game, own);
        this.setData({ phase: 'ready', facts: this._facts() });
        this._draw();
        if (this._place() !== place) {
          this._look();
        }
      }
    } catch (error) {
      this._looksFor = null;
      // The page says by itself that the network is away; the next state asks again.
      if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
        throw error;
      }
    }
  },

  _facts() {
    return { me: this._me, event: this._event };
  },

  _drawn() {
    return {
      shown: room.shown({
        game: this._game,
        isFinished: this._isFinished,
        own: this._own,
        me: this._me,
        event: this._event,
        endsAt: this._endsAt,
        guessed: this._guessed,
        talk: this._talk,
        verdict: this._verdict,
        gallery: this._gallery,
        marks: this._easel ? this._paper.marks : 0,
      }),
    };
  },

  _draw() {
    const { shown } = this._drawn();
    if (JSON.stringify(shown) !== JSON.stringify(this.data.shown)) {
      if (!shown.hasPaper) {
        this._unmount();
      }
      this.setData({ shown });
    }
  },

  // Ten times a second

  _tick() {
    const { shown } = this.data;
    if (!shown) {
      return;
    }
    if (shown.hasPaper) {
      this._mount();
    }
    if (this._easel) {
      this._flush();
      this._sendStrokes();
    }
    this._leaveSign(shown);
    this._awaitHint();
  },

  /** The canvas comes and goes with the scene; what is on the paper is drawn on a new one. */
  _mount() {
    if (!this._canvas && !this._isMounting) {
      const sheet = this._sheet;
      this._isMounting = true;
      platform
        .canvas(this, '#paper', { width: WIDTH, height: HEIGHT })
        .then((found) => {
          if (sheet === this._sheet) {
            this._canvas = found;
            this._paper.drawOn(found.context);
          }
        })
        .catch((error) => {
          if (!(error instanceof platform.NoCanvas)) {
            throw error;
          }
        })
        .then(() => {
          if (sheet === this._sheet) {
            this._isMounting = false;
          }
        });
    }
  },

  /** The canvas is released, even if another one comes before the next tick. */
  _unmount() {
    this._canvas = null;
    this._isMounting = false;
    this._sheet += 1;
    this._paper.drawOn(null);
  },

  _leaveSign({ scene, role }) {
    const pause = HERE_MS[role];
    const isOn = scene === 'choosing' || scene === 'drawing';
    if (!isOn || !pause || Date.now() - this._hereAt < pause) {
      return;
    }
    this._hereAt = Date.now();
    const path = `${words.activityPath('drawing', this.query.activity)}/here`;
    this._try('drawing.here', {}, () => api.post(path), pause).catch(quiet);
  },

  _awaitHint() {
    if (!this._game || this._game.mode === 'hall') {
      return;
    }
    const turn = room.turnOf(this._game, this._own);
    const now = clock.now();
    if (this._hintAt && now >= this._hintAt) {
      this._hintAt = 0;
      this._look();
    } else if (!this._hintAt) {
      const next = room.nextHintAt(turn, this._endsAt, this._game.draw_seconds, now);
      this._hintAt = next && next + HINT_AFTER_MS + Math.random() * HINT_SPREAD_MS;
    }
  },

  _try(type, data, twin, patienceMs) {
    if (!this.connection) {
      return Promise.reject(new api.NoNetwork());
    }
    return this.connection.ask(type, this.query.activity, data, { twin, patienceMs });
  },

  /** Do something in a turn, over the socket or by its twin, whose path has another last word. */
  _act(word, last, data, patienceMs) {
    const { activity } = this.query;
    const { turn_id: turnId } = data;
    const path = `${words.activityPath('drawing', activity)}/turns/${turnId}/${last}`;
    const body = Object.assign({}, data);
    delete body.turn_id;
    return this._try(`drawing.${word}`, data, () => api.post(path, body), patienceMs);
  },

  // The drawer

  _draws(turnId) {
    return Boolean(this._easel) && this._easel.turnId === turnId;
  },

  async choose(event) {
    if (this._isChoosing) {
      return;
    }
    this._isChoosing = true;
    platform.buzz('medium');
    try {
      const choice = Number(event.currentTarget.dataset.at);
      await this._act('choose', 'choice', { turn_id: this._turnId, choice });
    } catch (error) {
      told(error);
    } finally {
      this._isChoosing = false;
      this._look();
    }
  },

  _onPaper(event) {
    const touch = event.touches[0] || event.changedTouches[0];
    const { width, height } = this._canvas;
    return [(touch.x * WIDTH) / width, (touch.y * HEIGHT) / height];
  },

  /** Whether the finger draws now. */
  _isDrawing() {
    const { shown } = this.data;
    return Boolean(this._easel && this._canvas && shown.scene === 'drawing' && !shown.isPaused);
  },

  touchStart(event) {
    if (!this._isDrawing()) {
      return;
    }
    const { tool } = this.data;
    const [x, y] = this._onPaper(event);
    if (tool.isFill) {
      this._made(this._easel.fill(x, y, tool.colour));
      platform.buzz('light');
      return;
    }
    const point = this._easel.down(x, y, tool);
    this._paper.preview([point, point], tool);
  },

  touchMove(event) {
    if (!this._isDrawing()) {
      return;
    }
    const line = this._easel.move(...this._onPaper(event));
    if (line) {
      this._paper.preview(line, this._easel.pen);
    }
  },

  touchEnd() {
    if (this._easel && this._easel.isDown) {
      this._made(this._easel.up());
      this._draw();
    }
  },

  _flush() {
    this._made(this._easel.flush());
  },

  /** Show operations that were made here. */
  _made(ops) {
    if (ops.length > 0) {
      this._paper.add(this._easel.turnId, this._paper.count, ops);
    }
  },

  async _sendStrokes() {
    const easel = this._easel;
    if (Date.now() < this._sendsAfter || (this._event && this._event.paused)) {
      return;
    }
    const message = easel.next();
    if (!message) {
      return;
    }
    try {
      const { count } = await this._act(message.word, message.word, message.data, DRAW_PATIENCE_MS);
      easel.taken(count);
    } catch (error) {
      this._notTaken(easel, error);
    }
  },

  _notTaken(easel, error) {
    quiet(error);
    const missing = error.slug === 'strokes_missing' && error.fields && error.fields.at;
    easel.failed(missing ? Number(missing[0]) : undefined);
    if (missing || error instanceof api.NoNetwork) {
      return;
    }
    this._sendsAfter = Date.now() + AGAIN_MS;
    if (error.slug === 'drawing_full' || error.slug === 'bad_strokes') {
      easel.dropPending();
      this._paper.restart(easel.turnId, easel.ops);
      platform.say(error.message);
    } else if (error.slug !== 'event_paused') {
      this._look();
    }
  },

  undo() {
    if (this._isDrawing() && this._paper.marks > 0) {
      this._made(this._easel.flush().concat(this._easel.undo()));
      platform.buzz('light');
      this._draw();
    }
  },

  async clear() {
    if (!this._isDrawing() || this._paper.marks === 0) {
      return;
    }
    const agreed = await platform.confirm({ title: '清空画布？', ok: '清空', danger: true });
    if (agreed && this._isDrawing()) {
      this._made(this._easel.clear());
      this._draw();
    }
  },

  chooseColour(event) {
    this._use({ colour: Number(event.currentTarget.dataset.at) });
  },

  chooseWidth(event) {
    this._use({ width: Number(event.currentTarget.dataset.at), isFill: false });
  },

  toggleFill() {
    this._use({ isFill: !this.data.tool.isFill });
  },

  _use(change) {
    const tool = Object.assign({}, this.data.tool, change);
    platform.storage.set(TOOL, tool);
    platform.buzz('light');
    this.setData({ tool });
  },

  // The guesser

  type(event) {
    this.setData({ text: event.detail.value });
    platform.storage.set(DRAFT, event.detail.value);
  },

  async guess() {
    const text = this.data.text.trim();
    if (!text || this.data.isSending || !this._turnId) {
      return;
    }
    const turnId = this._turnId;
    this.setData({ isSending: true });
    try {
      const verdict = await this._act('guess', 'guesses', { turn_id: turnId, text });
      if (turnId === this._turnId) {
        this._judged(text, verdict);
      }
    } catch (error) {
      // What was typed stays in the field.
      told(error);
    } finally {
      this.setData({ isSending: false });
    }
  },

  _judged(text, { verdict }) {
    if (verdict === 'near') {
      platform.buzz('medium');
      this._verdict = { tone: 'near', text: NEAR };
      this._tell({ kind: 'near', name: '我', text: `${text}（${NEAR}）` });
      return;
    }
    if (this.data.text.trim() === text) {
      this.setData({ text: '' });
      platform.storage.set(DRAFT, '');
    }
    if (verdict === 'exact') {
      platform.buzz('heavy');
      this._verdict = { tone: 'exact', text: '猜中了！' };
      this._look();
    } else {
      this._verdict = null;
      this._tell({ kind: 'mine', name: '我', text });
    }
    this._draw();
  },

  async report() {
    const turnId = this._turnId;
    const agreed = await platform.confirm({
      title: '画里写了字？',
      text: '大多数人都举报时，这一幅不作数，谁也不扣分。',
      ok: '举报',
      danger: true,
    });
    if (!agreed || turnId !== this._turnId) {
      return;
    }
    try {
      const { voided } = await this._act('report', 'reports', { turn_id: turnId });
      platform.say(voided ? '这一幅不作数了。' : '已收到。');
      this._look();
    } catch (error) {
      told(error);
    }
  },

  // The gallery

  async _loadGallery() {
    const path = words.activityPath('drawing', this.query.activity);
    try {
      const { items } = await api.get(`${path}/gallery`);
      this._gallery = { items, at: this._gallery ? this._gallery.at : 0 };
      await this._hang();
    } catch (error) {
      quiet(error);
    }
  },

  /** Put the drawing that was chosen on the paper. */
  async _hang() {
    const { items, at } = this._gallery;
    if (items.length === 0) {
      return;
    }
    const { turn_id: turnId } = items[Math.min(at, items.length - 1)];
    const path = words.activityPath('drawing', this.query.activity);
    const { ops } = await api.get(`${path}/gallery/${turnId}`);
    if (this._gallery.at === at) {
      this._easel = null;
      this._paper.restart(turnId, ops);
    }
  },

  turnTo(event) {
    const at = this._gallery.at + Number(event.currentTarget.dataset.step);
    if (at >= 0 && at < this._gallery.items.length) {
      this._gallery = Object.assign({}, this._gallery, { at });
      this._draw();
      this._hang().catch(told);
    }
  },

  async vote() {
    const { items, at } = this._gallery;
    const { turn_id: turnId, answer } = items[at];
    const title = `投给“${answer}”？`;
    const agreed = await platform.confirm({ title, text: '每人一票，投了不能改。', ok: '投票' });
    if (!agreed) {
      return;
    }
    try {
      const taken = await this._act('vote', 'votes', { turn_id: turnId });
      this._own = Object.assign({}, this._own, { voted_turn_id: taken.turn_id });
      platform.buzz('medium');
      this._draw();
    } catch (error) {
      told(error);
      this.refresh();
    }
  },

  goBoards() {
    platform.tab('/pages/boards/boards');
  },

  goBind() {
    platform.go('/pages/bind/bind');
  },
});

/** Pass on what is no matter of network or rules. */
function quiet(error) {
  if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
    throw error;
  }
}

function told(error) {
  quiet(error);
  platform.say(error.message);
}
