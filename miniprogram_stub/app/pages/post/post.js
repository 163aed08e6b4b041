// One post. Opening it counts as reading; what must be read is confirmed by 收到.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const pictures = require('../../lib/pictures.js');
const platform = require('../../lib/platform.js');
const session = require('../../lib/session.js');
const { commentOf, joined, numberOf, shown } = require('./article.js');

const DRAFT = 'comment-drafts';
const LONGEST = 300;
// How many comments are shown at first, and how many the server lists at once.
const AT_ONCE = 50;
const MOST = 200;

definePage({
  data: {
    post: null,
    comments: [],
    total: 0,
    pictures: {},
    isPlaying: false,
    isSending: false,
    draft: '',
    longest: LONGEST,
  },

  async load(query) {
    const post = await api.get(`/posts/${query.post}`);
    await api.put(`/posts/${query.post}/reading`, {
      version: post.version,
      share: query.share || '',
    });
    this._learnShare();
    this.entitle(post.column.title);
    this._fetch(post);
    const { items, total } = post.has_comments
      ? await this._ask(1, this._many || AT_ONCE)
      : { items: [], total: 0 };
    const draft = platform.storage.get(DRAFT, {})[query.post] || '';
    return { post: shown(post), comments: items.map(commentOf), total, draft };
  },

  _ask(page, many) {
    return api.get(`/posts/${this.query.post}/comments`, { page, page_size: many });
  },

  /** Show older comments below those that are shown. */
  async moreComments() {
    const { comments } = this.data;
    try {
      this._many = MOST;
      const { items, total } = await this._ask(Math.floor(comments.length / MOST) + 1, MOST);
      this.setData({ comments: joined(comments, items.map(commentOf)), total });
    } catch (error) {
      if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
        throw error;
      }
      platform.say(error.message);
    }
  },

  /** The reader's own token, which WeChat needs at once when somebody shares; guests have none. */
  async _learnShare() {
    const me = session.known();
    if (!this._share && me && me.staff) {
      try {
        const { token } = await api.post(`/posts/${this.query.post}/shares`);
        this._share = token;
      } catch (error) {
        if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
          throw error;
        }
      }
    }
  },

  onShareAppMessage() {
    const { title } = this.data.post;
    const share = this._share ? `&share=${this._share}` : '';
    return { title, path: `/pages/post/post?post=${this.query.post}${share}` };
  },

  goEvent() {
    platform.go(`/pages/event/event?event=${this.data.post.event.id}`);
  },

  goSubject() {
    platform.go(this.data.post.subject.url);
  },

  _fetch(post) {
    const paths = post.pieces.map(({ picture }) => picture && picture.path);
    pictures.each([post.cover_path].concat(paths), (path, local) => {
      this.setData({ [`pictures.${numberOf(path)}`]: local });
    });
  },

  enlarge(event) {
    const local = this.data.pictures[event.currentTarget.dataset.picture];
    if (local) {
      platform.preview([local]);
    }
  },

  play() {
    this.setData({ isPlaying: true });
  },

  goLesson() {
    platform.go(`/pages/lesson/lesson?post=${this.query.post}`);
  },

  confirm() {
    const { version } = this.data.post;
    return this._do(() =>
      api.put(`/posts/${this.query.post}/reading`, { confirmed: true, version }),
    );
  },

  like() {
    const marked = !this.data.post.isLiked;
    return this._do(() => api.put(`/posts/${this.query.post}/like`, { marked }));
  },

  save() {
    const marked = !this.data.post.isSaved;
    return this._do(() => api.put(`/posts/${this.query.post}/saved`, { marked }));
  },

  write(event) {
    this._keep(event.detail.value);
  },

  /** The typed text is stored until it was sent. */
  _keep(text) {
    const drafts = platform.storage.get(DRAFT, {});
    drafts[this.query.post] = text;
    platform.storage.set(DRAFT, drafts);
    this.setData({ draft: text });
  },

  comment() {
    const text = this.data.draft.trim();
    if (!text) {
      return null;
    }
    return this._do(async () => {
      await api.post(`/posts/${this.query.post}/comments`, { text });
      this._keep('');
    });
  },

  removeComment(event) {
    const { id } = event.currentTarget.dataset;
    return this._do(() => api.remove(`/posts/${this.query.post}/comments/${id}`));
  },

  async _do(act) {
    if (this.data.isSending) {
      return;
    }
    this.setData({ isSending: true });
    try {
      await act();
      platform.buzz('light');
      await this.refresh();
    } catch (error) {
      if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
        throw error;
      }
      platform.say(error.message);
      if (error instanceof api.Refusal && error.slug === 'post_corrected') {
        await this.refresh();
      }
    }
    this.setData({ isSending: false });
  },
});
