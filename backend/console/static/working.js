// Says that something takes time: at once on what was pressed, and after a moment for the whole page.

const LATE_MS = 400;

/** @type {Set<symbol>} */
const pending = new Set();

/**
 * Wait for something with its nodes marked as busy. They keep the focus, which `disabled` would take.
 * @template T
 * @param {Iterable<HTMLElement>} nodes
 * @param {string} words
 * @param {Promise<T>} task
 * @returns {Promise<T>}
 */
export async function working(nodes, words, task) {
  const one = Symbol(words);
  const late = setTimeout(() => {
    pending.add(one);
    say(words);
  }, LATE_MS);
  for (const node of nodes) mark(node, true);
  try {
    return await task;
  } finally {
    clearTimeout(late);
    pending.delete(one);
    if (pending.size === 0) say("");
    for (const node of nodes) mark(node, false);
  }
}

/**
 * @param {HTMLElement} node
 * @param {boolean} isBusy
 */
function mark(node, isBusy) {
  for (const name of ["aria-busy", "aria-disabled"]) {
    if (isBusy) node.setAttribute(name, "true");
    else node.removeAttribute(name);
  }
}

/** @param {string} words */
function say(words) {
  const place = /** @type {HTMLElement} */ (document.getElementById("working"));
  place.textContent = words;
}
