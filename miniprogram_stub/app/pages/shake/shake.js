// 摇一摇: the countdown runs together with the big screen's, then the player shakes. The phone counts
// and reports the count of the whole round; the server alone decides what it is worth.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const clock = require('../../lib/clock.js');
const platform = require('../../lib/platform.js');
const words = require('../../lib/words.js');
const { Count, WAYS, wayIn } = require('./count.js');
const { Swings } = require('./motion.js');
const { Rain } = require('./rain.js');
const { Reports } = require('./reports.js');
const round = require('./round.js');

const HOW = 'shake-how';
const COUNT = 'shake-count';
const TICK_MS = 100;
// The tap of a touch comes at most so long after its end.
const TAP_AFTER_TOUCH_MS = 700;
// A finger that goes up by so much has swiped a banknote away.
const SWIPE_PX = 24;

definePage({
  data: { shown: null, facts: null, beat: 0, packets: [] },

  async load({ event, activity }) {
    const [found, own, of] = await Promise.all([
      api.get(words.activityPath('shake', activity)),
      api.get(`/events/${event}/me`),
      api.get(`/events/${event}`),
    ]);
    this._me = own.player;
    this._event = of;
    this._follow(found.phase ? found : null, found.own);
    this.entitle(words.activityTitle(of, activity));
    return Object.assign({ facts: this._facts() }, this._drawn());
  },

  onLoad() {
    const facts = this.data.facts || {};
    this._me = facts.me || null;
    this._event = facts.event || null;
    this._game = null;
    this._own = null;
    this._lanes = null;
    this._shakers = 0;
    this._tried = 0;
    this._preferred = WAYS.includes(platform.storage.get(HOW))
      ? platform.storage.get(HOW)
      : WAYS[0];
    this._how = this._preferred;
    this._rain = new Rain();
    this._fromY = null;
    this._count = null;
    this._swings = new Swings();
    this._touchedUntil = 0;
    this._reports = new Reports((report) => this._send(report));
  },

  onShow() {
    platform.keepAwake(true);
    this._feelMotion();
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
    if (this._count) {
      this._count.release();
    }
    this._stopFeeling();
  },

  live(state, game) {
    this._event = state.event;
    const before = this._game && this._game.phase;
    this._follow(game || null);
    if (game && game.phase === 'podium' && !this._isToldOf(game.round)) {
      this._look();
    }
    if (game && game.phase === 'podium' && before && before !== 'podium') {
      platform.buzz('heavy');
    }
    this._draw();
  },

  hears: {
    'shake.pulse'({ round_id: id, lanes, shakers }) {
      if (this._game && this._game.round.id === id) {
        this._lanes = lanes;
        this._shakers = shakers;
        this._draw();
      }
    },
  },

  /** Take over what is known now; a new round begins at 0, or where it was before a restart. */
  _follow(game, own) {
    this._game = game;
    this._heardAt = clock.now();
    const id = game ? game.round.id : null;
    if (own !== undefined) {
      this._own = own;
    }
    if (id !== (this._count && this._count.round.id)) {
      this._how = game ? wayIn(game.round, this._preferred) : this._preferred;
      this._count = game ? this._countOf(game.round) : null;
      this._rain = new Rain();
      this._lanes = null;
      this._shakers = 0;
      this._tried = 0;
      this._reports.begin(id);
    }
    if (this._count) {
      this._count.round = game.round;
      if (this._own && this._own.round_id === id) {
        this._count.atLeast(this._own.count);
      }
    }
  },

  _countOf(of) {
    const kept = platform.storage.get(COUNT);
    if (kept && kept.round === of.id) {
      this._how = kept.how;
      return new Count(of, kept.how, kept.count);
    }
    return new Count(of, this._how);
  },

  _isToldOf(of) {
    return Boolean(this._own && this._own.round_id === of.id && this._own.won !== undefined);
  },

  async _look() {
    const { activity } = this.query;
    const { id } = this._game.round;
    try {
      const own = await this.connection.look(activity, {
        twin: () => api.get(words.activityPath('shake', activity)).then((found) => found.own),
      });
      if (this._game && this._game.round.id === id) {
        this._own = own;
        this.setData({ phase: 'ready', facts: this._facts() });
        this._draw();
      }
    } catch (error) {
      // The page says by itself that the network is away; the next state asks again.
      if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
        throw error;
      }
    }
  },

  _facts() {
    return { me: this._me, event: this._event };
  },

  _played() {
    return round.playedMs(this._game, clock.now());
  },

  _drawn() {
    const isOn = Boolean(this._game && this._count);
    return {
      shown: round.shown({
        game: this._game,
        me: this._me,
        event: this._event,
        own: this._own,
        now: clock.now(),
        heardAt: this._heardAt,
        how: this._how,
        worth: isOn ? this._worth() : 0,
        isCapped: isOn && this._count.isCapped(this._played()),
        lanes: this._lanes,
        shakers: this._shakers,
        tried: this._tried,
      }),
    };
  },

  /** What counts as far as this phone knows: its own arithmetic, or more where the server said so. */
  _worth() {
    return Math.max(this._count.worth(this._played()), this._reports.accepted);
  },

  /** Show what has changed; the rest need not be drawn again ten times a second. */
  _draw() {
    const { shown } = this._drawn();
    const before = this.data.shown || {};
    if (!this.data.shown || shown.scene !== before.scene) {
      this.setData({ shown });
      return;
    }
    const changed = {};
    Object.keys(shown).forEach((name) => {
      if (JSON.stringify(shown[name]) !== JSON.stringify(before[name])) {
        changed[`shown.${name}`] = shown[name];
      }
    });
    if (Object.keys(changed).length > 0) {
      this.setData(changed);
    }
  },

  _tick() {
    if (!this._me) {
      return;
    }
    if (this._count && this._isOn() && this._how === 'press' && this._count.held(Date.now())) {
      this._counted();
    }
    this._feelSteps();
    this._draw();
    this._letRain();
    this._report();
  },

  /** Packets fall while they can be tapped. */
  _letRain() {
    const packets = this.data.shown.isRain ? this._rain.packets(this._played()) : [];
    if (JSON.stringify(packets) !== JSON.stringify(this.data.packets)) {
      this.setData({ packets });
    }
  },

  takePacket(event) {
    if (this._did() && this._rain.take(Number(event.currentTarget.dataset.id))) {
      this._count.tap(Date.now());
      this._counted();
      this._letRain();
    }
  },

  /** The countdown, the beginning and the end are felt. */
  _feelSteps() {
    const scene = this._game ? round.phaseOf(this._game, clock.now()) : 'rest';
    const { count } = this._drawn().shown;
    const step = `${scene} ${scene === 'countdown' ? count : ''}`;
    if (this._step && this._step !== step && !(this._game && this._game.round.paused)) {
      if (scene === 'countdown') {
        platform.buzz('light');
      } else if (scene === 'running' || scene === 'counting') {
        platform.buzz('heavy');
      }
    }
    this._step = step;
  },

  /** Whether what the hand does counts now. */
  _isOn() {
    const { _game: game } = this;
    return Boolean(
      game &&
        !game.round.paused &&
        round.roleOf(game.round, this._me) === 'plays' &&
        round.phaseOf(game, clock.now()) === 'running',
    );
  },

  _counted() {
    platform.storage.set(COUNT, {
      round: this._count.round.id,
      how: this._count.how,
      count: this._count.count,
    });
    this.setData({ beat: 1 - this.data.beat });
  },

  _did() {
    if (this._isOn()) {
      return true;
    }
    if (!this._game) {
      this._tried += 1;
      this.setData({ beat: 1 - this.data.beat });
      this._draw();
    }
    return false;
  },

  _feelMotion() {
    this._stopFeeling = platform.feelMotion((felt) => {
      const isSwing = this._swings.feel(felt, Date.now());
      if (isSwing && this._how === 'shake' && this._did()) {
        this._count.shake();
        this._counted();
      }
    });
  },

  touch(event) {
    this._touchedUntil = Number.POSITIVE_INFINITY;
    this._fromY = event.touches[0].clientY;
    if (this._how === 'tap') {
      this._tapped();
    } else if (this._how === 'press') {
      this._pressed();
    }
  },

  _tapped() {
    if (this._did() && this._count.tap(Date.now())) {
      this._counted();
    }
  },

  _pressed() {
    if (this._did()) {
      this._count.hold(Date.now());
    }
  },

  release(event) {
    this._touchedUntil = Date.now() + TAP_AFTER_TOUCH_MS;
    const [finger] = event.changedTouches;
    if (
      this._how === 'swipe' &&
      finger &&
      this._fromY - finger.clientY >= SWIPE_PX &&
      this._did()
    ) {
      this._count.swipe();
      this._counted();
    }
    if (this._count) {
      this._count.release();
    }
  },

  /** A key or a screen reader taps without a touch; in the way of pressing it starts and stops. */
  tap() {
    if (Date.now() < this._touchedUntil) {
      return;
    }
    if (this._how === 'tap') {
      this._tapped();
    } else if (this._how === 'press' && this._count && this._count.isHeld) {
      this._count.release();
    } else if (this._how === 'press') {
      this._pressed();
    }
  },

  chooseWay(event) {
    const { how } = event.currentTarget.dataset;
    if (how === this._how) {
      return;
    }
    this._how = how;
    this._preferred = how;
    this._tried = 0;
    platform.storage.set(HOW, how);
    platform.buzz('light');
    if (this._count) {
      this._count.changeTo(how, this._played());
    }
    this._draw();
  },

  /** Report what has changed, now and then; at the end at once, until it was heard. */
  _report() {
    const game = this._game;
    if (!game || !this._count || round.roleOf(game.round, this._me) !== 'plays') {
      return;
    }
    const phase = round.phaseOf(game, clock.now());
    if (game.round.paused || (phase !== 'running' && phase !== 'counting')) {
      return;
    }
    this._reports.tick({
      now: Date.now(),
      count: this._count.count,
      how: this._count.how,
      value: this._count.value,
      isOver: phase === 'counting',
      hasSocket: this.data.connected === 'live',
    });
  },

  async _send({ roundId, count, how, patienceMs }) {
    const { activity } = this.query;
    const path = `${words.activityPath('shake', activity)}/rounds/${roundId}/reports`;
    if (!this.connection) {
      return null;
    }
    try {
      return await this.connection.ask(
        'shake.report',
        activity,
        { round_id: roundId, count, how },
        { twin: () => api.post(path, { count, how }), patienceMs },
      );
    } catch (error) {
      if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
        throw error;
      }
      return null;
    }
  },

  goBoards() {
    platform.tab('/pages/boards/boards');
  },

  goReceipts() {
    platform.go(`/pages/receipts/receipts?event=${this.query.event}`);
  },

  goBind() {
    platform.go('/pages/bind/bind');
  },
});
