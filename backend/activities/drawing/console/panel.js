// Small canvases of drawings: `data-drawing` is the operation that shows the turn. Those with
// `data-runs` are looked at again while they can be seen and somebody draws on them.

import { call, Refusal } from "/host/static/api.js";

const SKETCH = "/screen/kinds/drawing/sketch.js";
/** @type {typeof import("../screen/sketch.js")} */
const { Sketch } = await import(SKETCH);

const FINE = 0.5;
const AGAIN_MS = 2000;

/** @type {WeakMap<Element, InstanceType<typeof Sketch>>} */
const sketches = new WeakMap();
/** @type {Set<HTMLCanvasElement>} */
const inSight = new Set();

const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const canvas = /** @type {HTMLCanvasElement} */ (target);
    if (!isIntersecting) inSight.delete(canvas);
    else {
      inSight.add(canvas);
      show(canvas);
    }
  }
});

/** Finds canvases that came with the page or a fragment. */
function find() {
  for (const canvas of document.querySelectorAll("canvas[data-drawing]")) {
    if (sketches.has(canvas)) continue;
    sketches.set(canvas, new Sketch(/** @type {HTMLCanvasElement} */ (canvas), FINE));
    observer.observe(canvas);
  }
  for (const canvas of inSight) if (!canvas.isConnected) inSight.delete(canvas);
}

/** @param {HTMLCanvasElement} canvas */
async function show(canvas) {
  try {
    const turn = await call("GET", canvas.dataset.drawing ?? "");
    sketches.get(canvas)?.show(turn);
  } catch (error) {
    // The next request shows it; the turn may have left the gallery in the meantime.
    if (!(error instanceof Refusal)) throw error;
  }
}

new MutationObserver(find).observe(document.body, { childList: true, subtree: true });
find();

setInterval(() => {
  if (document.hidden) return;
  for (const canvas of inSight) if (canvas.dataset.runs !== undefined) show(canvas);
}, AGAIN_MS);
