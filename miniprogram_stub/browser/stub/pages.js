/** Pages of the mini program that can be opened, and where an address such as `page=hunt` leads. */

export const PAGES = {
  home: "首页",
  events: "活动",
  boards: "榜单",
  me: "我的",
  join: "加入活动",
  bind: "绑定工号",
  event: "活动页",
  wrong: "错题本",
  receipts: "得分明细",
  host: "主持遥控",
  settings: "设置",
};
// The page where an activity of a kind is played has the kind's own name.
const WITHIN = { question: "hunt", suggestions: "polls" };

/** Where a page is opened: `{path, query}`; an event that was joined brings its activity along. */
export function opened(page, event) {
  const name = page || (event ? "event" : "home");
  const query = new URLSearchParams();
  if (event) {
    query.set("event", event.id);
    const activity = event.activities.find(({ kind }) => kind === (WITHIN[name] ?? name));
    if (activity) query.set("activity", activity.id);
  }
  return { path: `pages/${name}/${name}`, query: String(query) };
}
