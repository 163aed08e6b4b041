// Pure readings of a state message: what is shown, in which words. No page, no clock.

const STATE_WORDS = { draft: "未开始", scheduled: "未开始", open: "进行中" };

/** Which of the page's three faces a state calls for: "empty" or "board" ("loading" is before any). */
export function viewOf(state) {
  return state.players === 0 && !isOver(state.event) ? "empty" : "board";
}

export function isOver(event) {
  return event.state === "closed" || event.state === "archived";
}

export function isRevealing(event) {
  return event.reveal !== null && event.reveal !== undefined;
}

/** The badges of an event: words to show, or null where the badge is away. */
export function badgesOf(event) {
  return {
    "state-badge": STATE_WORDS[event.state] && !event.paused ? STATE_WORDS[event.state] : null,
    "rehearsal-badge": event.rehearsal ? "彩排" : null,
    "paused-badge": event.paused && !isOver(event) ? "暂停中" : null,
    "freeze-badge": event.frozen ? "封榜" : null,
    "reveal-badge": isRevealing(event) ? `揭榜 ${event.reveal.step} / ${event.reveal.of}` : null,
    "ended-badge": isOver(event) ? "已结束" : null,
  };
}

/** The line above the board during freeze and reveal, or null. */
export function proclamationOf(event) {
  if (isRevealing(event)) {
    const { step, of } = event.reveal;
    if (step <= 0) return { mood: "reveal", seal: "揭榜", words: "好戏开场，名次即将一一揭晓" };
    if (step < of) return { mood: "reveal", seal: "揭榜", words: `正在揭榜 · ${step} / ${of}` };
    return { mood: "reveal", seal: "揭榜", words: "全部揭晓，恭喜各位淘金人" };
  }
  if (event.frozen) {
    return { mood: "frozen", seal: "封榜", words: "名次定格于此刻，得分照常累计，静候揭榜" };
  }
  return null;
}

/** What the bottom line says in place of the last gains, or null when gains are shown. */
export function noticeOf(event) {
  if (isRevealing(event)) return "揭榜进行中，请看大屏";
  if (isOver(event)) return "活动已结束，感谢每一位淘金人";
  if (event.paused) return "活动暂停，所有计时都已停住，请稍候";
  if (event.frozen) return "封榜期间不播报得分，您的每一分都已记下";
  if (event.state !== "open") return "活动尚未开始，可以先扫码入场";
  return null;
}

/**
 * The `slots` rows to show. The board begins at rank 1; during a reveal longer than the board, the
 * window follows the border between closed and open rows, so that each unveiling is seen.
 */
export function visibleRows(rows, slots) {
  const closed = rows.filter((row) => row.id === null).length;
  const border = closed - (slots - 3);
  const start = closed > 0 ? Math.max(0, Math.min(border, rows.length - slots)) : 0;
  return rows.slice(start, start + slots).map((row, offset) => ({ ...row, place: start + offset }));
}

/** "long" or "longest" for names that need a smaller letter; Latin letters count as half. */
export function lengthOf(name) {
  let width = 0;
  for (const letter of name) width += letter.codePointAt(0) < 0x2e80 ? 0.55 : 1;
  if (width > 13) return "longest";
  return width > 8 ? "long" : "";
}

const whole = new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 2, useGrouping: "min2" });

export function formatPoints(points) {
  return whole.format(points);
}

/**
 * A formatter for one board of possibly fractional points: as few digits as keep different scores
 * looking different, the same number of them in every row.
 */
export function formatterFor(rows) {
  const points = rows.map((row) => row.points).filter((value) => value !== null);
  const digits = [0, 1].find((count) => keepsApart(points, count)) ?? 2;
  const format = new Intl.NumberFormat("zh-CN", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: "min2",
  });
  return (value) => format.format(value);
}

function keepsApart(points, digits) {
  if (digits === 0) return points.every(Number.isInteger);
  const different = new Set(points);
  return new Set([...different].map((value) => value.toFixed(digits))).size === different.size;
}

/** "05:09", "1:02:03" or "2 天 03:04:05". */
export function formatCountdown(seconds) {
  const two = (value) => String(value).padStart(2, "0");
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor((seconds % 86400) / 3600);
  const tail = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  if (days > 0) return `${days} 天 ${two(hours)}:${tail}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}
