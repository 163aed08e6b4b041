// 现场竞赛: the host paces it, this page follows. What everybody sees comes with the event's state,
// what this player alone sees is asked for when the contest has moved on.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const clock = require('../../lib/clock.js');
const platform = require('../../lib/platform.js');
const words = require('../../lib/words.js');
const { tapped } = require('../../components/options/choosing.js');
const stand = require('./stand.js');

const DRAFT = 'contest-draft';

definePage({
  data: { stand: null, facts: null, present: 0, eventTitle: '' },

  async load({ event, activity }) {
    this._news += 1;
    const news = this._news;
    const [found, own, of] = await Promise.all([
      api.get(words.activityPath('contest', activity)),
      api.get(`/events/${event}/me`),
      api.get(`/events/${event}`),
    ]);
    this._me = own.player;
    this._isPlayed = found.played;
    // State that arrived in the meantime is newer than this answer.
    if (news === this._news) {
      this._event = of;
      this._follow(found.state, found.own);
    }
    return Object.assign({ eventTitle: of.title, facts: this._facts() }, this._drawn());
  },

  onLoad() {
    const facts = this.data.facts || {};
    this._me = facts.me || null;
    this._event = facts.event || null;
    this._game = facts.game || null;
    this._own = facts.own || null;
    this._isPlayed = Boolean(facts.isPlayed);
    this._chosen = [];
    this._sent = null;
    this._isLate = false;
    this._ranks = {};
    this._news = 0;
  },

  onShow() {
    platform.keepAwake(true);
  },

  onHide() {
    platform.keepAwake(false);
  },

  onUnload() {
    platform.keepAwake(false);
  },

  live(state, game) {
    this._news += 1;
    this._event = state.event;
    const moved = this._place(game) !== this._place(this._game);
    this._follow(game || null, moved ? undefined : this._own);
    this.setData(Object.assign({ present: state.present }, this._drawn()));
    if (moved || !this._own) {
      this._look();
    }
  },

  /** What may change what this player alone sees. */
  _place(game) {
    const { frozen } = this._event || {};
    return game ? `${game.phase} ${game.position} ${frozen}` : '';
  },

  async _look() {
    const { activity } = this.query;
    const place = this._place(this._game);
    try {
      const own = await this.connection.look(activity, {
        twin: () => api.get(words.activityPath('contest', activity)).then((found) => found.own),
      });
      // A refusal of the whole page stays until the page is loaded again.
      if (place === this._place(this._game) && this.data.phase !== 'error') {
        this._follow(this._game, own);
        this._feel();
        this.setData(Object.assign({ phase: 'ready', facts: this._facts() }, this._drawn()));
      }
    } catch (error) {
      // The page says by itself that the network is away; the next state asks again.
      if (error instanceof api.Refusal) {
        platform.say(error.message);
      } else if (!(error instanceof api.NoNetwork)) {
        throw error;
      }
    }
  },

  /** Take over what is known now; `own` undefined keeps what was known of the same round. */
  _follow(game, own) {
    const round = game && game.round;
    if (!round || round.id !== this._roundId) {
      this._roundId = round ? round.id : null;
      this._isLate = false;
      this._sent = null;
      const draft = platform.storage.get(DRAFT);
      this._chosen = round && draft && draft.id === round.id ? draft.choice : [];
    }
    this._game = game;
    this._own = newer(sameRound(this._own, this._roundId), own);
    this._remember();
  },

  /** The rank on each board, so that the next one can say how far one has climbed. */
  _remember() {
    const { _game: game, _own: own } = this;
    if (game && game.phase === 'board' && own && own.rank) {
      this._ranks[game.position] = own.rank;
    }
  },

  /** The verdict is felt once. */
  _feel() {
    const answer = this._own && this._own.answer;
    const phase = this._game && this._game.phase;
    const felt = `${phase} ${this._roundId}`;
    if (answer && phase === 'reveal' && this._felt !== felt) {
      platform.buzz(answer.correct ? 'heavy' : 'light');
    }
    this._felt = felt;
  },

  _facts() {
    return {
      me: this._me,
      event: this._event,
      game: this._game,
      own: this._own,
      isPlayed: this._isPlayed,
    };
  },

  _drawn() {
    const before = this._game ? this._ranks[this._game.position - 1] : null;
    return {
      stand: stand.shown({
        game: this._game,
        own: this._own,
        me: this._me,
        event: this._event,
        chosen: this._chosen,
        sent: this._sent,
        isLate: this._isLate,
        before: before === undefined ? null : before,
        isPlayed: this._isPlayed,
      }),
    };
  },

  choose(event) {
    const { round } = this._game;
    this._chosen = tapped(round.question, this._chosen, event.detail.key);
    platform.storage.set(DRAFT, { id: round.id, choice: this._chosen });
    platform.buzz('light');
    this.setData(this._drawn());
  },

  async submit() {
    if (!this.data.stand.isReady) {
      return;
    }
    const { activity } = this.query;
    const { id } = this._game.round;
    const choice = this._chosen;
    this._sent = choice;
    this.setData(this._drawn());
    platform.buzz('medium');
    try {
      const taken = await this.connection.ask(
        'contest.answer',
        activity,
        { round_id: id, choice },
        {
          // Over HTTP an answer may arrive after this phone gave up waiting: it is shown all the same.
          twin: async () => {
            const path = `${words.activityPath('contest', activity)}/rounds/${id}/answer`;
            const taken = await api.post(path, { choice });
            this._taken(taken);
            return taken;
          },
        },
      );
      this._taken(taken);
    } catch (error) {
      this._notTaken(id, error);
    }
  },

  _taken(taken) {
    if (taken.round_id !== this._roundId) {
      return;
    }
    const { choice, used_ms, answered_at, counted } = taken;
    this._own = Object.assign({ round_id: taken.round_id, plays: true }, this._own, {
      answer: Object.assign(
        { choice, used_ms, answered_at, counted },
        this._own && this._own.answer,
      ),
    });
    this._sent = null;
    this.setData(Object.assign({ facts: this._facts() }, this._drawn()));
  },

  _notTaken(id, error) {
    if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
      throw error;
    }
    platform.say(error.message);
    if (id === this._roundId) {
      this._sent = null;
      this.setData(this._drawn());
      this.refresh();
    }
  },

  /** The time is over by this phone's clock. */
  over() {
    const { round, phase } = this._game || {};
    if (phase === 'question' && round && !round.paused && clock.left(round.ends_at) <= 0) {
      this._isLate = true;
      this.setData(this._drawn());
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

/** The state after `own` arrived; it may have been requested before an answer was acknowledged. */
function newer(known, own) {
  if (own === undefined) {
    return known;
  }
  const isOlder = own && known && known.answer && known.round_id === own.round_id && !own.answer;
  return isOlder ? Object.assign({}, own, { answer: known.answer }) : own;
}

function sameRound(own, roundId) {
  return own && own.round_id === roundId ? own : null;
}
