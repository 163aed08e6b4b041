// What a list of posts shows, from the server's posts. Pure.

const words = require('../../lib/words.js');

/** What the reader still has to do with a post: confirm it, read it, or nothing. */
function markOf(post) {
  if (post.corrected) {
    return { text: '有更正', tone: 'late' };
  }
  if (post.must_read && !post.confirmed_at) {
    return { text: '待收到', tone: 'late' };
  }
  return post.read_at ? { text: '已读', tone: '' } : { text: '未读', tone: 'live' };
}

function lineOf(post) {
  const mark = markOf(post);
  return {
    id: post.id,
    title: post.title,
    summary: post.summary,
    about: [post.column.title, post.byline, words.moment(post.published_at)]
      .filter(Boolean)
      .join(' · '),
    icon: post.column.icon,
    cover: post.cover_path || '',
    isPinned: post.pinned,
    mark: mark.text,
    tone: mark.tone,
  };
}

const NEWS_WORDS = {
  reminder: '请看这篇通知',
  comment: '有人评论了你的文章',
  decided: '审核结果',
  submission: '投稿的结果',
  likes: '有人赞了你的文章',
};

/** A notice as it is shown. */
function newsOf(notice) {
  return {
    id: notice.id,
    url:
      notice.kind === 'submission'
        ? `/pages/submission/submission?submission=${notice.post_id}`
        : `/pages/post/post?post=${notice.post_id}`,
    word: NEWS_WORDS[notice.kind] || '消息',
    title: notice.title,
    text: notice.text,
    when: words.moment(notice.at),
    isNew: !notice.seen_at,
  };
}

/** What the home page shows of posts: `null` modules without columns are left out. */
function homeOf(home) {
  return {
    mustRead: home.must_read.map(lineOf),
    news: home.notices > 0 ? `${home.notices} 条新消息` : '',
    modules: home.modules
      .filter((module) => module.columns.length > 0)
      .map((module) => ({
        name: module.name,
        title: module.title,
        columns: module.columns.map((column) => ({
          id: column.id,
          title: column.title,
          icon: column.icon,
          said: column.unread > 0 ? `${column.title}，${column.unread} 篇未读` : column.title,
          unread: column.unread > 99 ? '99+' : column.unread,
        })),
      })),
  };
}

module.exports = { homeOf, lineOf, newsOf };
