// A part of a page that loads itself again may be asked for with other words or another page
// meanwhile. Its own answer, which comes late, is then dropped, and it is loaded again as it is now.

/** @param {string} address */
function whole(address) {
  const { pathname, search } = new URL(address, location.href);
  return pathname + search;
}

document.addEventListener("htmx:before:response", (event) => {
  const { sourceElement, target, request } = /** @type {CustomEvent} */ (event).detail.ctx;
  if (sourceElement !== target || request.method !== "GET") return;
  const now = sourceElement.getAttribute("hx-get");
  if (!now || whole(now) === whole(request.action)) return;
  event.preventDefault();
  document.body.dispatchEvent(new CustomEvent("changed"));
});

export {};
