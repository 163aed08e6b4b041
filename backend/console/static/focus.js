// Keeps the place of somebody who uses the keyboard: when what has the focus is removed, its neighbour
// gets it, or what holds both.

const CONTROLS = "a, button, input, label, select, summary, textarea";

/** The element that had the focus last, and what it stands in, with their neighbours.
 * @type {{node: Element, neighbours: (Element | null)[]}[]} */
let trail = [];

document.addEventListener("focusin", (event) => {
  trail = [];
  let node = /** @type {Element | null} */ (event.target);
  for (; node; node = node.parentElement)
    trail.push({ node, neighbours: [node.nextElementSibling, node.previousElementSibling] });
});

new MutationObserver(() => {
  if (document.activeElement !== document.body || trail.length === 0) return;
  const at = trail.findIndex((one) => one.node.isConnected);
  if (at < 1) return;
  // A button is not focused: the space bar would press it.
  const place = [...trail[at - 1].neighbours, trail[at].node].find(
    (node) => node?.isConnected && !node.matches(CONTROLS),
  );
  if (!(place instanceof HTMLElement) || place === document.body) return;
  if (place.tabIndex < 0) place.setAttribute("tabindex", "-1");
  place.focus({ preventScroll: true });
}).observe(document.body, { childList: true, subtree: true });

export {};
