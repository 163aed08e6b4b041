/**
 * The user of this phone and how it was opened, read from the address of the page:
 * `?user=…` (the WeChat user), `path=pages/home/home`, `query=a=1&b=2`, `scene=1047`, `frame=1` (drawn
 * in a frame with a status bar; without it the phone fills the screen), `strict=1` (calls are checked
 * by the OpenAPI document).
 */
const asked = new URLSearchParams(location.search);

export const user = asked.get("user") || "guest-1";
export const isFramed = asked.has("frame");
export const isStrict = asked.has("strict");
export const launch = {
  path: asked.get("path") ?? "",
  query: Object.fromEntries(new URLSearchParams(asked.get("query") ?? "")),
  scene: Number(asked.get("scene")) || 1001,
};
