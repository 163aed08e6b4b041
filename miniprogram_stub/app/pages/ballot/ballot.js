// One poll: choose, vote, see what counts. A ballot goes through the outbox, so that no network loses
// it; one that needs the code on the screen is sent at once or not at all, because the code changes.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const outbox = require('../../lib/outbox.js');
const pictures = require('../../lib/pictures.js');
const platform = require('../../lib/platform.js');
const words = require('../../lib/words.js');
const receipts = require('./receipts.js');
const { merged, raised, sent, shown, tapped } = require('./vote.js');

const DRAFTS = 'ballot-drafts';
// While results of many entries are shown, they are asked for so often at most.
const AGAIN_MS = 4000;

definePage({
  data: { vote: null, facts: null, pictures: {}, video: '', code: '', search: '' },

  async load({ event, activity, poll: id }) {
    const path = words.activityPath('polls', activity);
    const [poll, own, player, of] = await Promise.all([
      api.get(`${path}/polls/${id}`),
      receipts.own(path, id),
      api.get(`/events/${event}/me`),
      api.get(`/events/${event}`),
    ]);
    this._facts = { poll, own, me: player.player, event: of };
    this.entitle(poll.title);
    const paths = poll.options.map((option) => option.picture_path);
    pictures.each(paths, (found, local) =>
      this.setData({ [`pictures.${numberOf(found)}`]: local }),
    );
    return Object.assign({ facts: this._facts }, this._drawn());
  },

  onLoad({ poll }) {
    this._facts = this.data.facts;
    this._chosen = platform.storage.get(DRAFTS, {})[poll] || [];
    this._changes = -1;
    this._isSending = false;
    this._code = '';
    this._search = '';
    if (this._facts) {
      this.setData(this._drawn());
    }
  },

  hears: {
    'polls.reminder'({ title }) {
      platform.buzz('heavy');
      platform.say(`主持人提醒：《${title}》还没投票。`);
    },
  },

  onShow() {
    this._deaf = outbox.on((news) => this._outboxSays(news));
  },

  onHide() {
    this._deaf();
    clearTimeout(this._soon);
  },

  onUnload() {
    this._deaf();
    clearTimeout(this._soon);
  },

  live(state, game) {
    const heard = game && game.poll.id === Number(this.query.poll) ? game.poll : null;
    // What happens to a poll that is not on the screen is told by a change of what is.
    const other = game && !heard ? [game.poll.id, game.poll.state].join(' ') : '';
    const isOther = this._other !== undefined && this._other !== other;
    this._other = other;
    if (!this._facts) {
      return;
    }
    const poll = heard ? merged(this._facts.poll, heard) : this._facts.poll;
    this._facts = Object.assign({}, this._facts, { event: state.event });
    if (poll) {
      this._facts.poll = poll;
    }
    this.setData(this._drawn());
    if (isOther || !poll) {
      this._refreshSoon(heard);
    }
  },

  /** Ask again: at once when the poll was opened, closed or its results shown, else after a while. */
  _refreshSoon(heard) {
    const { state, results_shown } = this._facts.poll;
    if (!heard || heard.state !== state || heard.results_shown !== results_shown) {
      this.refresh();
      return;
    }
    if (!this._isSoon) {
      this._isSoon = true;
      this._soon = setTimeout(() => {
        this._isSoon = false;
        this.refresh();
      }, AGAIN_MS);
    }
  },

  _path(end = '') {
    const { activity, poll } = this.query;
    return `${words.activityPath('polls', activity)}/polls/${poll}${end}`;
  },

  _drawn() {
    const { poll } = this.query;
    return {
      vote: shown(
        Object.assign({}, this._facts, {
          kept: receipts.kept(poll),
          waiting: this._isSending ? [] : receipts.waiting(poll),
          chosen: this._chosen,
          changes: this._changes,
          code: this._code,
          search: this._search,
          isSending: this._isSending,
        }),
      ),
    };
  },

  /** What is chosen is kept until it counts: a reload loses nothing. */
  _choose(chosen) {
    this._chosen = chosen;
    const drafts = platform.storage.get(DRAFTS, {});
    platform.storage.set(DRAFTS, Object.assign({}, drafts, { [this.query.poll]: chosen }));
    this.setData(this._drawn());
  },

  pick(event) {
    if (!this.data.vote.mayChoose || this._isSending) {
      return;
    }
    const { poll } = this._facts;
    const chosen = tapped(poll, this._chosen, event.currentTarget.dataset.id);
    if (!chosen) {
      platform.say(`最多选 ${poll.most_choices} 个，先取消一个再选。`);
      return;
    }
    platform.buzz('light');
    this._choose(chosen);
  },

  raise(event) {
    platform.buzz('light');
    this._choose(raised(this._chosen, event.currentTarget.dataset.id));
  },

  find(event) {
    this._search = event.detail.value;
    this.setData(Object.assign({ search: this._search }, this._drawn()));
  },

  writeCode(event) {
    this._code = event.detail.value;
    this.setData(Object.assign({ code: this._code }, this._drawn()));
  },

  change(event) {
    const { at } = event.currentTarget.dataset;
    this._changes = at;
    this._choose(this._facts.own.ballots[at].choice);
  },

  keepBallot() {
    this._changes = -1;
    this._choose([]);
  },

  async submit() {
    if (!this.data.vote.isReady) {
      return;
    }
    const { poll: id } = this.query;
    const { poll, own } = this._facts;
    const choice = sent(poll, this._chosen);
    const old = own.ballots[this._changes];
    if (old && old.choice.join() === choice.join()) {
      platform.say('和原来的一样，票没有变。');
      this.keepBallot();
      return;
    }
    this._isSending = true;
    this.setData(this._drawn());
    const counted = own.ballots.map((ballot) => ballot.choice);
    const receipt = await receipts.make(id, choice, counted);
    const replaces = old ? this.data.vote.ballots[this._changes].receipt || old.key : null;
    const body = { choice, receipt, replaces };
    platform.buzz('medium');
    if (poll.hall_code) {
      await this._sendNow(Object.assign(body, { hall_code: this._code.replace(/\s/g, '') }));
    } else {
      this._sendOnce(body);
    }
  },

  /** With a code of the hall: sent while it holds. */
  async _sendNow(body) {
    try {
      this._counts(body, await api.post(this._path('/ballots'), body));
    } catch (error) {
      this._isSending = false;
      this.setData(this._drawn());
      if (error instanceof api.NoNetwork) {
        platform.say('没有收到回音，这张票可能没投上。选好的还在，有网络时再点一次。');
      } else if (error instanceof api.Refusal) {
        this._refused(body, error);
      } else {
        throw error;
      }
    }
  },

  /** Without: it waits for a network as long as it must. */
  _sendOnce(body) {
    outbox.send({
      key: receipts.keyOf(body.receipt),
      path: this._path('/ballots'),
      body,
      label: `“${this._facts.poll.title}”的选票`,
    });
    // Nobody is told at once that it waits: mostly it is there in a moment.
    clearTimeout(this._slowly);
    this._slowly = setTimeout(() => {
      this._isSending = false;
      this.setData(this._drawn());
    }, 1500);
  },

  _outboxSays({ type, item, data, refusal }) {
    if (!item || item.path !== this._path('/ballots')) {
      return;
    }
    clearTimeout(this._slowly);
    if (type === 'sent') {
      this._counts(item.body, data);
    } else {
      this._isSending = false;
      this._refused(item.body, refusal);
    }
  },

  /** The ballot counts: it is shown, and what the server says of it is asked for. */
  _counts(body, data) {
    const { own } = this._facts;
    const before = own.ballots.filter((_, at) => !body.replaces || at !== this._changes);
    const left = body.replaces ? own.ballots_left : Math.max(0, own.ballots_left - 1);
    this._facts = Object.assign({}, this._facts, {
      own: {
        ballots_left: left,
        ballots: before.concat({ choice: data.choice, key: null }),
      },
    });
    this._isSending = false;
    this._changes = -1;
    this._code = '';
    platform.buzz('heavy');
    this._choose([]);
    this.setData({ code: '', facts: this._facts });
    platform.say('投票成功，已经算数。');
    this.refresh();
  },

  _refused(body, refusal) {
    // A repeat with the right code is the same ballot.
    if (refusal.slug !== 'wrong_hall_code') {
      receipts.drop(this.query.poll, body.receipt);
    }
    platform.say(refusal.message);
    this.refresh();
  },

  copyReceipt(event) {
    platform.copy(event.currentTarget.dataset.receipt);
    platform.say('回执已复制。');
  },

  lookAt(event) {
    const local = this.data.pictures[numberOf(event.currentTarget.dataset.picture)];
    if (local) {
      platform.preview([local]);
    }
  },

  /** A file is played here; a page elsewhere cannot be opened from a mini program. */
  play(event) {
    const { video } = event.currentTarget.dataset;
    if (/\.(mp4|m4v|mov|m3u8)(\?|$)/i.test(video)) {
      this.setData({ video: this.data.video === video ? '' : video });
    } else {
      platform.copy(video);
      platform.say('视频链接已复制，到浏览器里打开。');
    }
  },

  goBind() {
    platform.go('/pages/bind/bind');
  },
});

/** The number at the end of a picture's path. */
function numberOf(path) {
  return path.slice(path.lastIndexOf('/') + 1);
}
