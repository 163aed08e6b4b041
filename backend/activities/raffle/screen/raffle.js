// 抽奖 on the big screen: the prize, names that roll, the winners one after another, and what was
// committed to. The page of all winners. And over both the winners who are called to the stage.

/** @import { Face } from "/screen/static/faces.js" */
/** @import { Act, Tools } from "/screen/static/scene.js" */
/** @import { Activity, State } from "/screen/static/state.js" */

import { Deadline } from "/screen/static/clock.js";
import { Faces } from "/screen/static/faces.js";
import { layCards, shrinkName, shrinkToBox } from "/screen/static/fit.js";
import { motionAllowed, play } from "/screen/static/motion.js";
import { make, mark, mascot, named, stepOf, write } from "/screen/static/parts.js";
import { Ring } from "/screen/static/ring.js";
import { formatPoints } from "/screen/static/state.js";

/** @type {[number, number][]} */
const COLUMNS = [
  [1, 1],
  [2, 2],
  [3, 3],
  [4, 2],
  [6, 3],
  [8, 4],
  [10, 5],
  [12, 4],
  [16, 4],
  [20, 5],
  [30, 6],
];
/** @type {[number, string][]} */
const SIZES = [
  [3, "large"],
  [12, "middle"],
  [30, "small"],
];

const FEW_WINNERS = 8;
const ROLL_MS = 90;
const FIRST_MS = 1_600;
const SLOWEST_MS = 900;
const ALL_MS = 12_000;
const FRESH_MS = 4_000;
// As long as the server does, for a call that nobody answered and the host has not decided.
const CALL_STAYS_MS = 30_000;
const CALLS_SHOWN = 6;
/** @type {Record<number, number>} */
const CALL_REM = { 1: 15, 2: 9, 3: 6, 4: 6, 5: 4.6, 6: 4.6 };
const LANDING = [
  { transform: "scale(1.18)", filter: "brightness(2)" },
  { transform: "none", filter: "none" },
];
/** @type {Record<string, string>} */
const STATE_WORDS = {
  committed: "名单已锁定，等待开抽",
  drawing: "正在抽取",
  drawn: "恭喜中奖的同事",
  revealed: "种子已公布，人人可核对",
  abandoned: "本次抽奖已作废",
};

/**
 * A raffle on the stage, see `backend/activities/raffle/stage.py`.
 *
 * @typedef {object} CallFacts
 * @property {number} draw
 * @property {number} turn
 * @property {string} prize
 * @property {string} name
 * @property {string} number
 * @property {string | null} team
 * @property {number} waiting_seconds
 * @property {string} wait_ends_at
 *
 * @typedef {{number: string, name: string, team: string | null, digits: string | null, status: string,
 *   drawn_at: string}} Winner `digits`: the last ones of the 工号, where name and team are shared.
 * @typedef {object} DrawFacts
 * @property {number} id
 * @property {number} number
 * @property {string} state "committed", "drawing", "drawn", "revealed" or "abandoned"
 * @property {string} prize
 * @property {string | null} [picture] the address of the prize's picture
 * @property {string} who
 * @property {number} pool_size
 * @property {number} count
 * @property {boolean} only_candidate
 * @property {string | null} word
 * @property {string} commitment
 * @property {string | null} seed
 * @property {string[]} rolling
 * @property {Winner[]} winners
 *
 * @typedef {{title: string, picture?: string | null,
 *   winners: {name: string, team: string | null, digits: string | null}[]}} Prize
 * @typedef {Activity & {calls: CallFacts[], draw: DrawFacts, prizes: Prize[]}} RaffleActivity
 */

/** @implements {Act} */
export default class Raffle {
  /** @type {Faces<Face>} */
  #faces;
  /** @type {Calls} */
  #calls;
  /** @type {Tools} */
  #tools;
  /** @type {HTMLElement} */
  #node;

  /**
   * @param {HTMLElement} node
   * @param {Tools} tools
   */
  constructor(node, tools) {
    const place = make("div", "raffle__face");
    this.#faces = new Faces(place);
    this.#calls = new Calls(tools);
    this.#tools = tools;
    this.#node = make("div", "raffle", place, this.#calls.node);
    node.append(this.#node);
  }

  /**
   * @param {RaffleActivity} activity
   * @param {State} state
   */
  render(activity, state) {
    this.#calls.update(activity.calls, state);
    if (activity.phase === "calling") {
      this.#faces.show("none", () => new Nothing());
      return;
    }
    const isDraw = activity.phase !== "winners";
    const key = isDraw ? `draw-${activity.draw.id}` : "winners";
    const build = () => (isDraw ? new Draw(this.#tools) : new AllWinners());
    this.#faces.show(key, build).update?.(activity, state);
  }

  hear() {}

  tick() {
    this.#faces.face?.tick?.();
    this.#calls.tick();
    mark(this.#node, "calling", String(!this.#calls.node.hidden));
  }
}

/** Behind calls of a raffle that shows nothing else. */
class Nothing {
  node = make("div", "raffle__nothing");
}

/** The winners who are called to the stage, the latest first, each with the time that is left. */
class Calls {
  /** @type {Tools} */
  #tools;
  #list = named(make("ol", "calls__list"), "calls");
  #more = named(make("p", "calls__more"), "calls-more");
  /** @type {Call[]} */
  #cards = [];
  #shape = "";

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    const lead = named(make("h2", "calls__lead", "请上台领奖"), "calls-lead");
    this.node = named(make("div", "calls", lead, this.#list, this.#more), "calls-page");
    this.node.hidden = true;
    new ResizeObserver(() => this.#fit()).observe(this.node);
  }

  /**
   * @param {CallFacts[]} calls
   * @param {State} state
   */
  update(calls, state) {
    const shown = calls.slice(0, CALLS_SHOWN);
    const shape = shown.map((call) => `${call.draw}-${call.turn}`).join();
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#cards = shown.map((call) => new Call(call, CALL_REM[shown.length], this.#tools));
      this.#list.replaceChildren(...this.#cards.map((card) => card.node));
      mark(this.#list, "count", String(shown.length));
    }
    shown.forEach((call, place) => this.#cards[place].follow(call, state));
    const more = calls.length - shown.length;
    this.#more.hidden = more === 0;
    write(this.#more, more > 0 ? `另有 ${more} 位中奖者请一并上台` : "");
    this.tick();
    this.#fit();
  }

  tick() {
    for (const card of this.#cards) card.tick();
    this.node.hidden = this.#cards.every((card) => card.isGone);
  }

  #fit() {
    for (const card of this.#cards) card.fit();
  }
}

class Call {
  #name = named(make("p", "call__name"), "call-name");
  #hint = named(make("p", "call__hint one-line"), "call-hint");
  #ring = new Ring();
  /** @type {Deadline} */
  #deadline;
  /** @type {number} */
  #most;
  /** @type {number} */
  #wholeMs;

  /**
   * @param {CallFacts} call
   * @param {number} most
   * @param {Tools} tools
   */
  constructor(call, most, tools) {
    this.#deadline = new Deadline(tools.clock);
    this.#most = most;
    this.#wholeMs = call.waiting_seconds * 1000;
    const who = [`${call.number} 号`, call.team].filter(Boolean).join(" · ");
    const words = make(
      "div",
      "call__words",
      make("p", "call__prize one-line", call.prize),
      this.#name,
      make("p", "call__team one-line", who),
      this.#hint,
    );
    this.node = named(
      make("li", "panel call", words, this.#ring.node),
      `call-${call.draw}-${call.turn}`,
    );
    write(this.#name, call.name);
  }

  /**
   * @param {CallFacts} call
   * @param {State} state
   */
  follow(call, { event, server_time: serverTime }) {
    this.#deadline.follow(call.wait_ends_at, event.paused, serverTime);
  }

  get isGone() {
    return this.#deadline.leftMs() < -CALL_STAYS_MS;
  }

  tick() {
    const left = this.#deadline.leftMs();
    this.node.hidden = this.isGone;
    mark(this.node, "over", String(left <= 0));
    write(
      this.#hint,
      left > 0 ? "倒计时结束仍未到场，将从同一名单补抽" : "等待时间已到，请主持人确认",
    );
    this.#ring.show(left, this.#wholeMs, this.#deadline.stands);
  }

  fit() {
    shrinkName(this.#name, this.#most, this.#most / 2.5, 1.6);
  }
}

/** One draw, from the commitment to the seed. */
class Draw {
  /** @type {Tools} */
  #tools;
  #number = named(make("span", "chip chip--gold one-line"), "draw-number");
  #people = named(make("span", "chip one-line"), "draw-people");
  #only = named(make("span", "chip chip--only one-line", "名单里只有一位候选人"), "draw-only");
  #word = named(make("span", "chip one-line"), "draw-word");
  #state = named(make("span", "chip chip--quiet one-line"), "draw-state");
  #title = named(make("h2", "draw__title"), "draw-title");
  #picture = new Picture("draw__picture");
  #list = named(make("ol", "lots"), "lots");
  #gone = named(make("p", "draw__gone one-line"), "draw-gone");
  #commitment = named(make("code", ""), "commitment");
  #seed = named(make("code", ""), "seed");
  #seedLine = make("p", "", "种子 ", this.#seed);
  /** @type {Lot[]} */
  #lots = [];
  /** @type {string[]} */
  #rolling = [];
  #shape = "";
  #rolledAt = 0;
  /** @type {Set<string> | null} */
  #opened = null;

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    const chips = make(
      "div",
      "draw__chips",
      this.#number,
      this.#people,
      this.#only,
      this.#word,
      this.#state,
    );
    const proof = make(
      "div",
      "draw__proof",
      make("p", "", "承诺 ", this.#commitment),
      this.#seedLine,
    );
    const prize = make("div", "draw__prize", this.#picture.node, this.#title);
    const head = make("div", "draw__head", chips, prize);
    this.node = make("div", "draw", head, this.#list, this.#gone, proof);
    new ResizeObserver(() => this.#fit()).observe(this.node);
  }

  /** @param {RaffleActivity} activity */
  update({ draw }) {
    mark(this.node, "state", draw.state);
    write(this.#number, `第 ${draw.number} 次抽奖`);
    write(
      this.#people,
      `${draw.who}，${formatPoints(draw.pool_size)} 人中抽 ${formatPoints(mostOf(draw))} 名`,
    );
    this.#only.hidden = !draw.only_candidate;
    write(this.#word, draw.word ? `现场的词：${draw.word}` : "");
    write(this.#state, STATE_WORDS[draw.state] ?? "");
    write(this.#title, draw.prize);
    this.#picture.show(draw.picture ?? null);
    write(this.#commitment, draw.commitment);
    write(this.#seed, draw.seed ?? "");
    this.#seedLine.hidden = draw.seed === null;
    this.#rolling = draw.rolling;
    this.#lay(draw);
    this.#tellWhoIsGone(draw);
    this.tick();
  }

  /**
   * One lot for each who is to win; those who have won have a name in theirs.
   * @param {DrawFacts} draw
   */
  #lay(draw) {
    const won = draw.winners.filter((winner) => winner.status === "won");
    const waits = draw.state === "committed" || draw.state === "drawing";
    const total = waits ? mostOf(draw) : won.length;
    const shape = `${total} ${won.map((winner) => winner.number).join()} ${draw.state}`;
    if (shape === this.#shape) return;
    this.#shape = shape;
    const opened = this.#opened ?? new Set();
    this.#opened = opened;
    this.#lots = Array.from({ length: total }, (_, place) => {
      return new Lot(place, won[place], opened, total <= 3 ? 9 : 6);
    });
    this.#list.replaceChildren(
      ...(total > 0 ? this.#lots.map((lot) => lot.node) : [nobody(draw.state)]),
    );
    this.#schedule(won);
    const cards = this.#lots.map((lot) => lot.node);
    layCards(this.#list, cards, stepOf(total, COLUMNS, 10));
    mark(this.#list, "size", stepOf(total, SIZES, "tiny"));
    this.#fit();
  }

  /**
   * Those who were drawn at the same moment open one after the other, on all screens alike.
   * @param {Winner[]} won
   */
  #schedule(won) {
    const gap = Math.min(SLOWEST_MS, ALL_MS / Math.max(1, won.length));
    const turns = new Map();
    for (const lot of this.#lots) {
      if (!lot.winner) continue;
      const at = Date.parse(lot.winner.drawn_at);
      const turn = turns.get(at) ?? 0;
      turns.set(at, turn + 1);
      lot.opensAt = at + FIRST_MS + turn * gap;
    }
  }

  /** @param {DrawFacts} draw */
  #tellWhoIsGone({ winners }) {
    const gone = winners.filter((winner) => winner.status === "absent");
    this.#gone.hidden = gone.length === 0;
    const names = gone
      .slice(0, 6)
      .map((winner) => winner.name)
      .join("、");
    const more = gone.length > 6 ? ` 等 ${gone.length} 位` : "";
    write(this.#gone, `未到场，已从同一名单补抽：${names}${more}`);
  }

  tick() {
    const now = this.#tools.clock.now();
    let landed = false;
    for (const lot of this.#lots) {
      if (lot.winner && now >= lot.opensAt && lot.open(now - lot.opensAt < FRESH_MS)) landed = true;
    }
    if (landed && this.#lots.every((lot) => lot.isOpen)) this.#finish(now);
    this.#roll();
  }

  /** @param {number} now */
  #finish(now) {
    const last = Math.max(...this.#lots.map((lot) => lot.opensAt));
    if (now - last < FRESH_MS) this.#tools.celebrate();
  }

  #roll() {
    const now = performance.now();
    if (this.#rolling.length === 0 || now - this.#rolledAt < ROLL_MS || !motionAllowed()) return;
    this.#rolledAt = now;
    const from = Math.floor(now / ROLL_MS);
    this.#lots.forEach((lot, place) => {
      if (!lot.isOpen) lot.roll(this.#rolling[(from + place * 7) % this.#rolling.length]);
    });
  }

  #fit() {
    shrinkToBox(this.#title, 6.4, 2.2);
    for (const lot of this.#lots) lot.fit();
  }
}

class Lot {
  #name = make("p", "lot__name");
  #team = make("p", "lot__team one-line");
  /** @type {Set<string>} */
  #opened;
  /** @type {number} */
  #most;

  /**
   * `opened` holds the numbers that this screen has opened; letters are `most` rem at most.
   * @param {number} place
   * @param {Winner | undefined} winner
   * @param {Set<string>} opened
   * @param {number} most
   */
  constructor(place, winner, opened, most) {
    this.#most = most;
    this.winner = winner ?? null;
    this.isOpen = false;
    this.opensAt = 0;
    this.#opened = opened;
    const turn = make("span", "lot__turn", String(place + 1));
    const inside = make("div", "lot__inside", this.#name, this.#team);
    this.node = named(make("li", "lot", turn, inside), `lot-${place + 1}`);
    mark(this.node, "open", "false");
    write(this.#name, "？");
  }

  /** @param {string} name */
  roll(name) {
    write(this.#name, name);
  }

  /**
   * Shows who won, and says whether that is news; only a fresh one lands with a bump.
   * @param {boolean} isFresh
   */
  open(isFresh) {
    const { winner } = this;
    if (this.isOpen || !winner) return false;
    this.isOpen = true;
    mark(this.node, "open", "true");
    write(this.#name, winner.name);
    write(this.#team, whoseWords(winner, `${winner.number} 号`));
    this.fit();
    if (this.#opened.has(winner.number)) return false;
    this.#opened.add(winner.number);
    if (isFresh) play(this.node, LANDING, { duration: 600, easing: "cubic-bezier(.2, .8, .3, 1)" });
    return true;
  }

  fit() {
    shrinkName(this.#name, this.#most, 1.6, 0.8);
  }
}

/** @param {string} state */
function nobody(state) {
  const words = state === "abandoned" ? "这次抽奖已作废，承诺与种子仍然公开" : "名单里没有人中奖";
  return make("li", "consolation", mascot("consolation__mascot"), make("p", "", words));
}

/**
 * What distinguishes a winner from others of the same name.
 * @param {{team: string | null, digits: string | null}} winner
 * @param {string} number
 */
function whoseWords({ team, digits }, number = "") {
  return [number, team, digits && `工号尾号 ${digits}`].filter(Boolean).join(" · ");
}

/** A picture that is hidden until its address is known. */
class Picture {
  /** @param {string} className */
  constructor(className) {
    this.node = make("img", className);
    this.node.alt = "";
    this.node.hidden = true;
    this.node.addEventListener("error", () => {
      this.node.hidden = true;
    });
  }

  /** @param {string | null} address */
  show(address) {
    if ((this.node.getAttribute("src") ?? "") === (address ?? "")) return this;
    this.node.hidden = address === null;
    if (address) this.node.src = address;
    return this;
  }
}

/** All winners by prize, for a group photo: the prize and its picture above the names. */
class AllWinners {
  #title = named(make("h2", "honours__title one-line"), "scene-title");
  #list = named(make("div", "honours__list"), "honours");
  /** @type {string | null} */
  #shown = null;

  constructor() {
    this.node = make("div", "honours", this.#title, this.#list);
    new ResizeObserver(() => this.#fit()).observe(this.node);
  }

  /** @param {RaffleActivity} activity */
  update({ title, prizes }) {
    write(this.#title, `${title} · 中奖名单`);
    const shown = JSON.stringify(prizes);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#list.replaceChildren(...(prizes.length > 0 ? prizes.map(groupOf) : [noHonours()]));
    const few = prizes.reduce((count, { winners }) => count + winners.length, 0) <= FEW_WINNERS;
    mark(this.#list, "few", String(few));
    this.#fit();
  }

  #fit() {
    shrinkToBox(this.#list, this.#list.dataset.few === "true" ? 4.4 : 2.6, 0.9);
  }
}

/** @param {Prize} prize */
function groupOf({ title, picture, winners }) {
  const names = winners.map((winner) =>
    make("li", "honour", make("b", "", winner.name), make("span", "one-line", whoseWords(winner))),
  );
  const head = make("h3", "", title, make("small", "", ` ${winners.length} 名`));
  const prize = new Picture("honours__picture").show(picture ?? null).node;
  return make("section", "panel honours__group", prize, head, make("ol", "", ...names));
}

function noHonours() {
  return make(
    "div",
    "consolation",
    mascot("consolation__mascot"),
    make("p", "", "还没有人中奖，好运马上就来"),
  );
}

/**
 * How many can win: a pool that is too small gives fewer winners.
 * @param {DrawFacts} draw
 */
function mostOf({ count, pool_size }) {
  return Math.min(count, pool_size);
}
