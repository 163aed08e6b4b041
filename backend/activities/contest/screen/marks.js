// The marks of options: told apart by form and letter, not by colour alone.

import { draw } from "/screen/static/parts.js";

const STAR =
  "M50 2 L63 24 L88 16 L84 42 L99 62 L76 72 L72 97 L50 84 L28 97 L24 72 L1 62 L16 42 L12 16 L37 24 Z";
// On a square of 100; each is filled with the colour of its option.
/** @type {Record<string, [keyof SVGElementTagNameMap, Record<string, string | number>]>} */
const FORMS = {
  A: ["circle", { cx: 50, cy: 50, r: 46 }],
  B: ["rect", { x: 8, y: 8, width: 84, height: 84, rx: 12 }],
  C: ["path", { d: "M50 3 L97 90 Q98 94 93 94 L7 94 Q2 94 3 90 Z" }],
  D: ["path", { d: "M50 1 L99 50 L50 99 L1 50 Z" }],
  E: ["path", { d: "M27 6 L73 6 L98 50 L73 94 L27 94 L2 50 Z" }],
  F: ["path", { d: STAR }],
  T: ["circle", { cx: 50, cy: 50, r: 46 }],
  W: ["rect", { x: 8, y: 8, width: 84, height: 84, rx: 12 }],
};
// Where the letter sits: a triangle is heavier below.
/** @type {Record<string, number>} */
const LETTER_Y = { C: 84 };
const TICK = "M26 52 L44 70 L76 32";
const CROSS = "M30 30 L70 70 M70 30 L30 70";

/**
 * The mark of an option: its form with its letter, or a tick and a cross for right and wrong.
 * @param {string} key
 * @param {string} kind
 */
export function badge(key, kind) {
  const form = kind === "truefalse" && key === "F" ? "W" : key;
  const [tag, shape] = FORMS[form] ?? FORMS.A;
  const drawing = draw("svg", { viewBox: "0 0 100 100", "aria-hidden": "true" });
  drawing.append(draw(tag, { ...shape, class: "badge-form" }));
  drawing.append(kind === "truefalse" ? line(key === "T" ? TICK : CROSS) : letter(key));
  return drawing;
}

/** @param {string} path */
function line(path) {
  return draw("path", { d: path, class: "badge-line" });
}

/** @param {string} key */
function letter(key) {
  const node = draw("text", { x: 50, y: LETTER_Y[key] ?? 69, class: "badge-letter" });
  node.textContent = key;
  return node;
}

/**
 * A tick in a circle, for what is right.
 * @param {string} className
 */
export function tick(className) {
  return draw(
    "svg",
    { viewBox: "0 0 100 100", class: className, "aria-hidden": "true" },
    draw("circle", { cx: 50, cy: 50, r: 48 }),
    draw("path", { d: TICK }),
  );
}
