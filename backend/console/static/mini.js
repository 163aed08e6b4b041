// The big screen in small on the run page: its page in a frame, which is there while somebody can see it,
// because a page that nobody sees would keep a stream open. On a phone it is closed at first.

const WIDE = "(min-width: 901px)";
const PAGE_WIDTH = 1280;

const mini = /** @type {HTMLDetailsElement} */ (document.getElementById("mini"));
const frame = /** @type {HTMLElement} */ (mini.querySelector(".mini__frame"));

function follow() {
  const isSeen = mini.open && document.visibilityState === "visible";
  if (!isSeen) frame.replaceChildren();
  else if (!frame.firstChild) frame.append(page());
}

function page() {
  const made = document.createElement("iframe");
  made.className = "mini__page";
  made.title = "大屏的缩小画面";
  made.inert = true;
  made.src = frame.dataset.page ?? "";
  return made;
}

new ResizeObserver(() => {
  frame.style.setProperty("--scale", String(frame.clientWidth / PAGE_WIDTH));
}).observe(frame);

mini.addEventListener("toggle", follow);
document.addEventListener("visibilitychange", follow);
mini.open = matchMedia(WIDE).matches;
follow();

export {};
