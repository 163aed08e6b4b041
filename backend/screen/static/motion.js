// Everything that moves: rows sliding to a new place, numbers counting up. A viewer who asked for
// reduced motion gets the end of each movement at once.

/** @typedef {(value: number) => string} Format */

const wish = window.matchMedia("(prefers-reduced-motion: reduce)");
const COUNT_MS = 700;
const GLIDE_MS = 900;
// What runs by the clock moves slowly. At the rate of the display it would keep a third of a core
// busy as long as a countdown runs.
const TICK_MS = 50;

export function motionAllowed() {
  return !wish.matches;
}

/**
 * Plays keyframes on a node and returns the animation, or null when motion is not wanted.
 * @param {Element} node
 * @param {Keyframe[]} keyframes
 * @param {KeyframeAnimationOptions} options
 */
export function play(node, keyframes, options) {
  return motionAllowed() ? node.animate(keyframes, options) : null;
}

/**
 * Calls `tick` for the next frame, and then up to 20 times a second, until `isOn()` is false. While
 * the page is hidden it waits.
 * @param {() => boolean} isOn
 * @param {() => void} tick
 */
export function tickWhile(isOn, tick) {
  const next = () => {
    if (!isOn()) return;
    tick();
    setTimeout(() => requestAnimationFrame(next), TICK_MS);
  };
  requestAnimationFrame(next);
}

/**
 * Remembers where nodes stand; call the result after moving them, and they glide from there.
 * @param {HTMLElement[]} nodes
 */
export function rememberPlaces(nodes) {
  const before = new Map(nodes.map((node) => [node, node.getBoundingClientRect().top]));
  return () => glideFrom(before);
}

/** @type {WeakMap<HTMLElement, Animation>} */
const glides = new WeakMap();

/** @param {Map<HTMLElement, number>} before */
function glideFrom(before) {
  for (const node of before.keys()) glides.get(node)?.cancel();
  const moves = [...before]
    .filter(([node]) => node.isConnected)
    .map(([node, top]) => ({ node, distance: top - node.getBoundingClientRect().top }));
  for (const { node, distance } of moves) {
    if (Math.abs(distance) >= 1) glide(node, distance);
  }
}

/**
 * Slides a node that is in the page to where it belongs, from `distance` pixels below.
 * @param {HTMLElement} node
 * @param {number} distance
 */
export function glide(node, distance) {
  const sliding = play(node, [{ transform: `translateY(${distance}px)` }, { transform: "none" }], {
    duration: GLIDE_MS,
    easing: "cubic-bezier(.3, .8, .25, 1)",
  });
  if (sliding) glides.set(node, sliding);
}

/** @type {Map<Element, {from: number, to: number, format: Format, startedAt: number}>} */
const counting = new Map();
/** @type {WeakMap<Element, number>} */
const shown = new WeakMap();
let ticking = false;

/**
 * Counts the number shown in a node up (or down) to `value`; the first value appears at once.
 * @param {Element} node
 * @param {number} value
 * @param {Format} format
 */
export function countTo(node, value, format) {
  const from = shown.get(node);
  const target = counting.get(node)?.to ?? from;
  if (from === undefined || !motionAllowed()) counting.delete(node);
  else if (target !== value) return startCounting(node, from, value, format);
  if (!counting.has(node)) show(node, value, format);
}

/**
 * @param {Element} node
 * @param {number} from
 * @param {number} value
 * @param {Format} format
 */
function startCounting(node, from, value, format) {
  counting.set(node, { from, to: value, format, startedAt: performance.now() });
  if (!ticking) requestAnimationFrame(countOn);
  ticking = true;
}

/**
 * @param {Element} node
 * @param {number} value
 * @param {Format} format
 */
function show(node, value, format) {
  shown.set(node, value);
  const text = format(value);
  if (node.textContent !== text) node.textContent = text;
}

/** @param {number} now */
function countOn(now) {
  for (const [node, count] of counting) {
    const done = Math.min(1, Math.max(0, (now - count.startedAt) / COUNT_MS));
    const eased = 1 - (1 - done) ** 3;
    const between = count.from + (count.to - count.from) * eased;
    if (done === 1 || !node.isConnected) counting.delete(node);
    if (done === 1) show(node, count.to, count.format);
    else show(node, Number.isInteger(count.to) ? Math.round(between) : between, count.format);
  }
  ticking = counting.size > 0;
  if (ticking) requestAnimationFrame(countOn);
}
