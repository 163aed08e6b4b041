// Keeps the pages of an event fresh: says `changed` on the body when something happened in it, and
// `told` with `{name, data}` for each message of an activity. A part of the page with
// `data-again-ms` shows counts of a moment ago: `changed` is said after that time, too.

import { EventStream } from "/screen/static/stream.js";

const LEAST_MS = 1000;
const address = `/api/v1/events/${document.body.dataset.event}/stream?view=host`;

let isDue = false;
let saidAt = 0;

function say() {
  isDue = false;
  saidAt = performance.now();
  document.body.dispatchEvent(new CustomEvent("changed"));
}

/** Fire the event now, but at most once a second. */
function changed() {
  if (isDue) return;
  isDue = true;
  setTimeout(say, Math.max(0, saidAt + LEAST_MS - performance.now()));
}

function askAgain() {
  const late = /** @type {HTMLElement | null} */ (document.querySelector("[data-again-ms]"));
  if (late) setTimeout(changed, Number(late.dataset.againMs));
}

document.body.addEventListener("htmx:after:swap", askAgain);
askAgain();

const told = (document.body.dataset.told ?? "").split(" ").filter(Boolean);
const stream = new EventStream(address, told, {
  onMessage: (name, data) => {
    if (name === "state") changed();
    else if (told.includes(name))
      document.body.dispatchEvent(new CustomEvent("told", { detail: { name, data } }));
  },
  onFreshness: (phase) => document.body.toggleAttribute("data-stale", phase === "stale"),
  onDenied: () =>
    location.assign(`/host/login?next=${encodeURIComponent(location.pathname + location.search)}`),
});
stream.start();
