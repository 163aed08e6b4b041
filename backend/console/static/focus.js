// Keeps the place of somebody who uses the keyboard: when what has the focus is removed, its neighbour
// gets it, or what holds both.

const CONTROLS = "a, button, input, label, select, summary, textarea";

/**
 * An element and what it stands in, with their neighbours.
 * @typedef {{node: Element, neighbours: (Element | null)[]}[]} Trail
 */

/** Where the focus was last. @type {Trail} */
let trail = [];

/**
 * @param {Element} from
 * @returns {Trail}
 */
function trailOf(from) {
  const found = [];
  for (let node = /** @type {Element | null} */ (from); node; node = node.parentElement)
    found.push({ node, neighbours: [node.nextElementSibling, node.previousElementSibling] });
  return found;
}

/**
 * Focus what stood beside or around an element that is gone.
 * @param {Trail} of
 */
function focusNear(of) {
  const at = of.findIndex((one) => one.node.isConnected);
  if (at < 1) return;
  // A button is not focused: the space bar would press it.
  const place = [...of[at - 1].neighbours, of[at].node].find(
    (node) => node?.isConnected && !node.matches(CONTROLS),
  );
  if (!(place instanceof HTMLElement) || place === document.body) return;
  if (place.tabIndex < 0) place.setAttribute("tabindex", "-1");
  place.focus({ preventScroll: true });
}

/**
 * Return a function that gives the focus back to an element, or to its place if it is gone by then.
 * @param {HTMLElement} node
 */
export function wayBack(node) {
  const of = trailOf(node);
  return () => {
    if (node.isConnected) node.focus();
    else focusNear(of);
  };
}

document.addEventListener("focusin", (event) => {
  trail = trailOf(/** @type {Element} */ (event.target));
});

new MutationObserver(() => {
  if (document.activeElement === document.body) focusNear(trail);
}).observe(document.body, { childList: true, subtree: true });
