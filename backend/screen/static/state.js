// Pure readings of a state message: what is shown, in which words. No page, no clock.

/**
 * What the stream sends, see `backend/screen/show.py`.
 *
 * @typedef {object} EventFacts
 * @property {number} id
 * @property {string} title
 * @property {string} state "draft", "scheduled", "open", "closed" or "archived"
 * @property {boolean} paused
 * @property {boolean} frozen
 * @property {boolean} rehearsal
 * @property {{step: number, of: number} | null} [reveal]
 * @property {string} [join_code]
 * @property {string | null} [opens_at]
 * @property {number | null} [seconds_to_close]
 *
 * @typedef {{name: string}} Named
 * @typedef {{id: number, rank: number, name: string, team?: string | null, points: number,
 *   members?: number}} OpenRow A row of a board, of a person or of a team.
 * @typedef {{id: null, rank: number, points: null}} ClosedRow A row that a reveal has yet to open.
 * @typedef {OpenRow | ClosedRow} BoardRow
 * @typedef {BoardRow & {place: number}} PlacedRow A row with its place among all rows, from 0.
 * @typedef {{total: number, rows: BoardRow[], formula?: string}} BoardFacts
 *
 * @typedef {{id: number, kind: string, title: string, phase: string}} Activity What all kinds of
 *   activity have; each kind adds its own.
 *
 * @typedef {object} State The message `state`: everything that is shown.
 * @property {EventFacts} event
 * @property {{shows: string, activity_id: number | null,
 *   notice: {text: string, ends_at: string | null} | null}} screen what a host has chosen: the name
 *   of a view (`views.js`), or "automatic"
 * @property {number} players
 * @property {number} present
 * @property {import("./wall.js").WallFacts} wall what a host put on the screen
 * @property {Activity[]} [activities]
 * @property {{players: BoardFacts, teams: BoardFacts}} boards
 * @property {import("./media.js").MediaFacts} [media]
 * @property {string} server_time
 *
 * @typedef {{name: string | null, team: string | null, points: number}} Gain The message `gain`.
 */

/** @type {Record<string, string>} */
const STATE_WORDS = { draft: "未开始", scheduled: "未开始", open: "进行中" };

/** @param {EventFacts} event */
export function isBefore(event) {
  return event.state === "draft" || event.state === "scheduled";
}

/** @param {EventFacts} event */
export function isOver(event) {
  return event.state === "closed" || event.state === "archived";
}

/** @param {EventFacts} event */
export function isRevealing(event) {
  return event.reveal !== null && event.reveal !== undefined;
}

/**
 * The badges of an event: words to show, or null where the badge is away.
 * @param {EventFacts} event
 * @returns {Record<string, string | null>}
 */
export function badgesOf(event) {
  return {
    "state-badge": event.paused ? null : (STATE_WORDS[event.state] ?? null),
    "rehearsal-badge": event.rehearsal ? "彩排" : null,
    "paused-badge": event.paused && !isOver(event) ? "暂停中" : null,
    "freeze-badge": event.frozen ? "封榜" : null,
    "reveal-badge": event.reveal ? `揭榜 ${event.reveal.step} / ${event.reveal.of}` : null,
    "ended-badge": isOver(event) ? "已结束" : null,
  };
}

/** @param {EventFacts} event */
export function playersHeadingOf(event) {
  return isOver(event) && !event.frozen && !isRevealing(event) ? "最终排名" : "个人榜";
}

/**
 * The line above the board during freeze and reveal, or null.
 * @param {EventFacts} event
 */
export function proclamationOf(event) {
  if (event.reveal) return { mood: "reveal", seal: "揭榜", words: revealWords(event.reveal) };
  if (!event.frozen) return null;
  const words = isOver(event) ? "名次已经定格，静候揭榜" : "名次定格于此刻，得分照常累计，静候揭榜";
  return { mood: "frozen", seal: "封榜", words };
}

/** @param {{step: number, of: number}} reveal */
function revealWords({ step, of }) {
  if (step <= 0) return "好戏开场，名次即将一一揭晓";
  return step < of ? `名次自下而上，逐一揭晓　${step} / ${of}` : "全部揭晓，恭喜各位";
}

/**
 * What the bottom line says in place of the last gains, or null when gains are shown.
 * @param {EventFacts} event
 */
export function noticeOf(event) {
  if (isRevealing(event)) return "揭榜进行中，请把掌声送给他们";
  if (isOver(event)) return "活动已结束，感谢每一位参与者";
  if (event.paused) return "活动暂停，所有计时都已停住，请稍候";
  if (event.frozen) return "封榜期间不播报得分，你的每一分都已记下";
  if (event.state === "draft") return "活动尚未发布，请稍候";
  if (event.state !== "open") return "活动尚未开始，可以先扫码入场";
  return null;
}

/**
 * What stands in place of a board without rows.
 * @param {EventFacts} event
 */
export function emptyBoardOf(event) {
  if (isOver(event)) return "本场没有得分记录";
  return event.state === "open" ? "第一分，等谁来拿？" : "开场之后，名次就在这里";
}

/**
 * The second line of the invitation that is shown while nobody has joined.
 * `open` is what it says in an event that is open.
 * @param {EventFacts} event
 * @param {string} open
 */
export function invitationOf(event, open) {
  if (event.paused) return "活动暂停中，可以先扫码入场";
  if (event.state === "draft") return "主持人还在准备，马上就可以扫码入场";
  if (event.state !== "open") return "现在就可以扫码入场，先占个好位置";
  return open;
}

/**
 * The `slots` rows to show, each with its `place` in all rows. They begin at rank 1; during a
 * reveal of more rows than there are slots they follow the border between closed and open rows, so
 * that each unveiling is seen. `underWay` tells that it is past its first step, which opens all
 * that is below the first places.
 * @param {BoardRow[]} rows
 * @param {number} slots
 * @param {boolean} underWay
 * @returns {PlacedRow[]}
 */
export function visibleRows(rows, slots, underWay) {
  const closed = rows.filter((row) => row.id === null).length;
  const follows = closed > slots || (underWay && closed === slots);
  const start = follows ? Math.max(0, Math.min(closed - slots + 2, rows.length - slots)) : 0;
  return rows.slice(start, start + slots).map((row, offset) => ({ ...row, place: start + offset }));
}

/**
 * "long" or "longest" for words that need a smaller letter; Latin letters count as half.
 * @param {string} words
 * @param {{long: number, longest: number}} widths
 */
export function lengthOf(words, { long, longest }) {
  let width = 0;
  for (const letter of words) width += letter < "\u2e80" ? 0.55 : 1;
  if (width > longest) return "longest";
  return width > long ? "long" : "";
}

/**
 * A formatter for one board of possibly fractional points: as few digits as keep different scores
 * looking different, the same number of them in every row; thousands are parted from 10,000 on.
 * @param {BoardRow[]} rows
 * @returns {(value: number) => string}
 */
export function formatterFor(rows) {
  const points = rows.map((row) => row.points).filter((value) => value !== null);
  const digits = [0, 1].find((count) => keepsApart(points, count)) ?? 2;
  const grouped = points.some((value) => Math.abs(value) >= 10_000);
  return (value) => numberFormat(digits, digits, grouped).format(value);
}

/** @param {number} points */
export function formatPoints(points) {
  return numberFormat(0, 2, Math.abs(points) >= 10_000).format(points);
}

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/**
 * One formatter per choice, kept: making an Intl.NumberFormat costs more than using it.
 * @param {number} minimumFractionDigits
 * @param {number} maximumFractionDigits
 * @param {boolean} useGrouping
 * @returns {Intl.NumberFormat}
 */
function numberFormat(minimumFractionDigits, maximumFractionDigits, useGrouping) {
  const key = `${minimumFractionDigits} ${maximumFractionDigits} ${useGrouping}`;
  const kept = formats.get(key);
  if (kept) return kept;
  const options = { minimumFractionDigits, maximumFractionDigits, useGrouping };
  const made = new Intl.NumberFormat("zh-CN", options);
  formats.set(key, made);
  return made;
}

/**
 * @param {number[]} points
 * @param {number} digits
 */
function keepsApart(points, digits) {
  if (digits === 0) return points.every(Number.isInteger);
  const different = new Set(points);
  return new Set([...different].map((value) => value.toFixed(digits))).size === different.size;
}

/**
 * "05:09", "1:02:03" or "2 天 03:04:05".
 * @param {number} seconds
 */
export function formatCountdown(seconds) {
  /** @param {number} value */
  const two = (value) => String(value).padStart(2, "0");
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor((seconds % 86400) / 3600);
  const tail = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  if (days > 0) return `${days} 天 ${two(hours)}:${tail}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/** @param {Named[]} people */
export function namesOf(people) {
  const names = people
    .slice(0, 4)
    .map((one) => one.name)
    .join("、");
  return people.length > 4 ? `${names} 等 ${people.length} 人` : names;
}
