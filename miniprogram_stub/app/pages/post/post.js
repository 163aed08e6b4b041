// One post. Opening it counts as reading; what must be read is confirmed by 收到.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const pictures = require('../../lib/pictures.js');
const platform = require('../../lib/platform.js');
const { numberOf, shown } = require('./article.js');

definePage({
  data: { post: null, pictures: {}, isPlaying: false, isSending: false },

  async load(query) {
    const post = await api.get(`/posts/${query.post}`);
    await api.put(`/posts/${query.post}/reading`, { version: post.version });
    this.entitle(post.column.title);
    this._fetch(post);
    return { post: shown(post) };
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

  async confirm() {
    if (this.data.isSending) {
      return;
    }
    this.setData({ isSending: true });
    try {
      const { version } = this.data.post;
      await api.put(`/posts/${this.query.post}/reading`, { confirmed: true, version });
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
