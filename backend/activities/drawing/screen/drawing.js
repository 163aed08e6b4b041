// 你画我猜 on the big screen: in the hall the canvas, who draws, the hints, who guessed; of rooms a
// line each; afterwards the drawings come by, each drawn once more, with an invitation to vote.

/** @import { Face } from "/screen/static/faces.js" */
/** @import { Op } from "./sketch.js" */
/** @import { Act, Tools } from "/screen/static/scene.js" */
/** @import { Activity, State } from "/screen/static/state.js" */

import { Deadline } from "/screen/static/clock.js";
import { ActWithFaces } from "/screen/static/faces.js";
import { layCards, shrinkName } from "/screen/static/fit.js";
import { motionAllowed } from "/screen/static/motion.js";
import { make, mascot, named, stepOf, write } from "/screen/static/parts.js";
import { Ring } from "/screen/static/ring.js";
import { Sketch } from "./sketch.js";

const CHOOSE_MS = 10_000;
const GUESSED_SHOWN = 8;
const SAID_SHOWN = 3;
const ROOMS_SHOWN = 12;
const FEW_ROOMS = 6;
// The number of columns, by the number of rooms on a page.
/** @type {[number, number][]} */
const COLUMNS = [
  [3, 3],
  [4, 2],
  [6, 3],
];
const PAGE_MS = 8_000;
const REPLAY_MS = 6_000;
const HANGS_MS = 5_000;
const AGAIN_MS = 5_000;
const ROOM_FOR_MASCOT = 3;
/** @type {Record<string, string>} */
const DOING = { choosing: " 在选词", drawing: " 在画", over: " 的画" };
/** @type {Record<string, string>} */
const ENDINGS = {
  time: "时间到",
  all_guessed: "全场都猜到了",
  vanished: "画手临时有事，这一幅到此为止",
  voided: "这一幅不作数，谁也不扣分",
  closed: "活动结束",
};

/**
 * Draw and guess on the stage, see `backend/activities/drawing/view.py`.
 *
 * @typedef {{characters: number, category: string | null, initials: string | null,
 *   pattern: string | null}} Hints
 * @typedef {{place: number, name: string, points: number | null}} Guessed
 * @typedef {object} TurnFacts
 * @property {number} turn_id
 * @property {number} number
 * @property {string} phase "choosing", "drawing" or "over"
 * @property {{name: string}} drawer
 * @property {number} left_ms
 * @property {string | null} ending
 * @property {Hints | null} hints
 * @property {string | null} answer when it is over
 * @property {string | null} category when it is over
 * @property {Guessed[]} guessed
 * @property {Op[]} ops
 *
 * @typedef {{room: number, players: number, over: boolean,
 *   turn?: {phase: string, drawer: {name: string}, guessed: number} | null}} RoomFacts
 * @typedef {{turn_id: number, ops: Op[], answer: string, drawer: {name: string}}} Picture
 * @typedef {{rank: number, votes: number, number: number, answer: string,
 *   drawer: {name: string, team: string | null}}} Winner
 *
 * @typedef {Activity & {mode: string, turn: TurnFacts, turns: number | null, draw_seconds: number,
 *   rooms?: RoomFacts[], drawings: number, pinned: number | null,
 *   winners: Winner[] | null}} DrawingActivity
 */

export default class Drawing extends ActWithFaces {
  /** @type {number | null} */
  #id = null;

  /**
   * @override
   * @param {DrawingActivity} activity
   * @param {State} state
   */
  render(activity, state) {
    this.#id = activity.id;
    super.render(activity, state);
  }

  /**
   * @override
   * @param {string} kind
   * @param {any} data
   */
  hear(kind, data) {
    if (data.activity_id === this.#id) this.faces.face?.hear?.(kind, data);
  }

  /**
   * @override
   * @param {DrawingActivity} activity
   * @returns {[string, () => Face]}
   */
  faceOf({ phase, mode, turn }) {
    if (phase === "gallery") return ["gallery", () => new Gallery()];
    if (mode !== "hall") return ["rooms", () => new Rooms()];
    if (!turn) return ["rooms", () => new Rooms()];
    return [`turn-${turn.turn_id}`, () => new Turn(this.tools)];
  }
}

/** One drawer's go in the hall. */
class Turn {
  /** @type {Deadline} */
  #deadline;
  #ring = new Ring();
  #wholeMs = 1;
  #running = false;
  /** @type {TurnFacts | null} */
  #turn = null;
  #sketch = new Sketch();
  #number = make("span", "chip chip--gold one-line");
  #drawer = named(make("p", "easel__drawer"), "drawer");
  #waiting = make("p", "");
  #veil = make("div", "easel__veil", mascot("easel__mascot"), this.#waiting);
  #answer = named(make("div", "easel__answer"), "answer");
  #hints = named(make("ul", "easel__hints"), "hints");
  #guessed = named(make("ol", "easel__guessed"), "guessed");
  #guessers = make("h3", "easel__heading");
  #said = named(make("ul", "easel__said"), "said");

  /** @param {Tools} tools */
  constructor({ clock }) {
    this.#deadline = new Deadline(clock);
    const paper = make("div", "easel__paper", this.#sketch.node, this.#veil);
    const who = make("div", "easel__who", this.#number, this.#drawer);
    const top = make("div", "easel__top", this.#ring.node, who);
    const aside = make(
      "div",
      "panel easel__aside",
      top,
      this.#answer,
      this.#hints,
      this.#guessers,
      this.#guessed,
      this.#said,
    );
    this.node = make("div", "easel", paper, aside);
  }

  /**
   * @param {DrawingActivity} activity
   * @param {State} state
   */
  update({ turn, turns, draw_seconds: seconds }, state) {
    this.#running = turn.phase !== "over";
    this.#turn = turn;
    const { paused } = state.event;
    const endsAt = new Date(Date.parse(state.server_time) + turn.left_ms).toISOString();
    this.#deadline.follow(endsAt, paused, state.server_time);
    this.#wholeMs = turn.phase === "choosing" ? CHOOSE_MS : seconds * 1000;
    this.#ring.node.hidden = !this.#running;
    write(this.#number, `第 ${turn.number} 幅${turns ? ` / 共 ${turns} 幅` : ""}`);
    write(this.#drawer, `${turn.drawer.name}${DOING[turn.phase] ?? ""}`);
    shrinkName(this.#drawer, 2.6, 1.7, 1.1);
    this.#sketch.show(turn);
    this.#veil.hidden = turn.phase !== "choosing";
    write(this.#waiting, `${turn.drawer.name} 正在选词…`);
    this.#end(turn);
    this.#hint(turn);
    this.#list(turn);
    this.tick();
  }

  /**
   * @param {string} kind
   * @param {any} data
   */
  hear(kind, data) {
    if (kind === "drawing.strokes") this.#sketch.add(data.turn_id, data.first, data.ops);
    if (kind === "drawing.said") this.#say(data);
  }

  tick() {
    if (this.#running) {
      this.#ring.show(this.#deadline.leftMs(), this.#wholeMs, this.#deadline.stands);
    }
  }

  /**
   * The word, and why the turn is over.
   * @param {TurnFacts} turn
   */
  #end({ phase, answer, ending }) {
    this.#answer.hidden = phase !== "over";
    const word = answer ? make("p", "easel__prompt", answer) : null;
    this.#answer.replaceChildren();
    if (word) this.#answer.append(word);
    this.#answer.append(make("p", "", ENDINGS[ending ?? ""] ?? ""));
    if (word) shrinkName(word, 5, 2.6, 1.6);
  }

  /** @param {TurnFacts} turn */
  #hint({ phase, hints, category }) {
    const told =
      phase === "over"
        ? [category]
        : [hints && `${hints.characters} 个字`, hints?.category, hints?.initials, hints?.pattern];
    const chips = told.flatMap((words) => (words ? [make("li", "chip", words)] : []));
    this.#hints.replaceChildren(...chips);
  }

  /** @param {TurnFacts} turn */
  #list({ phase, guessed }) {
    this.#guessers.hidden = phase === "choosing";
    write(this.#guessers, guessed.length > 0 ? `${guessed.length} 人猜到了` : "还没有人猜到");
    const rows = guessed
      .slice(0, GUESSED_SHOWN)
      .map(({ place, name, points }) =>
        make(
          "li",
          "easel__line",
          make("b", "", String(place)),
          make("span", "easel__name one-line", name),
          make("span", "easel__points", points === null ? "" : `+${points}`),
        ),
      );
    this.#guessed.replaceChildren(...rows);
    for (const row of rows.toReversed()) {
      if (this.#guessed.scrollHeight <= this.#guessed.clientHeight + 1) break;
      row.remove();
    }
  }

  /** @param {{name: string, text: string}} data */
  #say({ name, text }) {
    this.#said.append(make("li", "easel__word one-line", make("b", "", `${name}：`), text));
    while (this.#said.childElementCount > SAID_SHOWN) this.#said.firstElementChild?.remove();
    if (this.#turn) this.#list(this.#turn);
  }
}

/** The rooms side by side, a page after another: who draws where, how many have guessed. */
class Rooms {
  #title = named(make("h2", "podium__title one-line"), "scene-title");
  #list = named(make("ol", "rooms"), "rooms");
  #none = make(
    "div",
    "consolation",
    mascot("consolation__mascot"),
    make("p", "", "房间正在分，马上就有你"),
  );
  /** @type {DrawingActivity | null} */
  #activity = null;
  #page = 0;
  #turnedAt = performance.now();

  constructor() {
    this.node = make("div", "rooms-face", this.#title, this.#list);
  }

  /** @param {DrawingActivity} activity */
  update(activity) {
    this.#activity = activity;
    this.#show();
  }

  tick() {
    if (performance.now() - this.#turnedAt < PAGE_MS) return;
    this.#turnedAt = performance.now();
    this.#page += 1;
    if ((this.#activity?.rooms?.length ?? 0) > ROOMS_SHOWN) this.#show();
  }

  #show() {
    const { title = "", rooms = [] } = this.#activity ?? {};
    const pages = Math.max(1, Math.ceil(rooms.length / ROOMS_SHOWN));
    const page = this.#page % pages;
    write(this.#title, `${title}　${roomWords(rooms.length)}${pageWords(page, pages)}`);
    const cards = rooms.slice(page * ROOMS_SHOWN, (page + 1) * ROOMS_SHOWN).map(roomCard);
    this.#list.dataset.size = rooms.length > FEW_ROOMS ? "many" : "few";
    this.#list.replaceChildren(...cards);
    const columns = rooms.length > FEW_ROOMS ? 4 : stepOf(cards.length, COLUMNS, 4);
    layCards(this.#list, cards, Math.min(columns, Math.max(1, cards.length)));
    this.node.replaceChildren(this.#title, rooms.length > 0 ? this.#list : this.#none);
    for (const card of cards) shrinkName(drawerOf(card), 3, 1.9, 1.1);
  }
}

/** @param {RoomFacts} room */
function roomCard({ room, players, over, turn }) {
  return make(
    "li",
    "panel rooms__room",
    make("p", "rooms__number", `${room} 号房`),
    make("p", "rooms__drawer", over ? "全部画完" : (turn?.drawer.name ?? "准备中")),
    make("p", "rooms__facts", roomFacts(players, over ? null : turn)),
  );
}

/** @param {HTMLElement} card */
function drawerOf(card) {
  return /** @type {HTMLElement} */ (card.querySelector(".rooms__drawer"));
}

/**
 * @param {number} page
 * @param {number} pages
 */
function pageWords(page, pages) {
  return pages > 1 ? `　第 ${page + 1} / ${pages} 页` : "";
}

/**
 * @param {number} players
 * @param {{phase: string, guessed: number} | null | undefined} turn
 */
function roomFacts(players, turn) {
  if (!turn) return `${players} 人`;
  if (turn.phase === "choosing") return `在选词 · ${players - 1} 人等着猜`;
  const guessed = `${turn.guessed} 人猜到`;
  return turn.phase === "over" ? `画完了 · ${guessed}` : `在画 · ${players - 1} 人在猜，${guessed}`;
}

/** @param {number} count */
function roomWords(count) {
  return count === 0 ? "马上开始" : `${count} 个房间正在画`;
}

/**
 * After the last turn: one drawing after another is drawn again, and phones vote. After the vote those
 * on the first place are drawn again, beside the first three with their votes.
 */
class Gallery {
  #address = "";
  #total = 0;
  /** @type {number[]} the places of the drawings that are shown in turn */
  #places = [];
  #number = 0;
  /** @type {number | null} the place of the drawing that a host pinned */
  #pinned = null;
  /** @type {Picture | null} */
  #picture = null;
  /** @type {Sketch | null} */
  #sketch = null;
  #since = 0;
  #asksAt = 0;
  #place = named(make("span", "chip chip--gold"), "gallery-number");
  #drawer = named(make("p", "easel__drawer"), "drawer");
  #prompt = make("p", "easel__prompt");
  #answer = named(make("div", "easel__answer", this.#prompt), "answer");
  #paper = make("div", "easel__paper");
  #lead = make("p", "gallery__lead", "画展开幕");
  #vote = make("p", "gallery__vote");
  #winners = named(make("ol", "gallery__winners"), "winners");
  #below = make("div", "gallery__below", mascot("gallery__mascot"), this.#vote);
  #easel;
  #none = make(
    "div",
    "consolation",
    mascot("consolation__mascot"),
    make("p", "gallery__lead", "画展开幕"),
    make("p", "", "今天还没有留下作品，下次再来"),
  );

  constructor() {
    const about = make("div", "gallery__about", this.#place, this.#answer, this.#drawer);
    const aside = make("div", "panel easel__aside", this.#lead, about, this.#winners, this.#below);
    this.#easel = make("div", "easel", this.#paper, aside);
    this.node = named(make("div", "gallery"), "gallery");
  }

  /**
   * @param {DrawingActivity} activity
   * @param {State} state
   */
  update({ id, drawings, pinned, winners }, state) {
    this.#address = `/api/v1/events/${state.event.id}/gallery/${id}/`;
    if (drawings < this.#total) this.#takeDown();
    this.#total = drawings;
    this.#pinned = winners ? null : pinned;
    this.#places = placesOf(drawings, winners ?? []);
    this.#award(winners);
    if (this.#pinned && this.#pinned !== this.#number) this.#next();
    if (!this.#places.includes(this.#number) && !this.#pinned) this.#next();
    const shown = drawings > 0 ? this.#easel : this.#none;
    if (!shown.isConnected) this.node.replaceChildren(shown);
  }

  tick() {
    const now = performance.now();
    if (!this.#picture) {
      if (this.#total > 0 && now >= this.#asksAt) this.#fetch(now);
      return;
    }
    const { turn_id: turn, ops } = this.#picture;
    const gone = now - this.#since;
    const share = motionAllowed() ? Math.min(gone / REPLAY_MS, 1) : 1;
    this.#sketch?.add(turn, 0, ops.slice(0, Math.ceil(share * ops.length)));
    const stays = this.#pinned !== null || this.#places.length <= 1;
    if (gone > REPLAY_MS + HANGS_MS && !stays) this.#picture = null;
  }

  /** A host removed a drawing, perhaps the shown one: it disappears at once. */
  #takeDown() {
    this.#paper.replaceChildren();
    this.#number = Math.max(0, this.#number - 1);
    this.#next();
  }

  /** The index of the next drawing. */
  #following() {
    return this.#places.find((place) => place > this.#number) ?? this.#places[0];
  }

  /**
   * The first three with their votes; before the vote is over an invitation to vote.
   * @param {Winner[] | null} winners
   */
  #award(winners) {
    write(this.#lead, winners ? "最佳画作" : "画展开幕");
    this.#winners.hidden = !winners?.length;
    this.#place.hidden = winners !== null;
    this.#below.hidden = (winners?.length ?? 0) > ROOM_FOR_MASCOT;
    write(this.#vote, voteWords(winners));
    const shown = JSON.stringify(winners);
    if (shown === this.#winners.dataset.shown) return;
    this.#winners.dataset.shown = shown;
    this.#winners.replaceChildren(...(winners ?? []).map(winnerLine));
  }

  /** Asks for the next drawing without waiting. */
  #next() {
    this.#picture = null;
    this.#asksAt = 0;
  }

  /**
   * Takes the next drawing from its nail; when that fails the one that hangs stays for a while.
   * @param {number} now
   */
  async #fetch(now) {
    this.#asksAt = now + AGAIN_MS;
    const [total, number] = [this.#total, this.#pinned ?? this.#following()];
    try {
      const answer = await fetch(this.#address + number, { credentials: "same-origin" });
      // This drawing may have been removed in the meantime.
      if (answer.ok && total === this.#total) this.#hang(number, await answer.json());
    } catch {
      // The line is cut, which the page says elsewhere.
    }
  }

  /**
   * @param {number} number
   * @param {Picture} picture
   */
  #hang(number, picture) {
    this.#number = number;
    this.#picture = picture;
    this.#since = performance.now();
    this.#asksAt = 0;
    const sketch = new Sketch();
    this.#sketch = sketch;
    sketch.show({ turn_id: picture.turn_id, ops: [] });
    this.#paper.replaceChildren(sketch.node);
    write(this.#place, `第 ${number} 幅 / 共 ${this.#total} 幅`);
    write(this.#prompt, picture.answer);
    shrinkName(this.#prompt, 5, 2.6, 1.6);
    write(this.#drawer, `${picture.drawer.name} 画`);
    shrinkName(this.#drawer, 2.6, 1.7, 1.1);
  }
}

/**
 * The places of the drawings that are shown: all of them, after the vote those with most votes.
 * @param {number} total
 * @param {Winner[]} winners
 */
function placesOf(total, winners) {
  const best = winners.filter(({ rank }) => rank === 1).map(({ number }) => number);
  return best.length > 0 ? best : Array.from({ length: total }, (_, index) => index + 1);
}

/** @param {Winner[] | null} winners */
function voteWords(winners) {
  if (!winners) return "打开手机，为你最喜欢的一幅投票";
  return winners.length > 0 ? "" : "没有人投票，每一幅都是最佳";
}

/** @param {Winner} winner */
function winnerLine({ rank, votes, answer, drawer }) {
  const line = make(
    "li",
    "gallery__winner",
    make("b", "", String(rank)),
    make(
      "span",
      "gallery__whose",
      make("span", "gallery__name one-line", drawer.name),
      make("span", "gallery__what one-line", `${answer}${drawer.team ? ` · ${drawer.team}` : ""}`),
    ),
    make("span", "gallery__votes", `${votes} 票`),
  );
  line.dataset.rank = String(rank);
  return line;
}
