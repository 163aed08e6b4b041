// The forms of polls: rows of options, their order.

const EXCEL_CELLS = /\t.*$/;

document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  const form = button?.closest("form.poll-form");
  if (!button || !(form instanceof HTMLFormElement)) return;
  const { move, add, addMany } = button.dataset;
  if (move) moveEntry(form, button, move);
  else if (add !== undefined) addEntries(form, [""]);
  else if (addMany !== undefined) addPasted(form);
});

document.addEventListener("change", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.name === "method") showFor(field);
});

for (const field of document.querySelectorAll(".poll-form [name=method]"))
  showFor(/** @type {HTMLSelectElement} */ (field));

/** @param {HTMLElement} node */
const entryOf = (node) => /** @type {HTMLElement} */ (node.closest("[data-entry]"));

/** @param {HTMLElement} form */
const entriesOf = (form) => /** @type {HTMLElement} */ (form.querySelector("[data-entries]"));

/**
 * Shows the fields that belong to the chosen method, and sends no others.
 * @param {HTMLInputElement | HTMLSelectElement} field
 */
function showFor(field) {
  for (const part of field.form?.querySelectorAll("[data-shown-for]") ?? []) {
    const node = /** @type {HTMLElement} */ (part);
    const isShown = (node.dataset.shownFor ?? "").split(" ").includes(field.value);
    node.hidden = !isShown;
    for (const input of node.querySelectorAll("input")) input.disabled = !isShown;
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement} button
 * @param {string} way up, down or away
 */
function moveEntry(form, button, way) {
  const entry = entryOf(button);
  const beside = way === "up" ? entry.previousElementSibling : entry.nextElementSibling;
  if (way === "away") {
    const next = beside ?? entry.previousElementSibling;
    entry.remove();
    next?.querySelector("input")?.focus();
  } else if (beside) {
    if (way === "up") beside.before(entry);
    else beside.after(entry);
    button.focus();
  }
  number(form);
}

/**
 * Adds a row for each title; an empty row takes a title before a new one is made.
 * @param {HTMLFormElement} form
 * @param {string[]} titles
 */
function addEntries(form, titles) {
  const list = entriesOf(form);
  const template = /** @type {HTMLTemplateElement} */ (form.querySelector("template"));
  const empty = [...list.querySelectorAll("input[name$='.title']")].filter(
    (field) => !(/** @type {HTMLInputElement} */ (field).value.trim()),
  );
  let last = null;
  for (const title of titles) {
    last = title ? empty.shift() : null;
    if (!last) {
      list.append(template.content.cloneNode(true));
      last = list.lastElementChild?.querySelector("input[name$='.title']");
    }
    /** @type {HTMLInputElement} */ (last).value = title;
  }
  number(form);
  /** @type {HTMLInputElement | null} */ (last)?.focus();
}

/** @param {HTMLFormElement} form */
function addPasted(form) {
  const field = /** @type {HTMLTextAreaElement} */ (form.querySelector("#many"));
  const titles = field.value
    .split("\n")
    .map((line) => line.replace(EXCEL_CELLS, "").trim())
    .filter(Boolean);
  field.value = "";
  if (titles.length > 0) addEntries(form, titles);
}

/**
 * Numbers the rows anew: what they show, and the names of their fields.
 * @param {HTMLFormElement} form
 */
function number(form) {
  [...entriesOf(form).children].forEach((entry, at) => {
    for (const field of entry.querySelectorAll("[name]")) {
      const name = field.getAttribute("name") ?? "";
      field.setAttribute("name", name.replace(/^entries\.\d+/, `entries.${at}`));
    }
    const label = entry.querySelector("label.visually-hidden");
    const title = entry.querySelector("input[name$='.title']");
    title?.setAttribute("id", `entry-${at}`);
    label?.setAttribute("for", `entry-${at}`);
    if (label) label.textContent = `第 ${at + 1} 个选项`;
    const shown = entry.querySelector("[data-number]");
    if (shown) shown.textContent = String(at + 1);
  });
}

export {};
