// The form of a new round shows the fields that belong to the chosen mode, and sends no others. While
// people shake, the lanes follow the stream.

import { make, write } from "/screen/static/parts.js";

/**
 * @typedef {{name: string, team?: string | null, count: number}} Lane
 * @typedef {{round_id: number, shakers: number, lanes: Lane[]}} Pulse The message `shake.pulse`.
 */

document.addEventListener("change", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  const form = field.form;
  if (field.name !== "mode" || !form?.classList.contains("shake-form")) return;
  for (const part of form.querySelectorAll("[data-shown-for]")) {
    const node = /** @type {HTMLElement} */ (part);
    const isHidden = node.dataset.shownFor !== field.value;
    node.hidden = isHidden;
    for (const input of node.querySelectorAll("input")) input.disabled = isHidden;
  }
});

document.body.addEventListener("told", (event) => {
  const { name, data } = /** @type {CustomEvent} */ (event).detail;
  if (name === "shake.pulse") showLanes(data);
});

/** @param {Pulse} pulse */
function showLanes(pulse) {
  const list = document.getElementById(`lanes-${pulse.round_id}`);
  const shakers = document.getElementById(`shakers-${pulse.round_id}`);
  if (!list || !shakers) return;
  write(shakers, String(pulse.shakers));
  list.replaceChildren(...pulse.lanes.map(laneOf));
}

/** @param {Lane} lane */
function laneOf({ name, team, count }) {
  const who = make("span", "quiet", team ?? "");
  return make("li", "", `${name} `, who, " ", make("strong", "number", String(count)));
}
