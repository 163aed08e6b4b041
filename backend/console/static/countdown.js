// Counts seconds down in every element with `data-left-ms`, the time that was left when the page or
// its fragment was made. At the end the body hears `changed` once, and fragments load again.

const TICK_MS = 250;

/** @type {WeakMap<Element, {said: string, endsAt: number, isOver: boolean}>} */
const clocks = new WeakMap();

function tick() {
  const now = performance.now();
  let isOver = false;
  for (const node of document.querySelectorAll("[data-left-ms]")) {
    const said = node.getAttribute("data-left-ms") ?? "0";
    let clock = clocks.get(node);
    if (clock?.said !== said) {
      clock = { said, endsAt: now + Number(said), isOver: Number(said) <= 0 };
      clocks.set(node, clock);
    }
    const leftMs = Math.max(0, clock.endsAt - now);
    const words = String(Math.ceil(leftMs / 1000));
    if (node.textContent !== words) node.textContent = words;
    if (leftMs === 0 && !clock.isOver) {
      clock.isOver = true;
      isOver = true;
    }
  }
  if (isOver) document.body.dispatchEvent(new CustomEvent("changed"));
}

tick();
setInterval(tick, TICK_MS);

export {};
