/** The bars around the pages: status bar and WeChat's capsule. */
import { current, follow } from "./network.js";
import { showActionSheet } from "./overlay.js";
import { isFramed } from "./person.js";

const clock = document.getElementById("clock");
const signal = document.getElementById("signal");
const WORDS = { good: "5G", slow: "慢", drop: "丢包", off: "无网络", doubled: "重发" };

/** Draws the bars; the buttons of the capsule call `onBack` and `onLeave`. */
export function install({ onBack, onLeave }) {
  document.getElementById("phone").classList.toggle("framed", isFramed);
  tick();
  setInterval(tick, 10_000);
  paint(current());
  follow(paint);
  document.querySelector(".capsule-more").addEventListener("click", async () => {
    const chosen = await showActionSheet({
      itemList: ["回首页", "重新进入小程序", "切到后台 10 秒"],
    });
    if (chosen === 0) onBack();
    if (chosen === 1) location.reload();
    if (chosen === 2) onLeave();
  });
  document.querySelector(".capsule-close").addEventListener("click", () => onLeave());
}

function tick() {
  clock.textContent = new Date().toLocaleTimeString("zh-CN", {
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });
}

function paint(condition) {
  signal.textContent = WORDS[condition];
  signal.dataset.condition = condition;
}
