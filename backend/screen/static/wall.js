// What people wrote and drew, as a host puts it on the screen: pinned in a row, or one item alone.

/**
 * @typedef {{id: number, kind: string, text: string, name: string | null, team: string | null}} WallItem
 * @typedef {{pinned: WallItem[], full_screen: WallItem | null}} WallFacts
 */

export class Wall {
  #key = "";

  /**
   * @param {{row: HTMLElement, alone: HTMLElement}} nodes
   * @param {string} pictures where the pictures are
   */
  constructor(nodes, pictures) {
    this.nodes = nodes;
    this.pictures = pictures;
  }

  /**
   * @param {WallItem[]} pinned
   * @param {WallItem | null} alone the item that fills the screen
   */
  render(pinned, alone) {
    const key = JSON.stringify([pinned, alone]);
    if (key === this.#key) return;
    this.#key = key;
    const { row, alone: place } = this.nodes;
    row.hidden = pinned.length === 0;
    row.replaceChildren(...pinned.map((item) => this.#card(item, "wall__card")));
    place.hidden = alone === null;
    place.replaceChildren(...(alone ? [this.#card(alone, "exhibit__card")] : []));
  }

  /**
   * @param {WallItem} item
   * @param {string} name
   */
  #card(item, name) {
    const card = document.createElement("figure");
    card.className = name;
    card.append(item.kind === "picture" ? this.#picture(item) : this.#words(item));
    if (item.name) {
      const caption = document.createElement("figcaption");
      caption.textContent = item.team ? `${item.name} · ${item.team}` : item.name;
      card.append(caption);
    }
    return card;
  }

  /** @param {WallItem} item */
  #picture(item) {
    const picture = document.createElement("img");
    picture.src = `${this.pictures}/${item.id}`;
    picture.alt = item.name ? `${item.name} 的图片` : "图片";
    return picture;
  }

  /** @param {WallItem} item */
  #words(item) {
    const words = document.createElement("p");
    words.textContent = item.text;
    words.dataset.length = item.text.length > 60 ? "long" : "short";
    return words;
  }
}
