// The part of a post's form that chooses the questions of its lesson: finds them in the banks, and adds
// them by a press or by their names. Without it, the form has a field for the names alone.

/** How long to wait after the last letter or choice before the server is asked. */
const PAUSE_MS = 250;

const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-questions]"));

/** @param {HTMLElement} place */
function begin(place) {
  const most = Number(place.dataset.most);
  const chosen = part("ol");
  const found = part(".questions__found");
  const problem = part("[data-problem]");
  const words = /** @type {HTMLInputElement} */ (part("[data-words]"));
  const within = /** @type {HTMLSelectElement} */ (part("[data-in]"));
  const names = /** @type {HTMLTextAreaElement} */ (part("[data-names]"));
  let asked = 0;
  let adding = Promise.resolve(true);

  /** @param {string} selector */
  function part(selector) {
    return /** @type {HTMLElement} */ (place.querySelector(selector));
  }

  const rows = () => /** @type {HTMLElement[]} */ ([...chosen.children]);
  const has = (/** @type {string} */ name) => rows().some((row) => row.dataset.question === name);

  /** Show what is chosen: the first cannot be raised, and what was chosen cannot be picked again. */
  function refresh() {
    part(".questions__none").hidden = rows().length > 0;
    rows().forEach((row, at) => {
      /** @type {HTMLButtonElement} */ (row.querySelector("[data-raise]")).disabled = at === 0;
    });
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (
      found.querySelectorAll("[data-pick]")
    ))
      button.setAttribute("aria-pressed", String(has(button.dataset.pick ?? "")));
  }

  /** Look for questions; without words in a topic, all of it. */
  async function find() {
    asked += 1;
    const number = asked;
    await new Promise((wait) => setTimeout(wait, PAUSE_MS));
    if (number !== asked) return;
    const query = new URLSearchParams({ words: words.value, in: within.value });
    const shown = words.value.trim() || within.value ? await fragment(`?${query}`) : "";
    if (number !== asked || shown === null) return;
    const focused = found.contains(document.activeElement) ? document.activeElement : null;
    const name = /** @type {HTMLElement | null} */ (focused)?.dataset.pick;
    found.innerHTML = shown;
    refresh();
    // The button that had the focus has it again in the new list.
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (
      found.querySelectorAll("[data-pick]")
    ))
      if (button.dataset.pick === name) button.focus();
  }

  /**
   * A fragment of the server; null where it was not reached, which is said.
   * @param {string} path
   */
  async function fragment(path) {
    const response = await fetch(`/host/posts/questions${path}`).catch(() => null);
    if (response?.ok) return response.text();
    problem.textContent = "没有取到题目，请再试一次。";
    return null;
  }

  /**
   * Add questions by their names, those that are right; says what is wrong. Resolves to whether all
   * were. Who presses fast gets the questions in the order of the presses.
   * @param {string[]} wanted
   */
  function add(wanted) {
    adding = adding.then(() => addNow(wanted));
    return adding;
  }

  /** @param {string[]} wanted */
  async function addNow(wanted) {
    problem.textContent = "";
    const query = new URLSearchParams(wanted.map((name) => ["name", name]));
    const shown = await fragment(`/named?${query}`);
    if (shown === null) return false;
    const { content } = Object.assign(document.createElement("template"), { innerHTML: shown });
    const problems = [...content.querySelectorAll("p")].map((one) => one.textContent ?? "");
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (content.querySelectorAll("li"))) {
      if (has(row.dataset.question ?? "")) continue;
      if (rows().length < most) chosen.append(row);
      else problems.push(`最多 ${most} 道题，后面的没有加上。`);
    }
    problem.textContent = [...new Set(problems)].join("\n");
    refresh();
    return problems.length === 0;
  }

  async function addNames() {
    const wanted = names.value
      .split(/[\n,，、]/)
      .map((name) => name.trim())
      .filter(Boolean);
    if (wanted.length > 0 && (await add(wanted))) names.value = "";
  }

  /**
   * Take a question away, or put it before the one above; the keyboard stays in the list.
   * @param {HTMLElement} row
   * @param {boolean} isRaised
   */
  function move(row, isRaised) {
    const near = row.nextElementSibling ?? row.previousElementSibling;
    if (isRaised) row.previousElementSibling?.before(row);
    else row.remove();
    refresh();
    const target = isRaised ? row : near;
    const button = target?.querySelector(isRaised ? "[data-raise]:enabled" : "[data-take-away]");
    /** @type {HTMLElement} */ (button ?? target?.querySelector("button:enabled") ?? words).focus();
  }

  place.addEventListener("input", (event) => {
    if (event.target === words || event.target === within) find();
  });

  place.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === words) event.preventDefault();
  });

  place.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    const row = /** @type {HTMLElement | null} */ (button?.closest("[data-question]"));
    const name = button?.dataset.pick ?? "";
    if (row) move(row, button?.dataset.raise !== undefined);
    else if (name && has(name))
      rows()
        .find((one) => one.dataset.question === name)
        ?.remove();
    else if (name) add([name]);
    else if (button?.dataset.addNames !== undefined) addNames();
    refresh();
  });

  refresh();
}

if (place) begin(place);

export {};
