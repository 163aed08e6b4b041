// The page of the agenda: steps are moved by drag or by buttons, and sent all at once. Where somebody
// else was faster, the newest agenda is shown above what was typed here.

/** @type {any} */
const { Sortable } = window;
/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const list = at("agenda-steps");
const save = at("save-agenda");

/** @param {Element} row */
function stepOf(row) {
  /** @type {Record<string, any>} */
  const step = {};
  const { id } = /** @type {HTMLElement} */ (row).dataset;
  if (id) step.id = Number(id);
  for (const field of row.querySelectorAll("[data-field]")) {
    const { value, dataset } = /** @type {HTMLInputElement} */ (field);
    const name = dataset.field ?? "";
    const isNumber = name === "activity_id" || name === "minutes";
    step[name] = isNumber ? (value ? Number(value) : null) : value.trim();
  }
  return step;
}

/** The save button sends the present state of the page. */
function note() {
  const body = JSON.parse(save.dataset.body ?? "{}");
  body.steps = [...list.children].map(stepOf);
  save.dataset.body = JSON.stringify(body);
  at("agenda-empty").hidden = list.children.length > 0;
}

list.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-move]");
  const row = button?.closest("li");
  if (!(button instanceof HTMLElement) || !row) return;
  if (button.dataset.move === "up") row.previousElementSibling?.before(row);
  else if (button.dataset.move === "down") row.nextElementSibling?.after(row);
  else row.remove();
  if (row.isConnected) button.focus();
  note();
});
list.addEventListener("input", note);
list.addEventListener("change", note);

at("add-step").addEventListener("click", () => {
  const template = /** @type {HTMLTemplateElement} */ (at("new-step"));
  list.append(template.content.cloneNode(true));
  /** @type {HTMLElement | null} */ (list.lastElementChild?.querySelector("input"))?.focus();
  note();
});

save.addEventListener("refused", (event) => {
  const { slug } = /** @type {CustomEvent} */ (event).detail;
  if (slug === "agenda_changed") showNewest();
});

/** Show the newest agenda; the state of this page now counts as a change of that one. */
async function showNewest() {
  const response = await fetch(location.pathname, { headers: { "HX-Request": "true" } });
  const place = at("agenda-newest");
  place.innerHTML = await response.text();
  const version = place.querySelector("[data-version]")?.getAttribute("data-version");
  if (!version) return;
  const body = JSON.parse(save.dataset.body ?? "{}");
  save.dataset.body = JSON.stringify({ ...body, version: Number(version) });
  keepKnown();
  note();
  place.scrollIntoView({ block: "nearest" });
}

/** What somebody else has removed is new if it is saved again; what is here needs no 加进来. */
function keepKnown() {
  const rows = /** @type {HTMLElement[]} */ ([...list.children]);
  const here = new Set(rows.map((row) => row.dataset.id));
  const known = new Set();
  for (const step of at("agenda-newest").querySelectorAll("[data-step]")) {
    const { step: id } = /** @type {HTMLElement} */ (step).dataset;
    known.add(id);
    const take = step.querySelector("[data-take]");
    if (take instanceof HTMLElement) take.hidden = here.has(id);
  }
  for (const row of rows) if (!known.has(row.dataset.id)) delete row.dataset.id;
}

at("agenda-newest").addEventListener("click", (event) => {
  const take = /** @type {Element} */ (event.target).closest("[data-take]");
  const template = take?.parentElement?.querySelector("template");
  if (!template) return;
  list.append(template.content.cloneNode(true));
  keepKnown();
  note();
});

Sortable.create(list, { handle: ".step-row__handle", animation: 150, onEnd: note });
note();

export {};
