// A text that I write for a column. What is typed and its pictures are kept on this phone until the
// server has them (lib/drafts.js); with its first picture it is kept on the server, too. Once sent, it
// waits in the outbox for a network.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const drafts = require('../../lib/drafts.js');
const outbox = require('../../lib/outbox.js');
const pictures = require('../../lib/pictures.js');
const platform = require('../../lib/platform.js');
const { draftOf, isWritable, keptState, lacking, stateOf } = require('../submissions/piece.js');

const COLUMNS = 'submission-columns';
// The name of a draft that the server does not know yet.
const NEW = 'new';
const PATH = '/posts/submissions';
const LIST = '/pages/submissions/submissions';
const LONGEST = 5000;
const MOST_PICTURES = 9;

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
    isWaiting: false,
    state: '',
    word: '',
    tone: '',
    reason: '',
    columnTitle: '',
    isPublished: false,
    kept: null,
    hasOwn: false,
    isBusy: false,
    failure: '',
  },
  keeps: false,

  onLoad({ submission, draft }) {
    const begun = drafts.get(NEW);
    // A new one that got a picture is on the server's list, too; what was typed is still here.
    const isBegun = begun && begun.id === Number(submission);
    this._name = draft || (isBegun || !submission ? NEW : submission);
    this._draft = drafts.get(this._name) || (submission ? null : drafts.empty());
    this._local = {};
    if (this._draft) {
      this.setData(this._drawn());
    }
  },

  async load({ submission, draft }) {
    if (draft && !drafts.get(draft)) {
      // It was sent while this page was closed.
      platform.replace(LIST);
      return {};
    }
    const kept = drafts.sent().find(({ name }) => name === this._name);
    const saved = { kept: kept ? keptState(kept, platform.isOnline()) : null };
    this._waits = Boolean(kept && kept.isWaiting);
    if (this._waits) {
      return Object.assign(this._drawn(), saved, { isWaiting: true, isEditable: false });
    }
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
    return Object.assign(this._drawn(), about, saved, {
      isWaiting: false,
      isEditable: isWritable(known),
    });
  },

  onShow() {
    this._deaf = outbox.on(({ type }) => {
      if (type !== 'changed' && this._waits) {
        platform.replace(LIST);
      }
    });
  },

  onHide() {
    this._deaf();
  },

  onUnload() {
    this._deaf();
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
      hasOwn: chosen.some(({ id }) => !id),
      columns: (this._offered || []).map((one) =>
        Object.assign({ isChosen: one.id === columnId }, one),
      ),
    };
  },

  _shown() {
    return this._draft.pictures.map(({ path, file }) => ({
      key: file || path,
      src: file || this._local[path] || '',
    }));
  },

  _store(change) {
    const draft = drafts.get(this._name) || this._draft;
    // What was refused stays on the list of what has to be sent.
    const isHeld = Boolean(draft.isHeld || draft.failure);
    drafts.keep(this._name, Object.assign({}, draft, { failure: '', isHeld }, change));
    this._redraw();
  },

  /** Show the draft as it is kept. */
  _redraw() {
    this._draft = drafts.get(this._name);
    this.setData(Object.assign(this._drawn(), { failure: '' }));
  },

  _forget() {
    drafts.remove(this._name);
    this._draft = this.query.submission ? null : drafts.empty();
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
    const file = await platform.keepFile(chosen);
    this._store({ pictures: [...this._draft.pictures, { id: 0, path: '', file }] });
    await this._busily(() => this._upload());
  },

  /** Upload what the server does not have; without a network it stays on this phone. */
  async _upload() {
    try {
      await drafts.upload(this._name);
    } catch (error) {
      if (!(error instanceof api.NoNetwork)) {
        throw error;
      }
    } finally {
      this._redraw();
    }
  },

  removePicture(event) {
    const { key } = event.currentTarget.dataset;
    const isGone = ({ file, path }) => (file || path) === key;
    const { pictures: chosen } = this._draft;
    this._store({ pictures: chosen.filter((one) => !isGone(one)) });
    chosen
      .filter((one) => isGone(one) && one.file)
      .forEach(({ file }) => platform.removeFile(file));
  },

  submit() {
    const lacks = lacking(this._draft);
    if (lacks) {
      platform.say(lacks);
      return;
    }
    platform.buzz('medium');
    if (this._name === NEW) {
      // The next new one is another draft.
      drafts.rename(NEW, this._draft.code);
      this._name = this._draft.code;
    }
    drafts.send(this._name).then(
      (sent) =>
        platform.say(sent.state === 'waiting' ? '投出去了，等审核' : '没有投出去，看看原因'),
      () => platform.say('没有投出去，看看原因'),
    );
    platform.replace(LIST);
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
      const failure = isAway ? '没有网络。写的都存着，有网络再试。' : error.message;
      this.setData({ failure });
    } finally {
      this.setData({ isBusy: false });
    }
  },

  /** Change a text that waits on this phone. */
  rewrite() {
    if (drafts.takeBack(this._name)) {
      this._waits = false;
      this._redraw();
      this.setData({ isWaiting: false, isEditable: true });
      this.refresh();
    } else {
      platform.say('正在投出去，这会儿改不了。没有投成的话，过几秒再点。');
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
      platform.replace(LIST);
    });
  },

  openPost() {
    platform.go(`/pages/post/post?post=${this.query.submission}`);
  },
});
