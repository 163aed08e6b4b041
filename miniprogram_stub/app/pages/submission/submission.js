// A text that I write for a column. What is typed is kept on this phone until it was sent; with its
// first picture it is kept on the server, too.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const pictures = require('../../lib/pictures.js');
const platform = require('../../lib/platform.js');
const { draftOf, isWritable, lacking, stateOf } = require('../submissions/piece.js');

const DRAFTS = 'submission-drafts';
const COLUMNS = 'submission-columns';
// The name of a draft that the server does not know yet.
const NEW = 'new';
const PATH = '/posts/submissions';
const LONGEST = 5000;
const MOST_PICTURES = 9;

function emptyDraft() {
  const code = `phone-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
  return { id: 0, code, columnId: 0, title: '', text: '', pictures: [] };
}

function isCallFailure(error) {
  return error instanceof api.Refusal || error instanceof api.NoNetwork;
}

definePage({
  data: {
    longest: LONGEST,
    mostPictures: MOST_PICTURES,
    columns: [],
    title: '',
    text: '',
    count: 0,
    shown: [],
    isEditable: true,
    state: '',
    word: '',
    tone: '',
    reason: '',
    columnTitle: '',
    isPublished: false,
    isBusy: false,
    failure: '',
  },
  keeps: false,

  onLoad({ submission }) {
    const drafts = platform.storage.get(DRAFTS, {});
    const begun = drafts[NEW];
    // A new one that got a picture is on the server's list, too; what was typed is still here.
    const isBegun = begun && begun.id === Number(submission);
    this._name = isBegun || !submission ? NEW : submission;
    const kept = drafts[this._name];
    this._draft = kept || (submission ? null : emptyDraft());
    this._local = {};
    if (this._draft) {
      this.setData(this._drawn());
    }
  },

  async load({ submission }) {
    const [columns, known] = await Promise.all([
      this._columns(),
      submission ? api.get(`${PATH}/${submission}`) : null,
    ]);
    this._offered = columns;
    if (known && !isWritable(known)) {
      this._forget();
    }
    if (known && !this._draft) {
      this._draft = draftOf(known);
    }
    const about = known
      ? Object.assign({ state: known.state, reason: known.reason }, stateOf(known), {
          columnTitle: known.column.title,
          isPublished: known.published,
        })
      : {};
    return Object.assign(this._drawn(), about, { isEditable: isWritable(known) });
  },

  /** The columns that take submissions; without a network those of the last time. */
  async _columns() {
    try {
      const { items } = await api.get('/posts/columns');
      const open = items.filter((one) => one.takes_submissions && one.active);
      platform.storage.set(
        COLUMNS,
        open.map(({ id, title, icon }) => ({ id, title, icon })),
      );
    } catch (error) {
      if (!(error instanceof api.NoNetwork) || !platform.storage.get(COLUMNS, null)) {
        throw error;
      }
    }
    return platform.storage.get(COLUMNS, []);
  },

  _drawn() {
    const { columnId, title, text } = this._draft;
    const chosen = this._draft.pictures;
    pictures.each(
      chosen.map(({ path }) => path),
      (path, local) => {
        this._local[path] = local;
        this.setData({ shown: this._shown() });
      },
    );
    return {
      title,
      text,
      count: Array.from(text).length,
      shown: this._shown(),
      columns: (this._offered || []).map((one) =>
        Object.assign({ isChosen: one.id === columnId }, one),
      ),
    };
  },

  _shown() {
    return this._draft.pictures.map(({ id, path }) => ({ id, src: this._local[path] || '' }));
  },

  _store(change) {
    this._draft = Object.assign({}, this._draft, change);
    const drafts = platform.storage.get(DRAFTS, {});
    platform.storage.set(DRAFTS, Object.assign({}, drafts, { [this._name]: this._draft }));
    this.setData(Object.assign(this._drawn(), { failure: '' }));
  },

  _forget() {
    const drafts = Object.assign({}, platform.storage.get(DRAFTS, {}));
    delete drafts[this._name];
    platform.storage.set(DRAFTS, drafts);
    this._draft = this.query.submission ? null : emptyDraft();
  },

  chooseColumn(event) {
    this._store({ columnId: event.currentTarget.dataset.id });
  },

  writeTitle(event) {
    this._store({ title: event.detail.value });
  },

  writeText(event) {
    this._store({ text: event.detail.value });
  },

  async addPicture() {
    if (!this._draft.columnId) {
      platform.say('请先选一个栏目');
      return;
    }
    let chosen;
    try {
      chosen = await platform.choosePicture();
    } catch (error) {
      if (error instanceof platform.Cancelled) {
        return;
      }
      throw error;
    }
    await this._busily(async () => {
      await this._begin();
      const made = await api.upload(`${PATH}/${this._draft.id}/pictures`, chosen);
      this._local[made.path] = chosen;
      const others = this._draft.pictures.filter(({ id }) => id !== made.id);
      this._store({ pictures: [...others, { id: made.id, path: made.path }] });
    });
  },

  removePicture(event) {
    const { id } = event.currentTarget.dataset;
    this._store({ pictures: this._draft.pictures.filter((one) => one.id !== id) });
  },

  /** Let the server know of a new draft; the code makes a repeat harmless. */
  async _begin() {
    const { id, code, columnId, title, text } = this._draft;
    if (!id) {
      const made = await api.post(PATH, { code, column_id: columnId, title, text });
      this._store({ id: made.id });
    }
  },

  async submit() {
    const lacks = lacking(this._draft);
    if (lacks) {
      platform.say(lacks);
      return;
    }
    platform.buzz('medium');
    await this._busily(async () => {
      await this._begin();
      const { id, columnId, title, text } = this._draft;
      await api.put(`${PATH}/${id}`, {
        column_id: columnId,
        title,
        text,
        picture_ids: this._draft.pictures.map((one) => one.id),
      });
      const sent = await api.post(`${PATH}/${id}/transitions`, { action: 'send' });
      this._forget();
      platform.say(sent.state === 'waiting' ? '投出去了，等审核' : '没有投出去，看看原因');
      platform.replace('/pages/submissions/submissions');
    });
  },

  /** Do something with the server; what it refuses is shown, what was typed stays. */
  async _busily(work) {
    this.setData({ isBusy: true, failure: '' });
    try {
      await work();
    } catch (error) {
      if (!isCallFailure(error)) {
        throw error;
      }
      const isAway = error instanceof api.NoNetwork;
      const failure = isAway ? '没有网络。写的都存着，有网络再投。' : error.message;
      this.setData({ failure });
    } finally {
      this.setData({ isBusy: false });
    }
  },

  async takeBack() {
    await this._busily(async () => {
      await api.post(`${PATH}/${this.query.submission}/transitions`, { action: 'take_back' });
      await this.refresh();
    });
  },

  async remove() {
    const isSure = await platform.confirm({
      title: '删掉这一篇？',
      text: '文字和图片都会删掉，不能恢复。',
      ok: '删掉',
      cancel: '留着',
    });
    if (!isSure) {
      return;
    }
    await this._busily(async () => {
      const id = this.query.submission || this._draft.id;
      if (id) {
        await api.remove(`${PATH}/${id}`);
      }
      this._forget();
      platform.replace('/pages/submissions/submissions');
    });
  },

  openPost() {
    platform.go(`/pages/post/post?post=${this.query.submission}`);
  },
});
