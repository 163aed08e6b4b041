// What fits: how many rows a board has room for, how large their letters are, how large a code is.

/**
 * Makes the letters of a one-line node smaller where its words are wider than its place.
 * @param {HTMLElement} node
 */
export function shrinkToFit(node) {
  node.style.fontSize = "";
  const part = node.clientWidth / node.scrollWidth;
  if (part >= 1) return;
  const size = parseFloat(getComputedStyle(node).fontSize);
  node.style.fontSize = `${(size * part * 0.99).toFixed(1)}px`;
}

/**
 * Makes the letters of a box smaller until its words fit: from `most` down to `least` rem. Words
 * that do not fit even then are cut by the style sheet, and the result is false. `parts` are what
 * has to fit in itself, the box alone if they are not named. The style sheet reads the result in
 * `data-whole`.
 * @param {HTMLElement} box
 * @param {number} most
 * @param {number} least
 * @param {HTMLElement[]} parts
 */
export function shrinkToBox(box, most, least, parts = [box]) {
  const isWhole = fitLetters(box, most, least, parts);
  box.dataset.whole = String(isWhole);
  return isWhole;
}

/**
 * @param {HTMLElement} box
 * @param {number} most
 * @param {number} least
 * @param {HTMLElement[]} parts
 */
function fitLetters(box, most, least, parts) {
  let [small, large] = [least, most];
  /** @param {number} rem */
  const fits = (rem) => {
    box.classList.add("fitted");
    box.style.setProperty("--fit", `${rem}rem`);
    return parts.every(holdsItsWords);
  };
  if (box.clientHeight === 0 || fits(most)) return true;
  for (let step = 0; step < 6; step += 1) {
    const middle = (small + large) / 2;
    if (fits(middle)) small = middle;
    else large = middle;
  }
  return fits(small);
}

/**
 * Keeps a name on one line while its letters stay at least `fair` rem, else lets it break.
 * @param {HTMLElement} node
 * @param {number} most
 * @param {number} fair
 * @param {number} least
 */
export function shrinkName(node, most, fair, least) {
  node.dataset.wrap = "line";
  if (shrinkToBox(node, most, fair)) return;
  node.dataset.wrap = "letters";
  shrinkToBox(node, most, least);
}

/** Letters may reach a little over their line without being cut. */
const OVER_LINE_EM = 0.15;

/** @param {HTMLElement} node */
function holdsItsWords(node) {
  const over = parseFloat(getComputedStyle(node).fontSize) * OVER_LINE_EM;
  const tooHigh = node.scrollHeight > node.clientHeight + over;
  return !tooHigh && node.scrollWidth <= node.clientWidth + 1;
}

/**
 * Limits of the rows of a board: `least` and `most` rows, `rowRem` the lowest readable row, and for
 * the letters the share of a row's height (`perHeight`), of its width (`perWidth`) and the largest
 * size in rem (`letterRem`).
 * @typedef {{least: number, most: number, rowRem: number, perHeight: number, perWidth: number,
 *   letterRem: number}} Limits
 */

export class RowFit {
  /** @type {HTMLElement} */
  #list;
  /** @type {Limits} */
  #limits;
  #rem = 16;
  #height = 0;
  #width = 0;
  #scrolls = false;
  #slots = 0;

  /**
   * `onChange()` hears of another size of the list.
   * @param {HTMLElement} list
   * @param {Limits} limits
   * @param {() => void} onChange
   */
  constructor(list, limits, onChange) {
    this.#list = list;
    this.#limits = limits;
    this.#measure();
    new ResizeObserver(() => {
      this.#measure();
      onChange();
    }).observe(list);
  }

  /**
   * The number of slots for `count` rows; the style sheet is told when it has changed.
   * @param {number} count
   * @returns {number}
   */
  slotsFor(count) {
    const { least, most, rowRem } = this.#limits;
    const room = this.#scrolls ? most : Math.floor(this.#height / (rowRem * this.#rem));
    const slots = Math.min(Math.max(least, count), Math.max(least, Math.min(most, room)));
    if (slots !== this.#slots) this.#lay(slots);
    return slots;
  }

  /** @param {number} slots */
  #lay(slots) {
    const { perHeight, perWidth, letterRem } = this.#limits;
    const byHeight = (this.#height / slots) * perHeight;
    const letter = Math.min(byHeight, this.#width * perWidth, letterRem * this.#rem);
    this.#list.style.setProperty("--slots", String(slots));
    this.#list.style.setProperty("--letter", `${letter.toFixed(1)}px`);
    this.#slots = slots;
  }

  #measure() {
    this.#rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.#height = this.#list.clientHeight;
    this.#width = this.#list.clientWidth;
    this.#scrolls = getComputedStyle(this.#list).getPropertyValue("--scrolls").trim() === "1";
    this.#slots = 0;
  }
}

/**
 * Gives a list columns for cards that take two tracks each, and moves a last row that is not full to
 * the middle. The style sheet lays them by `--columns`, `--rows` and `--start`.
 * @param {HTMLElement} list
 * @param {HTMLElement[]} cards
 * @param {number} columns
 */
export function layCards(list, cards, columns) {
  list.style.setProperty("--columns", String(columns * 2));
  list.style.setProperty("--rows", String(Math.max(1, Math.ceil(cards.length / columns))));
  const left = cards.length % columns;
  if (left === 0 || cards.length < columns) return;
  cards[cards.length - left].style.setProperty("--start", String(columns - left + 1));
}
