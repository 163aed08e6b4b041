// What the page about me shows. Pure.

const agenda = require('../../lib/agenda.js');

/** `me` is the server's; the avatar's colour follows the account, which everybody has. */
function shown(me) {
  const { account, staff } = me;
  return {
    avatar: account.id,
    name: staff ? staff.name : account.nickname || '林卡的朋友',
    team: staff ? staff.team || '还没有班组' : '亲友',
    about: staff ? [`工号 ${staff.number}`, staff.shift].filter(Boolean).join(' · ') : '',
    isBound: Boolean(staff),
    hasConsole: me.roles.length > 0,
  };
}

/**
 * The event that was looked at last, and where it leads: `{title, place, links}`; null without one.
 * `own` is the server's answer to `/me` of the event, or null without a seat.
 */
function playing(event, own) {
  if (!event || !own) {
    return null;
  }
  const at = (kind) => event.activities.find((activity) => activity.kind === kind);
  const link = (title, page, activity) =>
    activity && { title, url: `/pages/${page}/${page}?event=${event.id}&activity=${activity.id}` };
  return {
    title: event.title,
    place: agenda.place(own),
    links: [
      { title: '得分明细', url: `/pages/receipts/receipts?event=${event.id}` },
      link('我的错题', 'wrong', at('hunt')),
      link('我的奖品和取奖码', 'raffle', at('raffle')),
    ].filter(Boolean),
  };
}

module.exports = { shown, playing };
