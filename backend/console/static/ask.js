// The dialog that asks before something is done. It is shown at once; its button can be pressed when
// what it shows is there and the words to type are typed. It is red after a red button, and where
// words have to be typed. In the end the focus is where it was.

/**
 * @typedef {{text: string, yes: string, preview?: string, typed?: string}} Question
 *   `preview` is the address of a fragment to show, `typed` are words to type
 */

import { wayBack } from "./focus.js";

/** @type {any} */
const { bootstrap } = window;

const DANGER = ".btn-danger, .btn-outline-danger";

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * Ask; returns whether the answer was yes.
 * @param {Question} question
 * @param {HTMLElement | null} from what was pressed
 * @returns {Promise<boolean>}
 */
export function ask(question, from) {
  const { text, yes: words, preview, typed } = question;
  const word = /** @type {HTMLInputElement} */ (at("ask-word"));
  const yes = /** @type {HTMLButtonElement} */ (at("ask-yes"));
  const active = document.activeElement;
  const opener = active instanceof HTMLElement && active !== document.body ? active : from;
  // What was pressed may be gone by the time the dialog is: its fragment was loaded again.
  const goBack = opener ? wayBack(opener) : () => {};
  at("ask-text").textContent = text;
  at("ask-preview").replaceChildren();
  at("ask-typed").hidden = !typed;
  at("ask-wanted").textContent = typed ?? "";
  word.value = "";
  yes.textContent = words;
  const isDanger = Boolean(typed) || from?.matches(DANGER);
  yes.className = `btn ${isDanger ? "btn-danger" : "btn-primary"}`;
  let isShown = !preview;
  const judge = () => {
    yes.disabled = !isShown || (Boolean(typed) && word.value.trim() !== typed);
  };
  judge();
  const dialog = bootstrap.Modal.getOrCreateInstance(at("ask"));
  return new Promise((resolve) => {
    const ended = new AbortController();
    const { signal } = ended;
    const end = (/** @type {boolean} */ is) => {
      ended.abort();
      wait(false);
      resolve(is);
      if (is) dialog.hide();
    };
    at("ask").addEventListener("hidden.bs.modal", goBack, { once: true });
    at("ask").addEventListener("hidden.bs.modal", () => end(false), { signal });
    at("ask").addEventListener("shown.bs.modal", () => typed && word.focus(), { signal });
    yes.addEventListener("click", () => end(true), { signal });
    // Bootstrap hears the key inside the dialog alone.
    document.addEventListener("keydown", (event) => event.key === "Escape" && dialog.hide(), {
      signal,
    });
    at("ask").addEventListener("keydown", (event) => event.key === "Tab" && goRound(event), {
      signal,
    });
    word.addEventListener("input", judge, { signal });
    word.addEventListener(
      "keydown",
      (event) => event.key === "Enter" && !yes.disabled && yes.click(),
      { signal },
    );
    dialog.show();
    if (!preview) return;
    show(preview, signal).then((is) => {
      if (signal.aborted) return;
      isShown = is;
      judge();
    });
  });
}

/** Go from the last control of the dialog to the first, and back. @param {KeyboardEvent} event */
function goRound(event) {
  const controls = at("ask").querySelectorAll("a[href], button, input, [tabindex='0']");
  const open = [...controls].filter(
    (node) => !node.matches(":disabled") && node.getClientRects().length > 0,
  );
  const [from, to] = event.shiftKey ? [open[0], open.at(-1)] : [open.at(-1), open[0]];
  if (document.activeElement !== from || !(to instanceof HTMLElement)) return;
  event.preventDefault();
  to.focus();
}

/** @param {boolean} is whether the preview is being computed */
function wait(is) {
  at("ask-preview").setAttribute("aria-busy", String(is));
  at("ask-wait").hidden = !is;
}

/**
 * Show a fragment in the dialog, unless the dialog ends before.
 * @param {string} address
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>} whether there is something to agree to
 */
async function show(address, signal) {
  wait(true);
  try {
    const response = await fetch(address, { headers: { "HX-Request": "true" }, signal });
    const fragment = await response.text();
    if (signal.aborted) return false;
    const elsewhere = response.headers.get("HX-Redirect");
    if (elsewhere) location.assign(elsewhere);
    else at("ask-preview").innerHTML = fragment;
    return response.ok && !elsewhere;
  } catch {
    if (!signal.aborted) at("ask-preview").textContent = "网络断了，没有查到。请关掉再试一次。";
    return false;
  } finally {
    if (!signal.aborted) wait(false);
  }
}
