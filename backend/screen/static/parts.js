// Making pieces of the page. Words only ever become text: nothing here reads markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with classes and what it holds: words, nodes, or null for nothing.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {(Node | string | null)[]} inside
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, className, ...inside) {
  const node = document.createElement(tag);
  node.className = className;
  for (const part of inside) if (part !== null) node.append(part);
  return node;
}

/**
 * An element of an SVG picture with its attributes.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} attributes
 * @param {Node[]} inside
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function draw(tag, attributes, ...inside) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...inside);
  return node;
}

/**
 * @param {Element} node
 * @param {string} text
 */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * @param {HTMLElement | SVGElement} node
 * @param {string} name
 * @param {string} value
 */
export function mark(node, name, value) {
  if (node.dataset[name] !== value) node.dataset[name] = value;
}

/**
 * Gives a node the name by which tests find it.
 * @template {HTMLElement} T
 * @param {T} node
 * @param {string} testId
 * @returns {T}
 */
export function named(node, testId) {
  node.dataset.testid = testId;
  return node;
}

/**
 * 美多, who is drawn wherever a person would stand.
 * @param {string} className
 */
export function mascot(className) {
  const image = make("img", className);
  image.src = "/screen/static/mascot.svg";
  image.alt = "";
  return image;
}

/**
 * Returns the value of the first step that a number does not exceed, else `beyond`.
 * @template T
 * @param {number} number
 * @param {[number, T][]} steps Each a highest number and its value, the lowest first.
 * @param {T} beyond
 * @returns {T}
 */
export function stepOf(number, steps, beyond) {
  return (steps.find(([most]) => number <= most) ?? [0, beyond])[1];
}
