// One post. Opening it counts as reading; what must be read is confirmed by 收到.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const platform = require('../../lib/platform.js');
const words = require('../../lib/words.js');

definePage({
  data: { post: null, isSending: false },

  async load(query) {
    const post = await api.get(`/posts/${query.post}`);
    await api.put(`/posts/${query.post}/reading`, { version: post.version });
    this.entitle(post.column.title);
    return { post: shown(post) };
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

function shown(post) {
  return {
    version: post.version,
    title: post.title,
    html: post.html,
    about: [post.byline, words.moment(post.published_at)].filter(Boolean).join(' · '),
    note: post.note ? `${words.moment(post.written_at)} 更正：${post.note}` : '',
    mustConfirm: post.must_read && !post.confirmed_at,
    confirmed:
      post.must_read && post.confirmed_at ? `已在 ${words.moment(post.confirmed_at)} 回复收到` : '',
  };
}
