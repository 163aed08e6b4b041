// Fields for a picture (`data-picture-field`): what is chosen is uploaded to the event at once, is shown,
// and its id stands in the hidden field.

import { call, Refusal } from "./api.js";

const FIELD = "[data-picture-field]";

document.addEventListener("change", (event) => {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const field = input.closest(FIELD);
  if (field instanceof HTMLElement && input.type === "file") upload(field, input);
});

document.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-no-picture]");
  const field = button?.closest(FIELD);
  if (field instanceof HTMLElement) setPicture(field, null);
});

// After a form was sent and emptied, it has no picture any more.
document.addEventListener("done", (event) => {
  const form = /** @type {HTMLElement} */ (event.target);
  if (!(form instanceof HTMLFormElement) || form.dataset.keep !== undefined) return;
  for (const field of form.querySelectorAll(FIELD))
    setPicture(/** @type {HTMLElement} */ (field), null);
});

/**
 * @param {HTMLElement} field
 * @param {HTMLInputElement} input
 */
async function upload(field, input) {
  const file = input.files?.[0];
  if (!file) return;
  const wrong = /** @type {HTMLElement} */ (field.querySelector("[data-wrong]"));
  wrong.textContent = "正在上传…";
  const body = new FormData();
  body.append("file", file);
  try {
    const path = `/events/${document.body.dataset.event}/pictures`;
    setPicture(field, await call("POST", path, body));
    wrong.textContent = "";
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    wrong.textContent = error.message;
  }
  input.value = "";
}

/**
 * @param {HTMLElement} field
 * @param {{id: number, path: string} | null} picture
 */
function setPicture(field, picture) {
  const image = /** @type {HTMLImageElement} */ (field.querySelector("img"));
  const id = /** @type {HTMLInputElement} */ (field.querySelector("input[type=hidden]"));
  const away = /** @type {HTMLElement} */ (field.querySelector("[data-no-picture]"));
  id.value = picture ? String(picture.id) : "";
  away.hidden = image.hidden = !picture;
  if (picture) image.src = `/api/v1${picture.path}`;
  else image.removeAttribute("src");
}
