// The run page: the space bar presses the next step, and a button that has just got another meaning
// does not take the press that was meant for the one before.

const SETTLES_MS = 700;
const TYPED = "input, textarea, select, button, a, summary, [contenteditable], [role='dialog']";

let step = nextStep();
let settled = 0;

/** @returns {HTMLButtonElement | null} */
function next() {
  return document.querySelector(".btn-next");
}

/** @returns {string} */
function nextStep() {
  return next()?.dataset.step ?? "";
}

new MutationObserver(() => {
  if (nextStep() === step) return;
  step = nextStep();
  document.body.toggleAttribute("data-settling", true);
  clearTimeout(settled);
  settled = setTimeout(() => document.body.toggleAttribute("data-settling", false), SETTLES_MS);
}).observe(document.body, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ["data-step"],
});

document.addEventListener(
  "click",
  (event) => {
    const isNext = /** @type {Element} */ (event.target).closest(".btn-next") !== null;
    if (!isNext || !document.body.hasAttribute("data-settling")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.code !== "Space" || event.repeat || event.ctrlKey || event.altKey || event.metaKey)
    return;
  if (/** @type {Element} */ (event.target).closest(TYPED)) return;
  if (document.querySelector(".modal.show")) return;
  event.preventDefault();
  next()?.click();
});

export {};
