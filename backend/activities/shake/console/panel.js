// The form of a new round shows the fields that belong to the chosen mode, and sends no others.

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

export {};
