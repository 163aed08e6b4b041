// Forms that are answered with a file: `data-fetch` names the operation, `data-file` the file's name.

import { bodyOf, toast } from "./act.js";
import { Refusal } from "./api.js";

/** @type {any} */
const { bootstrap } = window;

document.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.dataset.fetch) return;
  event.preventDefault();
  const button = form.querySelector("button");
  if (!button || button.disabled || !(await agreed(button.dataset.ask ?? ""))) return;
  button.disabled = true;
  try {
    save(await fetched(form), form.dataset.file ?? "");
    toast(form.dataset.say ?? "");
    form.reset();
    document.body.dispatchEvent(new CustomEvent("changed"));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    toast([error.message, ...Object.values(error.fields).flat()].join("\n"), true);
  } finally {
    button.disabled = false;
  }
});

/** @param {HTMLFormElement} form */
async function fetched(form) {
  const [method, path] = (form.dataset.fetch ?? "").split(" ");
  const token = document.querySelector('meta[name="linka-console"]')?.getAttribute("content");
  const response = await fetch(`/api/v1${path}`, {
    method,
    body: JSON.stringify(bodyOf(form, null)),
    headers: { "Content-Type": "application/json", "Linka-Console": token ?? "" },
  }).catch(() => null);
  if (response === null) throw new Refusal(0, { message: "网络断了，请再试一次。" });
  if (!response.ok) throw new Refusal(response.status, await response.json().catch(() => ({})));
  return response.blob();
}

/**
 * @param {Blob} data
 * @param {string} name
 */
function save(data, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(data);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * @param {string} question
 * @returns {Promise<boolean>}
 */
function agreed(question) {
  if (!question) return Promise.resolve(true);
  const ask = /** @type {HTMLElement} */ (document.getElementById("ask"));
  const yes = /** @type {HTMLButtonElement} */ (document.getElementById("ask-yes"));
  for (const [id, words] of Object.entries({ "ask-text": question, "ask-yes": "生成" })) {
    const node = document.getElementById(id);
    if (node) node.textContent = words;
  }
  for (const id of ["ask-typed", "ask-preview"]) {
    const node = document.getElementById(id);
    if (node && id === "ask-typed") node.hidden = true;
    else node?.replaceChildren();
  }
  yes.disabled = false;
  const dialog = bootstrap.Modal.getOrCreateInstance(ask);
  return new Promise((resolve) => {
    const ended = new AbortController();
    const end = (/** @type {boolean} */ is) => {
      ended.abort();
      resolve(is);
      if (is) dialog.hide();
    };
    yes.addEventListener("click", () => end(true), { signal: ended.signal });
    ask.addEventListener("hidden.bs.modal", () => end(false), { signal: ended.signal });
    dialog.show();
  });
}
