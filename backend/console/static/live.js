// Keeps the pages of an event fresh: says `changed` on the body when something happened in it.

const LEAST_MS = 1000;
const address = `/api/v1/events/${document.body.dataset.event}/stream?view=host`;

let isDue = false;
let saidAt = 0;

function say() {
  isDue = false;
  saidAt = performance.now();
  document.body.dispatchEvent(new CustomEvent("changed"));
}

/** Say it now, or once in a second. */
function changed() {
  if (isDue) return;
  isDue = true;
  setTimeout(say, Math.max(0, saidAt + LEAST_MS - performance.now()));
}

const stream = new EventSource(address);
stream.addEventListener("state", changed);
stream.addEventListener("open", () => document.body.removeAttribute("data-stale"));
stream.addEventListener("error", () => document.body.setAttribute("data-stale", ""));
window.addEventListener("pagehide", () => stream.close());

export {};
