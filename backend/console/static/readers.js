// The part of a post's form that says who may read it: counts the people, and adds people on duty and
// persons, who have no box of their own.

import { Refusal, send } from "./api.js";

/** How long nobody must have typed or chosen before the server is asked. */
const PAUSE_MS = 250;

const readers = /** @type {HTMLElement} */ (document.querySelector("[data-readers]"));
const form = /** @type {HTMLFormElement} */ (readers.closest("form"));
const groups = /** @type {HTMLFieldSetElement} */ (part(readers, ".readers__groups"));
const some = /** @type {HTMLInputElement} */ (part(readers, "input[type=radio][value='']"));
const chips = part(groups, ".readers__chips");

/**
 * @param {ParentNode} within
 * @param {string} selector
 */
function part(within, selector) {
  return /** @type {HTMLElement} */ (within.querySelector(selector));
}

/** The groups that are chosen now. */
function chosen() {
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (
    readers.querySelectorAll("input[name=audience]:not(:disabled)")
  );
  return [...fields]
    .filter((field) => field.type === "hidden" || field.checked)
    .map((field) => field.value)
    .filter(Boolean);
}

/** Open the groups where they are needed, and count the people. */
function refresh() {
  groups.hidden = groups.disabled = !some.checked;
  const audience = chosen();
  some.setCustomValidity(audience.length ? "" : "请至少选一项。");
  if (audience.length) count(audience);
  else show(0, false);
}

let asked = 0;

/** @param {string[]} audience */
async function count(audience) {
  asked += 1;
  const number = asked;
  await new Promise((wait) => setTimeout(wait, PAUSE_MS));
  if (number !== asked) return;
  const found = await answered(audience);
  if (found && number === asked) show(found.people, found.guests);
}

/**
 * @param {number} people
 * @param {boolean} guests
 */
function show(people, guests) {
  part(readers, "[data-count]").textContent = String(people);
  part(readers, "[data-guests]").hidden = !guests;
}

/**
 * What the server says of an audience, null where it was not reached.
 * @param {string[]} audience
 */
async function answered(audience) {
  try {
    return await send("POST", "/posts/audience", { audience });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    part(readers, "[data-count]").textContent = "–";
    return null;
  }
}

/**
 * Add a group that has no box, unless it is there.
 * @param {string} group
 * @param {string} words
 */
function add(group, words) {
  if (chosen().includes(group)) return;
  const { content } = /** @type {HTMLTemplateElement} */ (part(groups, "template"));
  const chip = /** @type {DocumentFragment} */ (content.cloneNode(true));
  /** @type {HTMLInputElement} */ (part(chip, "input")).value = group;
  part(chip, "span").textContent = words;
  part(chip, "[data-drop]").setAttribute("aria-label", `去掉${words}`);
  chips.append(chip);
  refresh();
}

/** Add the people who are on duty on the days that are typed; the server says how they are called. */
async function addDuty() {
  const duty = part(groups, "[data-duty]");
  const first = /** @type {HTMLInputElement} */ (part(duty, "[data-first]"));
  const last = /** @type {HTMLInputElement} */ (part(duty, "[data-last]"));
  const shift = /** @type {HTMLSelectElement} */ (part(duty, "[data-shift]")).value;
  const problem = part(duty, "[data-problem]");
  problem.textContent = first.value ? "" : "请选从哪天开始。";
  if (!first.value) return;
  const until = last.value && last.value !== first.value ? `..${last.value}` : "";
  const group = `duty:${first.value}${until}${shift && `:${shift}`}`;
  const found = await answered([group]);
  if (found) for (const one of found.groups) add(one.group, one.words);
  else problem.textContent = "最后一天要在第一天以后，最多 31 天。";
}

/**
 * Choose a person who was found.
 * @param {HTMLElement} button
 */
function choose(button) {
  const place = /** @type {HTMLElement} */ (button.closest("[data-people]"));
  const { group = "", words = "" } = button.dataset;
  if (place.dataset.people === "audience") add(group, words);
  else {
    const select = /** @type {HTMLSelectElement} */ (part(place, "select"));
    select.add(new Option(words, group, false, true), 1);
  }
  const finder = /** @type {HTMLInputElement} */ (part(place, "[data-finder]"));
  finder.value = "";
  part(place, ".readers__found").replaceChildren();
  finder.focus();
}

/** @type {WeakMap<HTMLElement, number>} */
const typing = new WeakMap();

/** @param {HTMLInputElement} finder */
function find(finder) {
  const place = part(/** @type {HTMLElement} */ (finder.closest("[data-people]")), "ul");
  clearTimeout(typing.get(finder));
  const search = async () => {
    const words = finder.value;
    const response = await fetch(`/host/posts/people?words=${encodeURIComponent(words)}`);
    if (response.ok && finder.value === words) place.innerHTML = await response.text();
  };
  typing.set(finder, setTimeout(search, PAUSE_MS));
}

form.addEventListener("input", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.dataset.finder !== undefined) find(field);
});

form.addEventListener("change", (event) => {
  if (/** @type {HTMLInputElement} */ (event.target).name === "audience") refresh();
});

form.addEventListener("keydown", (event) => {
  const field = /** @type {HTMLElement} */ (event.target);
  if (event.key === "Enter" && field.dataset.finder !== undefined) event.preventDefault();
});

form.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  if (button?.dataset.group !== undefined) choose(button);
  if (button?.dataset.add !== undefined) addDuty();
  if (button?.dataset.drop !== undefined) {
    button.closest("li")?.remove();
    refresh();
  }
});
