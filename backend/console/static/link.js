// Logging in by a link that the shell printed: a button uses the link.

import { send } from "./api.js";

const button = /** @type {HTMLButtonElement} */ (document.getElementById("enter"));

button.addEventListener("click", async () => {
  button.disabled = true;
  try {
    await send("POST", "/console/links", { secret: document.body.dataset.secret });
    location.replace("/host/");
  } catch (error) {
    const words = /** @type {Error} */ (error).message;
    /** @type {HTMLElement} */ (document.getElementById("state")).textContent = words;
    button.disabled = false;
  }
});
