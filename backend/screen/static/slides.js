// 图片和文章: the event's pictures and pinned posts in turn, each as large as the stage.

/** @import { Facts } from "./quiet.js" */

import { shrinkToBox } from "./fit.js";
import { play } from "./motion.js";
import { make, mark, named } from "./parts.js";

/**
 * A pinned post; `picture` is the address of its cover.
 * @typedef {{id: number, title: string, text: string, column: string, picture: string | null}} PinnedPost
 */

const PICTURE_MS = 8_000;
// A title and a line of text take longer to read.
const POST_MS = 12_000;
const TITLE_REM = { most: 6.4, least: 3.2 };

/** Shows one slide after the other. */
export class SlidesView {
  node = named(make("div", "slideshow"), "slideshow");
  #key = "";
  /** @type {{node: HTMLElement, ms: number}[]} */
  #slides = [];
  #place = 0;
  #shownAt = 0;

  /** @param {Facts} facts */
  render({ state, quiet }) {
    const pictures = state.media?.pictures ?? [];
    const posts = quiet?.posts ?? [];
    const key = JSON.stringify([pictures, posts]);
    if (key === this.#key) return;
    this.#key = key;
    this.#slides = [
      ...pictures.map((path) => ({ node: pictureOf(path), ms: PICTURE_MS })),
      ...posts.map((post) => ({ node: slideOf(post), ms: POST_MS })),
    ];
    this.#show(0);
  }

  tick() {
    const slide = this.#slides[this.#place];
    if (this.#slides.length < 2 || performance.now() - this.#shownAt < slide.ms) return;
    this.#show((this.#place + 1) % this.#slides.length);
  }

  /** @param {number} place */
  #show(place) {
    this.#place = place;
    this.#shownAt = performance.now();
    const slide = this.#slides[place]?.node;
    this.node.replaceChildren(...(slide ? [slide] : []));
    if (!slide) return;
    fit(slide);
    play(slide, [{ opacity: 0 }, { opacity: 1 }], { duration: 600 });
  }
}

/** @param {string} path */
function pictureOf(path) {
  const picture = make("img", "slide");
  picture.alt = "活动图片";
  picture.src = path;
  return picture;
}

/** @param {PinnedPost} post */
function slideOf({ title, text, column, picture }) {
  const words = make(
    "div",
    "post-slide__words",
    make("p", "post-slide__column one-line", column),
    make("h2", "post-slide__title", title),
    text ? make("p", "post-slide__text", text) : null,
  );
  const slide = make("article", "post-slide", words);
  mark(slide, "cover", String(picture !== null));
  if (picture !== null) slide.prepend(coverOf(picture, slide));
  return named(slide, "post-slide");
}

/**
 * @param {string} path
 * @param {HTMLElement} slide
 */
function coverOf(path, slide) {
  const cover = make("img", "post-slide__cover");
  cover.alt = "";
  cover.onerror = () => {
    cover.remove();
    mark(slide, "cover", "false");
    fit(slide);
  };
  cover.src = path;
  return cover;
}

/** @param {HTMLElement} slide */
function fit(slide) {
  const title = slide.querySelector("h2");
  if (title) shrinkToBox(title, TITLE_REM.most, TITLE_REM.least);
}
