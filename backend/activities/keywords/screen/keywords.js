// 回复有效关键词 on the big screen: the words as they were announced, and who was first.

/** @import { Face } from "/screen/static/faces.js" */
/** @import { Tools } from "/screen/static/scene.js" */
/** @import { Activity, State } from "/screen/static/state.js" */

import { Deadline } from "/screen/static/clock.js";
import { ActWithFaces } from "/screen/static/faces.js";
import { shrinkName } from "/screen/static/fit.js";
import { countTo, play } from "/screen/static/motion.js";
import { make, mark, mascot, named, stepOf, write } from "/screen/static/parts.js";
import { Ring } from "/screen/static/ring.js";
import { formatPoints, lengthOf } from "/screen/static/state.js";

const HINT = "在小程序里回复，先到先得";
const MOST_WORDS = 6;
const NAME_WIDTH = { long: 7, longest: 10 };
/**
 * Sizes in rem, by the number of words that are shown: of a word, of a cell with a name and of its
 * line.
 * @type {[number, {word: number, cell: number, line: number}][]}
 */
const SIZES = [
  [1, { word: 10, cell: 24, line: 5.4 }],
  [2, { word: 7, cell: 22, line: 5.4 }],
  [3, { word: 5.2, cell: 22, line: 5.4 }],
];
// The last line has no gap below.
const LAST_GAP = 0.1;
const COMPACT = { word: 4, cell: 16.6, line: 3.4 };
const COMING = [
  { opacity: 0, transform: "translateY(1.4rem) scale(0.92)" },
  { opacity: 1, transform: "none" },
];

/**
 * Announced words on the stage, see `backend/activities/keywords/view.py`.
 *
 * @typedef {{place: number, name: string, team: string | null}} Hit
 * @typedef {object} Word
 * @property {number} id
 * @property {string} text
 * @property {string} state "open", "over" or "gone" (no place is left)
 * @property {boolean} decoy
 * @property {number} caught how many replied a decoy
 * @property {string} closes_at
 * @property {number} seconds
 * @property {number} places
 * @property {number} points
 * @property {number} taken
 * @property {Hit[]} hits
 *
 * @typedef {Activity & {words: Word[], paused: boolean, hits_per_person: number | null}}
 *   KeywordsActivity
 */

export default class Keywords extends ActWithFaces {
  /**
   * @override
   * @param {KeywordsActivity} activity
   * @returns {[string, () => Face]}
   */
  faceOf({ words }) {
    const ids = shownOf(words).map((word) => word.id);
    return [ids.join(), () => new Words(this.tools)];
  }
}

class Words {
  /** @type {Tools} */
  #tools;
  #title = named(make("h2", "words__title one-line"), "scene-title");
  #hint = make("p", "words__hint one-line");
  #list = named(make("ol", "words__list"), "words");
  /** @type {Map<number, Card>} */
  #cards = new Map();

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    const head = make("div", "words__head", this.#title, this.#hint);
    this.node = make("div", "words", head, this.#list);
  }

  /**
   * @param {KeywordsActivity} activity
   * @param {State} state
   */
  update(activity, state) {
    const words = shownOf(activity.words);
    write(this.#title, activity.title);
    write(this.#hint, hintOf(activity));
    mark(this.#list, "count", String(words.length));
    mark(this.#list, "compact", String(words.length > SIZES.length));
    for (const word of words) {
      const card = this.#cards.get(word.id) ?? this.#add(word, words.length);
      card.update(word, activity, state);
    }
  }

  /**
   * @param {Word} word
   * @param {number} count
   */
  #add(word, count) {
    const card = new Card(word, stepOf(count, SIZES, COMPACT), this.#tools);
    this.#cards.set(word.id, card);
    this.#list.append(card.node);
    return card;
  }

  tick() {
    for (const card of this.#cards.values()) card.tick();
  }
}

/**
 * The words for which there is room, in their order: those that are open, then the latest ones.
 * @param {Word[]} words
 */
function shownOf(words) {
  const open = words.filter((word) => word.state === "open");
  const rest = words.filter((word) => word.state !== "open");
  const kept = new Set([...open.toReversed(), ...rest.toReversed()].slice(0, MOST_WORDS));
  return words.filter((word) => kept.has(word));
}

/** @param {KeywordsActivity} activity */
function hintOf({ phase, paused, words, hits_per_person: most }) {
  if (paused) return "暂停中，计时已停住";
  if (phase === "over") return "感谢每一位回复的同事，等下一个关键词吧";
  const more = words.length > MOST_WORDS ? `，另有 ${words.length - MOST_WORDS} 个关键词` : "";
  return (most === null ? HINT : `${HINT}，每人最多赢 ${most} 次`) + more;
}

/** One word: what it is, how long it may still be replied, and the names of the first. */
class Card {
  /** @type {typeof COMPACT} */
  #sizes;
  /** @type {Tools} */
  #tools;
  /** @type {Deadline} */
  #deadline;
  #ring = new Ring();
  #wholeMs = 1;
  #running = false;
  #text = named(make("p", "word__text"), "word-text");
  #deal = make("p", "word__deal");
  #fill = make("i", "");
  #taken = named(make("b", ""), "word-taken");
  #places = make("span", "");
  #stamp = named(make("p", "word__stamp"), "word-stamp");
  #hits = named(make("ol", "word__hits"), "word-hits");
  /** @type {Set<number>} */
  #known = new Set();
  /** @type {Word | null} */
  #latest = null;
  /** @type {boolean | null} */
  #celebrated = null;

  /**
   * @param {Word} word
   * @param {typeof COMPACT} sizes
   * @param {Tools} tools
   */
  constructor(word, sizes, tools) {
    this.#sizes = sizes;
    this.#tools = tools;
    this.#deadline = new Deadline(tools.clock);
    const bar = make("div", "word__bar", this.#fill);
    const taken = make("p", "word__taken", "已有 ", this.#taken, this.#places);
    const aside = make("div", "word__aside", this.#ring.node, this.#stamp);
    const words = make("div", "word__words", this.#text, this.#deal, bar, taken);
    this.node = named(
      make("li", "panel word", make("div", "word__top", words, aside), this.#hits),
      `word-${word.id}`,
    );
    new ResizeObserver(() => this.#fit()).observe(this.node);
  }

  /**
   * @param {Word} word
   * @param {KeywordsActivity} activity
   * @param {State} state
   */
  update(word, { paused }, state) {
    this.#latest = word;
    this.#running = word.state === "open";
    this.#deadline.follow(word.closes_at, paused, state.server_time);
    this.#wholeMs = word.seconds * 1000;
    mark(this.node, "state", word.decoy ? "decoy" : word.state);
    write(this.#text, word.text);
    write(this.#deal, dealOf(word));
    countTo(this.#taken, word.taken, formatPoints);
    write(this.#places, ` / ${formatPoints(word.places)} 位`);
    this.#fill.style.setProperty("--share", String(Math.min(1, word.taken / word.places)));
    this.#stamp.hidden = this.#running;
    this.#ring.node.hidden = !this.#running;
    write(this.#stamp, stampOf(word));
    this.#fit();
    this.#celebrate(word);
    this.tick();
  }

  tick() {
    if (this.#running) {
      this.#ring.show(this.#deadline.leftMs(), this.#wholeMs, this.#deadline.stands);
    }
  }

  /**
   * Petals when the last place is taken, if this screen has seen places free.
   * @param {Word} word
   */
  #celebrate(word) {
    const isGone = word.state === "gone";
    if (isGone && this.#celebrated === false) this.#tools.celebrate();
    this.#celebrated = isGone;
  }

  #fit() {
    if (!this.#latest) return;
    const { word } = this.#sizes;
    shrinkName(this.#text, word, word / 2, 1.4);
    this.#layHits(this.#latest);
  }

  /**
   * The first names, in the order of their places. Where there is no room for all, the last cell
   * says how many more there are.
   * @param {Word} word
   */
  #layHits(word) {
    if (word.decoy) return this.#hits.replaceChildren(caught(word));
    if (word.hits.length === 0) return this.#hits.replaceChildren(nobody(word));
    const room = this.#room();
    const fits = Math.max(word.hits.length, word.taken) <= room;
    const shown = fits ? word.hits : word.hits.slice(0, Math.max(1, room - 1));
    const more = word.taken - shown.length;
    this.#hits.replaceChildren(
      ...shown.map((hit) => this.#nameOf(hit)),
      ...(more > 0 && room > 1 ? [moreOf(more)] : []),
    );
  }

  #room() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const scrolls = getComputedStyle(this.#hits).overflowY === "visible";
    if (scrolls) return Infinity;
    const { cell, line } = this.#sizes;
    const columns = Math.max(1, Math.floor(this.#hits.clientWidth / (cell * rem)));
    this.#hits.style.setProperty("--columns", String(columns));
    const lines = Math.max(1, Math.floor(this.#hits.clientHeight / (line * rem) + LAST_GAP));
    return columns * lines;
  }

  /** @param {Hit} hit */
  #nameOf(hit) {
    const name = make("span", "hit__name one-line", hit.name);
    mark(name, "length", lengthOf(hit.name, NAME_WIDTH));
    const node = named(
      make(
        "li",
        "hit",
        make("span", "hit__place", String(hit.place)),
        make("span", "hit__who", name, make("span", "hit__team one-line", hit.team ?? "")),
      ),
      `hit-${hit.place}`,
    );
    if (!this.#known.has(hit.place)) play(node, COMING, { duration: 420, easing: "ease-out" });
    this.#known.add(hit.place);
    return node;
  }
}

/** @param {number} count */
function moreOf(count) {
  return make("li", "hit hit--more", `还有 ${formatPoints(count)} 位`);
}

/** @param {Word} word */
function dealOf({ places, points, decoy }) {
  if (decoy) return "不算数，也不占获奖机会";
  const reward = points > 0 ? `，每人 ${formatPoints(points)} 分` : "";
  return `前 ${formatPoints(places)} 位有效${reward}`;
}

/** @param {Word} word */
function stampOf({ decoy, state }) {
  if (decoy) return "幌子";
  return state === "gone" ? "名额已满" : "时间到";
}

/** @param {Word} word */
function caught({ caught: count }) {
  const words =
    count > 0 ? `美多的幌子，逗到了 ${formatPoints(count)} 位同事` : "美多的幌子，谁都没上当";
  return make("li", "word__none", mascot("word__mascot"), make("p", "", words));
}

/** @param {Word} word */
function nobody({ state }) {
  const words = state === "open" ? "第一个回复的会是谁？" : "这个关键词还没有人回复";
  return make("li", "word__none", mascot("word__mascot"), make("p", "", words));
}
