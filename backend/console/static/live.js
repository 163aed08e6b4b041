// Keeps the pages of an event fresh: says `changed` on the body when something happened in it.

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

/** Say it now, or once in a second. */
function changed() {
  if (isDue) return;
  isDue = true;
  setTimeout(say, Math.max(0, saidAt + LEAST_MS - performance.now()));
}

const stream = new EventStream(address, [], {
  onMessage: (name) => name === "state" && changed(),
  onFreshness: (phase) => document.body.toggleAttribute("data-stale", phase === "stale"),
  onDenied: () =>
    location.assign(`/host/login?next=${encodeURIComponent(location.pathname + location.search)}`),
});
stream.start();
