// What fits: how many rows a board has room for, how large their letters are, how large a code is.

/** Makes the letters of a one-line node smaller where its words are wider than its place. */
export function shrinkToFit(node) {
  node.style.fontSize = "";
  const part = node.clientWidth / node.scrollWidth;
  if (part >= 1) return;
  const size = parseFloat(getComputedStyle(node).fontSize);
  node.style.fontSize = `${(size * part * 0.99).toFixed(1)}px`;
}

export class RowFit {
  #list;
  #limits;
  #rem = 16;
  #height = 0;
  #width = 0;
  #scrolls = false;
  #slots = 0;

  /**
   * `limits`: `least` and `most` rows, `rowRem` the lowest readable row, and for the letters the
   * share of a row's height (`perHeight`), of its width (`perWidth`) and the largest size in rem
   * (`letterRem`). `onChange()` hears of another size of the list.
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

  /** The number of slots for `count` rows; the style sheet is told when it has changed. */
  slotsFor(count) {
    const { least, most, rowRem } = this.#limits;
    const room = this.#scrolls ? most : Math.floor(this.#height / (rowRem * this.#rem));
    const slots = Math.min(Math.max(least, count), Math.max(least, Math.min(most, room)));
    if (slots !== this.#slots) this.#lay(slots);
    return slots;
  }

  #lay(slots) {
    const { perHeight, perWidth, letterRem } = this.#limits;
    const byHeight = (this.#height / slots) * perHeight;
    const letter = Math.min(byHeight, this.#width * perWidth, letterRem * this.#rem);
    this.#list.style.setProperty("--slots", slots);
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
