// Logging in by pairing: shows a code and asks until somebody has approved it on a phone.

import { Refusal, send } from "./api.js";

const ASK_MS = 1500;

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

async function begin() {
  at("again").hidden = true;
  at("state").textContent = "正在取配对码…";
  try {
    const pairing = await send("POST", "/console/pairings");
    const code = pairing.pairing_code;
    at("code").textContent = `${code.slice(0, 3)} ${code.slice(3)}`;
    at("state").textContent = "等手机确认…";
    ask(pairing.secret);
  } catch (error) {
    fail(error);
  }
}

/** @param {string} secret */
async function ask(secret) {
  try {
    const { status } = await send("POST", `/console/pairings/${secret}`);
    if (status === "approved") {
      location.replace(document.body.dataset.back ?? "/host/");
      return;
    }
  } catch (error) {
    if (!(error instanceof Refusal) || (error.status !== 0 && error.status < 500)) {
      fail(error);
      return;
    }
  }
  setTimeout(() => ask(secret), ASK_MS);
}

/** @param {unknown} error */
function fail(error) {
  const isOver = error instanceof Refusal && error.status === 404;
  at("code").textContent = "······";
  at("state").textContent = isOver ? "这个配对码过期了。" : /** @type {Error} */ (error).message;
  at("again").hidden = false;
  at("again").focus();
}

at("again").addEventListener("click", begin);
begin();
