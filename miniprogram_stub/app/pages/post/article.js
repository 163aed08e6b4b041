// What the page of a post shows, from the server's post. Pure.

const words = require('../../lib/words.js');

function shown(post) {
  return {
    version: post.version,
    title: post.title,
    cover: post.cover_path ? numberOf(post.cover_path) : '',
    pieces: post.pieces.map((piece, place) => ({
      key: place,
      html: piece.html,
      picture: piece.picture ? numberOf(piece.picture.path) : '',
      words: piece.words || '文章里的图片',
    })),
    video: post.video_url,
    lesson: lessonOf(post.lesson),
    event: post.event,
    subject: subjectOf(post.about),
    hasLikes: post.has_likes,
    isLiked: post.liked,
    likes: post.likes,
    likeWord: `${post.liked ? '已赞' : '赞'}${post.likes > 0 ? ` ${post.likes}` : ''}`,
    isSaved: post.saved,
    hasComments: post.has_comments,
    comments: post.comments,
    about: [post.byline, words.moment(post.published_at)].filter(Boolean).join(' · '),
    note: post.note ? `${words.moment(post.written_at)} 更正：${post.note}` : '',
    mustConfirm: post.must_read && !post.confirmed_at,
    confirmed:
      post.must_read && post.confirmed_at ? `已在 ${words.moment(post.confirmed_at)} 回复收到` : '',
  };
}

/** The team or person that a post is about, and where it leads. */
function subjectOf(about) {
  if (!about) {
    return null;
  }
  const { kind, id, name } = about;
  const word = kind === 'team' ? '班组' : '同事';
  return {
    words: `认识这${kind === 'team' ? '个' : '位'}${word}：${name}`,
    url: `/pages/${kind}/${kind}?${kind}=${id}`,
  };
}

function lessonOf(lesson) {
  if (!lesson) {
    return '';
  }
  const left = lesson.questions - lesson.answered;
  if (left === 0) {
    return `${lesson.questions} 道练习题都做完了，看解析`;
  }
  return lesson.answered > 0 ? `接着练，还有 ${left} 道题` : `练一练，${lesson.questions} 道题`;
}

const STATES = { pending: '等审核，通过后大家能看到', rejected: '没有通过审核' };

/** A comment as it is shown; `told` is the status of one's own. */
function commentOf(item) {
  const state = STATES[item.status] || '';
  return {
    id: item.id,
    text: item.text,
    by: [item.own ? '我' : item.name, item.team].filter(Boolean).join(' · '),
    when: words.moment(item.written_at),
    isOwn: item.own,
    told: item.reason ? `${state}：${item.reason}` : state,
  };
}

/** The number at the end of a picture's path. */
function numberOf(path) {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Comments, the newest first, with the older ones of a further page. */
function joined(comments, page) {
  const last = comments.length > 0 ? comments[comments.length - 1].id : Infinity;
  return comments.concat(page.filter(({ id }) => id < last));
}

module.exports = { commentOf, joined, numberOf, shown };
