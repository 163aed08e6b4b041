// Making pieces of the page. Words only ever become text: nothing here reads markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element with classes and what it holds: words, nodes, or null for nothing. */
export function make(tag, className, ...inside) {
  const node = document.createElement(tag);
  node.className = className;
  node.append(...inside.filter((part) => part !== null));
  return node;
}

/** An element of a drawing with its attributes. */
export function draw(tag, attributes, ...inside) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...inside);
  return node;
}

export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function mark(node, name, value) {
  if (node.dataset[name] !== value) node.dataset[name] = value;
}

/** Gives a node the name by which tests find it. */
export function named(node, testId) {
  node.dataset.testid = testId;
  return node;
}

/** 美多, who is drawn wherever a person would stand. */
export function mascot(className) {
  const image = make("img", className);
  image.src = "/screen/static/mascot.svg";
  image.alt = "";
  return image;
}
