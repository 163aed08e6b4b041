/**
 * The condition of this phone's network: `good`, `slow` (each way takes a second and a
 * half), `drop` (three of ten requests are lost, before or after the server has got them; sockets close),
 * `off`, `doubled` (all is sent twice).
 */
export const CONDITIONS = ["good", "slow", "drop", "off", "doubled"];
const SLOW_MS = 1500;
const LOST = 0.3;

let condition = "good";
const readers = new Set();

/** The present condition. */
export function current() {
  return condition;
}

/** Changes the condition. */
export function change(wanted) {
  if (!CONDITIONS.includes(wanted)) throw new Error(`no such condition: ${wanted}`);
  if (wanted === condition) return;
  condition = wanted;
  for (const reader of readers) reader(condition);
}

/** Calls `reader(condition)` after each change. */
export function follow(reader) {
  readers.add(reader);
  return () => readers.delete(reader);
}

/** Waits as long as one way takes. */
export function oneWay() {
  return condition === "slow"
    ? new Promise((done) => setTimeout(done, SLOW_MS))
    : Promise.resolve();
}

/** What happens to the next request: `passes`, `lostBefore`, `lostAfter`, `twice` or `off`. */
export function fate() {
  if (condition === "off") return "off";
  if (condition === "doubled") return "twice";
  if (condition !== "drop" || Math.random() >= LOST) return "passes";
  return Math.random() < 0.5 ? "lostBefore" : "lostAfter";
}
