/**
 * Shaking a phone that fills the screen: by its own motion sensor, which browsers give to pages over
 * HTTPS (or from this machine) only, or by a button. Shown while the mini program reads the sensor.
 */
import { make } from "./make.js";
import { sensor, shake, useMotion } from "./wx/device.js";

const STEP_MS = 200;
const WORDS = {
  ask: "按一下，允许用手机的动作；或者按住按钮代替摇。",
  felt: "",
  refused: "没有得到动作感应：请按住按钮代替摇。",
  insecure: "这个地址不是 HTTPS，浏览器不给动作感应：请按住按钮代替摇。",
};

/** Puts the buttons below the page. */
export function install() {
  const note = make("p", { role: "status" });
  const motion = make("button", { type: "button", onclick: allow }, "用手机的动作");
  const hold = make("button", { type: "button", class: "shaker-hold" }, "按住代替摇");
  const node = make("div", { class: "shaker", hidden: true }, note, motion, hold);
  let holding = 0;

  const say = (state) => {
    note.textContent = WORDS[state];
    motion.hidden = state !== "ask";
    hold.hidden = state === "felt";
  };
  async function allow() {
    say((await useMotion()) ? "felt" : "refused");
  }
  const release = () => clearInterval(holding);
  const press = () => {
    release();
    shake(STEP_MS);
    holding = setInterval(() => shake(STEP_MS), STEP_MS);
  };
  hold.addEventListener("pointerdown", press);
  hold.addEventListener("keydown", ({ key, repeat }) => {
    if (!repeat && (key === " " || key === "Enter")) press();
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave", "keyup", "blur"])
    hold.addEventListener(name, release);
  hold.addEventListener("contextmenu", (event) => event.preventDefault());

  say(isSecureContext && "DeviceMotionEvent" in window ? "ask" : "insecure");
  sensor.on(({ isOn }) => {
    node.hidden = !isOn;
    if (!isOn) release();
  });
  document.getElementById("phone").append(node);
}
