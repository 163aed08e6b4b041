// A new suggestion: text with a picture, and while one types, what others have said that is like it.
// The draft is kept until it was taken; without a network it waits in the outbox.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const outbox = require('../../lib/outbox.js');
const pictures = require('../../lib/pictures.js');
const platform = require('../../lib/platform.js');
const words = require('../../lib/words.js');
const similar = require('./similar.js');

const DRAFT = 'proposal-draft';
const LONGEST = 300;
const LEAST = 2;
const PAUSE_MS = 500;
const SLOW_MS = 2500;

definePage({
  data: {
    longest: LONGEST,
    text: '',
    count: 0,
    picture: '',
    hasPicture: false,
    isUploading: false,
    uploadProblem: '',
    similar: [],
    state: '',
    isReady: false,
    isStaff: true,
  },
  keeps: false,

  async load({ event }) {
    try {
      const own = await api.get(`/events/${event}/me`);
      return { isStaff: Boolean(own.player.staff_number) };
    } catch (error) {
      if (error instanceof api.NoNetwork) {
        // One can write without a network.
        return {};
      }
      throw error;
    }
  },

  onLoad({ activity }) {
    this._draft = platform.storage.get(DRAFT, {})[activity] || { text: '', picture: null };
    this._waits = outbox.isWaiting(this._outboxKey());
    this.setData(this._drawn());
    this._showPicture();
  },

  onShow() {
    this._deaf = outbox.on((news) => this._outboxSays(news));
    this._search();
  },

  onHide() {
    this._deaf();
    clearTimeout(this._searching);
  },

  onUnload() {
    this._deaf();
    clearTimeout(this._searching);
    clearTimeout(this._slowly);
  },

  _path(end = '') {
    return `${words.activityPath('polls', this.query.activity)}/suggestions${end}`;
  },

  _outboxKey() {
    return `proposal:${this.query.activity}`;
  },

  _drawn() {
    const { text } = this._draft;
    const isWaiting = this._waits;
    return {
      text,
      count: Array.from(text).length,
      hasPicture: Boolean(this._draft.picture),
      state: isWaiting ? 'waits' : this._isSending ? 'sending' : '',
      isReady: text.trim() !== '' && !isWaiting && !this._isSending && !this.data.isUploading,
    };
  },

  _keep(change) {
    const { activity } = this.query;
    this._draft = Object.assign({}, this._draft, change);
    const drafts = platform.storage.get(DRAFT, {});
    platform.storage.set(DRAFT, Object.assign({}, drafts, { [activity]: this._draft }));
    this.setData(this._drawn());
  },

  write(event) {
    this._keep({ text: event.detail.value });
    this._search();
  },

  /** Look for what is like the text, once the fingers rest. */
  _search() {
    clearTimeout(this._searching);
    this._searching = setTimeout(() => this._find(this._draft.text.trim()), PAUSE_MS);
  },

  async _find(text) {
    if (Array.from(text).length < LEAST) {
      this.setData({ similar: [] });
      return;
    }
    try {
      const found = await api.call('GET', this._path('/similar'), { text }, 0);
      if (text === this._draft.text.trim()) {
        this.setData({ similar: similar.shown(found) });
      }
    } catch (error) {
      // A failed search is not shown: the text can be sent without it.
      if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
        throw error;
      }
    }
  },

  async choosePicture() {
    try {
      this._chosenPath = await platform.choosePicture();
    } catch (error) {
      if (error instanceof platform.Cancelled) {
        return;
      }
      throw error;
    }
    this._keep({ picture: null });
    await this.uploadPicture();
  },

  /** A picture is uploaded before its suggestion; it is shown from this phone meanwhile. */
  async uploadPicture() {
    this.setData({
      picture: this._chosenPath,
      isUploading: true,
      uploadProblem: '',
      isReady: false,
    });
    let uploadProblem = '';
    try {
      const made = await api.upload(`/events/${this.query.event}/pictures`, this._chosenPath);
      this._keep({ picture: { id: made.id, path: made.path } });
    } catch (error) {
      if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
        throw error;
      }
      uploadProblem = error.message;
    } finally {
      this.setData({ isUploading: false, uploadProblem });
      this.setData(this._drawn());
    }
  },

  removePicture() {
    this._keep({ picture: null });
    this.setData({ picture: '', uploadProblem: '' });
  },

  /** Show the picture of a draft that was kept. */
  async _showPicture() {
    if (this._draft.picture) {
      this.setData({ picture: await pictures.local(this._draft.picture.path) });
    }
  },

  support(event) {
    const { id } = event.currentTarget.dataset;
    platform.buzz('light');
    outbox.send({
      key: `support:${id}`,
      method: 'PUT',
      path: this._path(`/${id}/support`),
      body: {},
      label: '附议一条建议',
    });
    this.setData({
      similar: this.data.similar.map((item) =>
        item.id === id ? Object.assign({}, item, { isSupported: true, maySupport: false }) : item,
      ),
    });
    platform.say('已附议。不用再写一遍，也可以继续写你的。');
  },

  async submit() {
    if (!this.data.isReady) {
      return;
    }
    if (this.data.uploadProblem) {
      const isFine = await platform.confirm({
        title: '图片没有传上去',
        text: '不带图片提交吗？',
        ok: '不带图片',
        cancel: '先等等',
      });
      if (!isFine) {
        return;
      }
    }
    const { text, picture } = this._draft;
    platform.buzz('medium');
    this._isSending = true;
    outbox.send({
      key: this._outboxKey(),
      path: this._path(),
      body: { text: text.trim(), picture_id: picture ? picture.id : null },
      label: '一条建议',
    });
    this.setData(this._drawn());
    this._slowly = setTimeout(() => {
      this._isSending = false;
      this._waits = outbox.isWaiting(this._outboxKey());
      this.setData(this._drawn());
    }, SLOW_MS);
  },

  _outboxSays({ type, item, data, refusal }) {
    if (!item || item.key !== this._outboxKey()) {
      return;
    }
    clearTimeout(this._slowly);
    this._isSending = false;
    this._waits = false;
    if (type === 'sent') {
      this._keep({ text: '', picture: null });
      this.setData({ picture: '', similar: [] });
      platform.buzz('heavy');
      platform.say(similar.sentWord(data));
      const { event, activity } = this.query;
      platform.replace(
        `/pages/suggestions/suggestions?event=${event}&activity=${activity}&view=mine`,
      );
    } else {
      this.setData(this._drawn());
      platform.say(refusal.message);
    }
  },

  goBind() {
    platform.go('/pages/bind/bind');
  },
});
