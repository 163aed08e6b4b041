// The page on which an event is built: rows of lists, moments in local time, the preview of points,
// and a warning when another host has changed the event. When the page loads again, a form with
// changes that are not saved yet stays as it is (`hx-morph-skip`).

import { bodyOf } from "./act.js";
import { Refusal, send } from "./api.js";

const PREVIEW_MS = 300;

/** @param {ParentNode} node */
function showMoments(node) {
  for (const field of node.querySelectorAll("input[data-moment]")) {
    if (!(field instanceof HTMLInputElement) || field.value) continue;
    const at = new Date(field.dataset.moment ?? "");
    field.value = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
      .toISOString()
      .slice(0, 16);
  }
}

/** @param {HTMLElement} rows */
function number(rows) {
  const name = rows.dataset.rows ?? "";
  const found = rows.querySelectorAll(":scope > ol > [data-row]");
  for (const [place, row] of [...found].entries()) {
    for (const field of row.querySelectorAll("[name]")) {
      const rest = (field.getAttribute("name") ?? "").slice(name.length + 1);
      field.setAttribute("name", `${name}.${place}${rest.slice(rest.indexOf("."))}`);
    }
  }
  const count = rows.querySelector("[data-count]");
  if (count) count.textContent = String(found.length);
  const add = rows.querySelector(":scope > [data-add-row]");
  if (add instanceof HTMLButtonElement)
    add.disabled = found.length >= Number(add.dataset.most ?? "1000");
}

/** @param {HTMLElement} rows */
function addRow(rows) {
  const template = /** @type {HTMLTemplateElement} */ (rows.querySelector(":scope > template"));
  const row = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const key = row.querySelector('[data-hidden="key"]');
  // A key that no other row has; people never see it.
  if (key instanceof HTMLInputElement)
    key.value = `row-${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`;
  const list = rows.querySelector(":scope > ol");
  list?.append(row);
  number(rows);
  const first = list?.lastElementChild?.querySelector("input:not([type=hidden]), select");
  if (first instanceof HTMLElement) first.focus();
}

document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest(
    "[data-add-row], [data-remove-row]",
  );
  const rows = button?.closest("[data-rows]");
  if (!button || !(rows instanceof HTMLElement)) return;
  const form = button.closest("form");
  if (button.hasAttribute("data-add-row")) addRow(rows);
  else {
    button.closest("[data-row]")?.remove();
    number(rows);
    const add = rows.querySelector(":scope > [data-add-row]");
    if (add instanceof HTMLElement) add.focus();
  }
  if (form) edited(form);
});

document.addEventListener("input", (event) => {
  const form = /** @type {HTMLElement} */ (event.target).closest("#build form");
  if (form instanceof HTMLFormElement) edited(form);
});

/** @param {HTMLFormElement} form */
function edited(form) {
  form.toggleAttribute("hx-morph-skip", true);
  if (form.dataset.kind) previewSoon(form);
}

/** @type {WeakMap<HTMLFormElement, number>} */
const waiting = new WeakMap();

/** @param {HTMLFormElement} form */
function previewSoon(form) {
  clearTimeout(waiting.get(form));
  waiting.set(
    form,
    setTimeout(() => preview(form), PREVIEW_MS),
  );
}

/**
 * Ask what typical players would earn with the settings in the form.
 * @param {HTMLFormElement} form
 */
async function preview(form) {
  const place = form.querySelector("[data-earnings]");
  if (!place) return;
  const problem = /** @type {HTMLElement} */ (place.querySelector("[data-problem]"));
  const { settings } = bodyOf(form, null);
  try {
    const path = `/activity-kinds/${form.dataset.kind}/preview`;
    const found = await send("POST", path, { settings });
    place.querySelector("ul")?.replaceChildren(...found.earnings.map(line));
    problem.textContent = found.lacks.join("");
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const fields = Object.entries(error.fields);
    problem.textContent = fields.length
      ? fields.map(([name, words]) => `${labelOf(form, name)}：${words.join("")}`).join("；")
      : error.message;
  }
}

/** @param {{ sentence: string, points: number }} earning */
function line(earning) {
  const item = document.createElement("li");
  const words = document.createElement("span");
  words.textContent = earning.sentence;
  const points = document.createElement("strong");
  points.className = "number";
  points.textContent = `${earning.points} 分`;
  item.append(words, " ", points);
  return item;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function labelOf(form, name) {
  const field = form.querySelector(`[name="${CSS.escape(name)}"]`);
  const label = field?.closest("label, fieldset, details")?.querySelector("span, legend, summary");
  return label?.firstChild?.textContent?.trim() ?? name;
}

// Each form and button of the page can be used before the page has loaded again.
document.body.addEventListener("done", (event) => {
  /** @type {HTMLElement} */ (event.target).removeAttribute("hx-morph-skip");
  const { version } = /** @type {CustomEvent} */ (event).detail ?? {};
  const shown = document.getElementById("build");
  if (!shown || version === undefined) return;
  shown.dataset.version = String(version);
  for (const field of shown.querySelectorAll("input[name=version]"))
    if (field instanceof HTMLInputElement) field.value = String(version);
  for (const button of shown.querySelectorAll("button[data-body]")) {
    if (!(button instanceof HTMLElement)) continue;
    const body = JSON.parse(button.dataset.body ?? "{}");
    button.dataset.body = JSON.stringify({ ...body, version });
  }
});

// Another host's change is only announced: loading it would mix it with the input on this page.
document.body.addEventListener("changed", async () => {
  const event = document.body.dataset.event;
  const setup = await send("GET", `/events/${event}/setup`).catch(() => null);
  const shown = document.getElementById("build");
  const newer = shown?.querySelector("[data-newer]");
  if (setup && newer instanceof HTMLElement)
    newer.hidden = Number(shown?.dataset.version) >= setup.version;
});

document.body.addEventListener("htmx:after:swap", () => showMoments(document));
showMoments(document);
