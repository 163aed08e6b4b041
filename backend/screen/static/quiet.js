// The views in which nothing is played: 签到墙, the agenda, a notice, the first three. 征集建议 is in
// suggestions.js, 图片和文章 in slides.js.

/** @import { ServerClock } from "./clock.js" */
/** @import { State } from "./state.js" */
/** @import { PinnedPost } from "./slides.js" */
/** @import { Suggestion } from "./suggestions.js" */

import { play, tickWhile } from "./motion.js";
import { make, mark, mascot, named, write } from "./parts.js";
import { Podium } from "./podium.js";
import { SlidesView } from "./slides.js";
import { formatCountdown, formatPoints, lengthOf } from "./state.js";
import { SuggestionsView } from "./suggestions.js";

/**
 * What `GET …/screen-views` answers with.
 * @typedef {{id: number, name: string, team: string | null}} Arrived
 * @typedef {{id: number, name: string, count: number, whole: boolean}} ArrivedTeam
 * @typedef {{total: number, guests: number, teams: ArrivedTeam[], newest: Arrived[]}} Arrivals
 * @typedef {{id: number, title: string, minutes: number | null, done: boolean}} Step
 * @typedef {object} Quiet
 * @property {Arrivals} arrivals
 * @property {Step[]} agenda
 * @property {Suggestion[] | null} suggestions null where nobody can suggest anything
 * @property {PinnedPost[]} posts
 *
 * @typedef {object} Facts
 * @property {State} state
 * @property {Quiet | null} quiet null until it was heard
 *
 * @typedef {{node: HTMLElement, render: (facts: Facts) => void, tick?: () => void}} QuietView
 * @typedef {{clock: ServerClock, celebrate: () => void}} Tools
 */

const NAME_WIDTH = { long: 6.6, longest: 8 };
const MOST_TEAMS = 16;
const MOST_STEPS = 12;

/** People who have arrived, the newest first, and the number of each team. */
export class ArrivalsView {
  #count = named(make("strong", "arrivals__count"), "arrivals-count");
  #guests = make("span", "arrivals__guests");
  #people = named(make("ul", "arrivals__people"), "arrivals-people");
  #teams = named(make("ul", "arrivals__teams"), "arrivals-teams");
  #none = make("p", "arrivals__none", "第一位会是谁？扫码就能签到");
  /** @type {Set<number>} */
  #known = new Set();

  constructor() {
    const head = make("p", "arrivals__head", "已到 ", this.#count, " 人", this.#guests);
    const hall = make("section", "panel arrivals__hall", head, this.#people, this.#none);
    const side = make("section", "panel arrivals__side", make("h2", "", "各班组"), this.#teams);
    this.node = named(make("div", "arrivals", hall, side), "arrivals");
  }

  /** @param {Facts} facts */
  render({ quiet }) {
    if (!quiet) return;
    const { total, guests, teams, newest } = quiet.arrivals;
    write(this.#count, formatPoints(total));
    write(this.#guests, guests > 0 ? `　含亲友 ${guests} 人` : "");
    this.#none.hidden = total > 0;
    const before = this.#known;
    this.#known = new Set(newest.map((one) => one.id));
    this.#people.replaceChildren(...newest.map(cardOf));
    newest.forEach((one, place) => {
      if (before.size > 0 && !before.has(one.id)) greet(this.#people.children[place]);
    });
    const more = teams.slice(MOST_TEAMS);
    this.#teams.replaceChildren(...teams.slice(0, MOST_TEAMS).map(teamOf));
    if (more.length > 0) this.#teams.append(restOf(more));
    mark(this.#teams, "many", String(teams.length > MOST_TEAMS / 2));
  }
}

/** @param {Arrived} one */
function cardOf({ name, team }) {
  const label = make("span", "arrived__name", name);
  mark(label, "length", lengthOf(name, NAME_WIDTH));
  return make("li", "arrived", label, make("span", "arrived__team one-line", team ?? ""));
}

/** @param {Element} node */
function greet(node) {
  const small = { opacity: 0, transform: "scale(.7)" };
  play(node, [small, { opacity: 1, transform: "none" }], { duration: 400, easing: "ease-out" });
}

/** @param {ArrivedTeam} team */
function teamOf({ name, count, whole }) {
  return make(
    "li",
    "arrived-team",
    make("span", "arrived-team__name one-line", name),
    whole ? make("span", "arrived-team__whole", "到齐") : null,
    make("span", "arrived-team__count", `${count} 人`),
  );
}

/** @param {ArrivedTeam[]} teams */
function restOf(teams) {
  const people = teams.reduce((sum, team) => sum + team.count, 0);
  return make("li", "arrived-team arrived-team--rest", `另有 ${teams.length} 个班组 ${people} 人`);
}

/** The steps of the evening, with the current one. */
export class AgendaView {
  #steps = named(make("ol", "agenda__steps"), "agenda-steps");
  #none = make("p", "agenda__none", "流程马上公布");

  constructor() {
    const title = make("h2", "agenda__title", "今天的流程");
    this.node = named(make("section", "panel agenda", title, this.#steps, this.#none), "agenda");
  }

  /** @param {Facts} facts */
  render({ state, quiet }) {
    if (!quiet) return;
    const steps = quiet.agenda;
    const at = state.event.state === "open" ? steps.findIndex((step) => !step.done) : -1;
    const first = Math.max(0, Math.min(at - 2, steps.length - MOST_STEPS));
    const shown = steps.slice(first, first + MOST_STEPS);
    this.#none.hidden = steps.length > 0;
    this.#steps.replaceChildren(...shown.map((step, place) => stepOf(step, first + place, at)));
    mark(this.#steps, "many", String(shown.length > 6));
  }
}

/**
 * @param {Step} step
 * @param {number} place
 * @param {number} at
 */
function stepOf(step, place, at) {
  const node = make(
    "li",
    "agenda-step",
    make("span", "agenda-step__number", step.done ? "✓" : String(place + 1)),
    make("span", "agenda-step__title one-line", step.title),
    make("span", "agenda-step__minutes", step.minutes ? `${step.minutes} 分钟` : ""),
    make("span", "agenda-step__now", place === at ? "现在" : ""),
  );
  mark(node, "state", step.done ? "done" : place === at ? "now" : "coming");
  return node;
}

/** A sentence of the host, and the time until something begins. */
export class NoticeView {
  #text = named(make("p", "announcement__text"), "notice-text");
  #time = named(make("p", "announcement__time"), "notice-time");
  /** @type {number | null} */
  #endsMs = null;

  /** @param {Tools} tools */
  constructor({ clock }) {
    this.clock = clock;
    const inside = [mascot("announcement__mascot"), this.#text, this.#time];
    this.node = named(make("div", "announcement", ...inside), "announcement");
  }

  /** @param {Facts} facts */
  render({ state }) {
    const { notice } = state.screen;
    if (!notice) return;
    write(this.#text, notice.text);
    mark(this.#text, "length", notice.text.length > 14 ? "long" : "short");
    this.#endsMs = notice.ends_at ? Date.parse(notice.ends_at) : null;
    this.tick();
  }

  tick() {
    this.#time.hidden = this.#endsMs === null;
    if (this.#endsMs === null) return;
    const left = Math.max(0, Math.ceil((this.#endsMs - this.clock.now()) / 1000));
    write(this.#time, left > 0 ? formatCountdown(left) : "时间到");
    mark(this.#time, "over", String(left === 0));
  }
}

/** The first three of the event's board, for the end of a ceremony. */
export class PodiumView {
  #podium;
  #since = "";

  /** @param {Tools} tools */
  constructor(tools) {
    this.#podium = new Podium(tools);
    this.node = named(make("div", "closing", this.#podium.node), "closing");
  }

  /** @param {Facts} facts */
  render({ state }) {
    const { event, boards, server_time } = state;
    this.#since ||= server_time;
    const first = boards.players.rows.filter((row) => row.rank <= 3);
    const open = first.filter((row) => row.id !== null);
    const isSealed = open.length < first.length || (event.frozen && !event.reveal);
    this.#podium.show({
      title: event.title,
      frozen: isSealed,
      since: this.#since,
      nobody: "本场没有得分记录",
      rows: open.map(({ rank, name, team, points }) => {
        return { rank, name, team, score: formatPoints(points), unit: "分" };
      }),
    });
  }
}

/** @type {Record<string, new (tools: Tools) => QuietView>} */
const VIEWS = {
  arrivals: ArrivalsView,
  agenda: AgendaView,
  suggestions: SuggestionsView,
  slides: SlidesView,
  notice: NoticeView,
  podium: PodiumView,
};

/** Shows one of the views at a time. */
export class QuietViews {
  /** @type {HTMLElement} */
  #place;
  /** @type {Tools} */
  #tools;
  /** @type {QuietView | null} */
  #view = null;
  #name = "";

  /**
   * @param {HTMLElement} place
   * @param {Tools} tools
   */
  constructor(place, tools) {
    this.#place = place;
    this.#tools = tools;
  }

  /**
   * Shows the view of this name; any other name clears the place.
   * @param {string} name
   * @param {Facts} facts
   */
  render(name, facts) {
    if (name !== this.#name) this.#change(name);
    this.#view?.render(facts);
  }

  /** @param {string} name */
  #change(name) {
    this.#name = name;
    this.#view = name in VIEWS ? new VIEWS[name](this.#tools) : null;
    this.#place.hidden = this.#view === null;
    this.#place.replaceChildren(...(this.#view ? [this.#view.node] : []));
    const view = this.#view;
    if (view?.tick)
      tickWhile(
        () => view === this.#view,
        () => view.tick?.(),
      );
  }
}

const LEAST_GAP_MS = 2_000;

/** Loads the content of the views, once in two seconds at most. */
export class QuietFacts {
  /** @type {Quiet | null} */
  facts = null;
  /** @type {string} */
  #address;
  /** @type {() => void} */
  #onFacts;
  #isAsking = false;
  #isStale = false;

  /**
   * @param {string} address
   * @param {() => void} onFacts
   */
  constructor(address, onFacts) {
    this.#address = address;
    this.#onFacts = onFacts;
  }

  /** Something has changed: ask again. */
  stale() {
    this.#isStale = true;
    if (!this.#isAsking) this.#ask();
  }

  async #ask() {
    this.#isAsking = true;
    this.#isStale = false;
    try {
      const answer = await fetch(this.#address, { cache: "no-store" });
      if (answer.ok) {
        this.facts = await answer.json();
        this.#onFacts();
      }
    } catch {
      this.#isStale = true;
    }
    setTimeout(() => {
      this.#isAsking = false;
      if (this.#isStale) this.#ask();
    }, LEAST_GAP_MS);
  }
}
