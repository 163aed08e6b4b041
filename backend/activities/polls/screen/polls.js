// 投票 on the big screen: what there is to choose, who has voted so far, the results once a host
// shows them, as bars that stay where they are or as a race in which names slide.

/** @import { Act, Tools } from "/screen/static/scene.js" */
/** @import { Activity, State } from "/screen/static/state.js" */

import { Faces } from "/screen/static/faces.js";
import { shrinkName } from "/screen/static/fit.js";
import { countTo, play } from "/screen/static/motion.js";
import { make, mark, mascot, named, stepOf, write } from "/screen/static/parts.js";
import { formatPoints, lengthOf } from "/screen/static/state.js";

/**
 * A poll on the stage, see `backend/activities/polls/view.py`.
 *
 * @typedef {object} Option
 * @property {number} id
 * @property {number} number
 * @property {string} title
 * @property {number | null} picture_id
 * @property {boolean} direct
 *
 * @typedef {object} ResultRow
 * @property {number} option_id
 * @property {number} number
 * @property {string} title
 * @property {number | null} picture_id
 * @property {boolean} direct
 * @property {number} votes
 * @property {number} share in per cent
 * @property {number} place
 * @property {boolean} shares_place
 * @property {boolean} tied
 * @property {boolean} won
 * @property {number | null} [out_in_round]
 *
 * @typedef {{valid: number, staff: number, guests: number, refused: number,
 *   refused_by_reason: Record<string, number>}} TurnoutFacts
 * @typedef {{state: string, final: boolean, counted: number, tied: number[], rows: ResultRow[]}}
 *   ResultFacts `state`: "shown", "hidden" or "too_few".
 *
 * @typedef {object} Poll
 * @property {number} id
 * @property {string} title
 * @property {string} state
 * @property {string} display "bars" or "race"
 * @property {string} method
 * @property {boolean} anonymous
 * @property {boolean} guests_allowed
 * @property {boolean} persons_known
 * @property {number} most_choices
 * @property {number} option_count
 * @property {number} places
 * @property {{code: string, changes_at: string} | null} current_hall_code
 * @property {TurnoutFacts} turnout
 * @property {Option[]} options
 * @property {ResultFacts} results
 *
 * @typedef {Activity & {poll: Poll}} PollsActivity
 */

/** @type {Record<string, (poll: Poll) => string>} */
const METHODS = {
  single: () => "单选",
  multiple: (poll) => `多选，最多 ${Math.min(poll.most_choices, poll.option_count)} 项`,
  ranked: () => "按喜欢的先后排序",
};
const REASONS = {
  duplicate: "重复投票",
  quota: "超出当日票数",
  closed: "不在投票时间",
  not_allowed: "无投票资格",
  invalid: "选票无效",
};
// The number of columns, by the number of entries.
/** @type {[number, number][]} */
const COLUMNS = [
  [5, 1],
  [10, 2],
  [32, 4],
];
/** @type {[number, number][]} */
const PICTURE_COLUMNS = [
  [1, 1],
  [2, 2],
  [3, 3],
  [4, 2],
  [6, 3],
  [12, 4],
  [24, 6],
  [32, 8],
];
const TITLE_WIDTH = { long: 22, longest: 44 };
const LEAST_ROWS = 2;
const CODE_MS = 60_000;
const CODE_COMES = [
  { opacity: 0, transform: "translateY(0.6rem)" },
  { opacity: 1, transform: "none" },
];
const PERSONS_UNKNOWN = "部分微信号无法核对，同一人可能用两个微信号投票";
const NAME_REM = { most: 2.4, fair: 1.7, least: 1.1 };

/** @implements {Act} */
export default class Polls {
  /** @type {Faces<Results | Sealed>} */
  #faces;
  /** @type {Tools} */
  #tools;
  /** @type {number | null} */
  #sealed = null;

  /**
   * @param {HTMLElement} node
   * @param {Tools} tools
   */
  constructor(node, tools) {
    this.#faces = new Faces(node);
    this.#tools = tools;
  }

  /**
   * @param {PollsActivity} activity
   * @param {State} state
   */
  render({ poll }, state) {
    const isShown = poll.results.state === "shown";
    const key = `${poll.id} ${isShown ? poll.display : "sealed"}`;
    const build = () =>
      isShown ? new Results(poll.display, this.#tools) : new Sealed(this.#tools);
    this.#faces.show(key, build).update(poll, state);
    // Petals for who has waited for the result, not for a page that was opened later.
    if (isShown && poll.results.final && this.#sealed === poll.id) this.#tools.celebrate();
    this.#sealed = isShown && poll.results.final ? null : poll.id;
  }

  hear() {}

  tick() {
    this.#faces.face?.tick();
  }
}

/** The code that a ballot must carry: who sees it is in the hall. The bar says how long it stays. */
class HallCode {
  /** @type {Tools["clock"]} */
  #clock;
  #digits = named(make("p", "hall-code__digits"), "hall-code");
  #bar = make("i", "");
  #changesMs = 0;

  /** @param {Tools} tools */
  constructor({ clock }) {
    this.#clock = clock;
    const lead = make("p", "hall-code__lead", "现场码");
    const words = make("p", "hall-code__words", "在小程序里投票时输入，每分钟更换");
    const time = make("div", "hall-code__time", this.#bar);
    this.node = named(
      make("div", "panel hall-code", lead, this.#digits, time, words),
      "hall-code-panel",
    );
    this.node.hidden = true;
  }

  /** @param {Poll} poll */
  update({ current_hall_code: shown }) {
    this.node.hidden = !shown;
    if (!shown) return;
    this.#changesMs = Date.parse(shown.changes_at);
    const digits = `${shown.code.slice(0, 3)} ${shown.code.slice(3)}`;
    if (this.#digits.textContent !== digits) {
      write(this.#digits, digits);
      play(this.#digits, CODE_COMES, { duration: 420, easing: "ease-out" });
    }
    this.tick();
  }

  tick() {
    if (this.node.hidden) return;
    const left = Math.max(0, this.#changesMs - this.#clock.now());
    this.#bar.style.setProperty("--share", Math.min(1, left / CODE_MS).toFixed(3));
  }
}

class Head {
  #title = named(make("h2", "poll__title one-line"), "poll-title");
  #chips = make("div", "poll__chips");

  constructor() {
    this.node = make("div", "poll__head", this.#title, this.#chips);
  }

  /** @param {Poll} poll */
  update(poll) {
    write(this.#title, poll.title);
    mark(this.#title, "length", lengthOf(poll.title, TITLE_WIDTH));
    const isOpen = poll.state === "open";
    this.#chips.replaceChildren(
      make("span", `chip ${isOpen ? "chip--gold" : ""}`, isOpen ? "投票进行中" : "投票已结束"),
      make("span", "chip", poll.anonymous ? "匿名投票" : "实名投票"),
      make("span", "chip chip--quiet", METHODS[poll.method](poll)),
    );
  }
}

/** How many ballots count, from whom, and how many were refused and why: for all to see. */
class Turnout {
  /** @type {HallCode} */
  #code;
  #caution = named(make("p", "turnout__caution", PERSONS_UNKNOWN), "poll-caution");
  #valid = named(make("b", "turnout__number"), "valid-ballots");
  #people = make("p", "turnout__people");
  #refused = named(make("div", "turnout__refused"), "refused-ballots");
  #counted = make("p", "turnout__counted");

  /** @param {Tools} tools */
  constructor(tools) {
    this.#code = new HallCode(tools);
    const panel = make(
      "div",
      "panel turnout",
      make("p", "turnout__label", "有效票"),
      make("p", "turnout__valid", this.#valid, make("small", "", "票")),
      this.#people,
      this.#counted,
      this.#refused,
      this.#caution,
    );
    this.node = make("div", "poll__aside", this.#code.node, panel);
  }

  tick() {
    this.#code.tick();
  }

  /** @param {Poll} poll */
  update(poll) {
    const { turnout, guests_allowed: withGuests, results } = poll;
    this.#code.update(poll);
    mark(this.node, "code", String(!this.#code.node.hidden));
    this.#caution.hidden = poll.persons_known;
    countTo(this.#valid, turnout.valid, formatPoints);
    const { staff, guests } = turnout;
    write(
      this.#people,
      withGuests ? `员工 ${formatPoints(staff)}　亲友 ${formatPoints(guests)}` : "",
    );
    const isLate = results.state === "shown" && results.counted < turnout.valid;
    write(
      this.#counted,
      isLate ? `匿名投票每 5 票计一次，已计 ${formatPoints(results.counted)} 票` : "",
    );
    this.#refused.hidden = turnout.refused === 0;
    this.#refused.replaceChildren(...refusalsOf(turnout));
  }
}

/** @param {TurnoutFacts} turnout */
function refusalsOf({ refused, refused_by_reason: reasons }) {
  const lines = Object.entries(REASONS)
    .filter(([reason]) => reasons[reason] > 0)
    .map(([reason, words]) =>
      make("li", "", make("span", "", words), make("b", "", formatPoints(reasons[reason]))),
    );
  return [
    make("p", "turnout__sum", make("span", "", "未计入"), make("b", "", formatPoints(refused))),
    make("ul", "turnout__reasons", ...lines),
  ];
}

/** While the results are hidden: the entries by number, and a seal. */
class Sealed {
  #head = new Head();
  /** @type {Turnout} */
  #turnout;
  #list = named(make("ol", "entries"), "poll-entries");
  #words = named(make("p", "seal__words"), "poll-sealed");
  #stamp = make("span", "sealed__seal", "结果待揭晓");
  /** @type {string | null} */
  #shown = null;

  /** @param {Tools} tools */
  constructor(tools) {
    this.#turnout = new Turnout(tools);
    const seal = make("div", "seal", this.#stamp, this.#words);
    const board = make("div", "panel poll__board poll__board--sealed", this.#list, seal);
    this.node = make("div", "poll", this.#head.node, board, this.#turnout.node);
  }

  tick() {
    this.#turnout.tick();
  }

  /**
   * @param {Poll} poll
   * @param {State} state
   */
  update(poll, state) {
    this.#head.update(poll);
    this.#turnout.update(poll);
    write(this.#words, sealedWords(poll));
    const key = poll.options.map((option) => `${option.id} ${option.title}`).join();
    if (key === this.#shown) return;
    this.#shown = key;
    const entries = entriesOf(poll, state.event.id);
    const hasPictures = poll.options.some((option) => option.picture_id !== null);
    mark(this.#list, "pictures", String(hasPictures));
    mark(this.#list, "many", String(poll.option_count > 5));
    mark(this.#list, "crowd", String(poll.option_count > (hasPictures ? 12 : 10)));
    const columns = stepOf(entries.length, hasPictures ? PICTURE_COLUMNS : COLUMNS, 6);
    this.#list.style.setProperty("--columns", String(columns));
    this.#list.style.setProperty("--rows", String(Math.ceil(entries.length / columns)));
    this.#list.replaceChildren(...(entries.length > 0 ? entries : [nothing()]));
  }
}

/** @param {Poll} poll */
function sealedWords({ state, anonymous, results, turnout }) {
  if (results.state === "too_few") return "匿名投票满 5 票，才会公布结果";
  if (turnout.valid === 0 && state === "open") return "第一张选票，等你来投";
  const whose = anonymous ? "匿名投票，谁也不知道你投了谁" : "实名投票，主办方可以看到选择";
  return state === "open" ? whose : "票已投完，静候揭晓";
}

/**
 * Where not all are told, the last place says how many are left.
 * @param {Poll} poll
 * @param {number} eventId
 */
function entriesOf({ options, option_count: count }, eventId) {
  const shown = options.length < count ? options.slice(0, -1) : options;
  const entries = shown.map((option) => entryOf(option, eventId));
  if (shown.length === count) return entries;
  return [
    ...entries,
    make("li", "entry entry--more", `还有 ${count - shown.length} 个，在手机上看`),
  ];
}

function nothing() {
  return make(
    "li",
    "consolation",
    mascot("consolation__mascot"),
    make("p", "", "候选内容正在准备，请稍等"),
  );
}

/**
 * @param {Option} option
 * @param {number} eventId
 */
function entryOf(option, eventId) {
  return make(
    "li",
    "entry",
    make("span", "entry__number", String(option.number)),
    pictureOf(option, eventId),
    make("span", "entry__name", option.title),
    option.direct ? make("span", "entry__pass", "直通卡") : null,
  );
}

/**
 * @param {{picture_id: number | null}} option
 * @param {number} eventId
 */
function pictureOf({ picture_id: picture }, eventId) {
  if (!picture) return null;
  const image = make("img", "entry__picture");
  image.alt = "";
  image.src = `/api/v1/events/${eventId}/screen-pictures/${picture}`;
  image.addEventListener("error", () => image.remove());
  return image;
}

/** A row for each option: bars keep the order of the numbers, a race that of the places. */
class Results {
  /** @type {string} */
  #display;
  #head = new Head();
  /** @type {Turnout} */
  #turnout;
  #list = named(make("ol", "tally"), "poll-rows");
  #note = named(make("p", "tally__note"), "poll-note");
  /** @type {Map<number, Row>} */
  #rows = new Map();

  /**
   * @param {string} display
   * @param {Tools} tools
   */
  constructor(display, tools) {
    this.#display = display;
    this.#turnout = new Turnout(tools);
    const board = make("div", "panel poll__board", this.#list, this.#note);
    this.node = make("div", "poll", this.#head.node, board, this.#turnout.node);
    mark(this.#list, "display", display);
    new ResizeObserver(() => this.#fit()).observe(this.#list);
  }

  tick() {
    this.#turnout.tick();
  }

  /**
   * @param {Poll} poll
   * @param {State} state
   */
  update(poll, state) {
    this.#head.update(poll);
    this.#turnout.update(poll);
    const shown = [...poll.results.rows];
    const most = Math.max(1, ...shown.map((row) => row.votes));
    if (this.#display === "bars") shown.sort((one, other) => one.number - other.number);
    this.#list.style.setProperty("--slots", String(Math.max(LEAST_ROWS, shown.length)));
    mark(this.#list, "many", String(shown.length > 7));
    mark(this.#list, "few", String(shown.length <= 4));
    mark(this.#list, "pictures", String(shown.some((row) => row.picture_id !== null)));
    this.#forget(new Set(shown.map((row) => row.option_id)));
    shown.forEach((row, at) => this.#rowOf(row, state).show(row, at, most, poll));
    write(this.#note, noteOf(poll, poll.option_count - shown.length));
    this.#fit();
  }

  /**
   * @param {ResultRow} row
   * @param {State} state
   */
  #rowOf(row, state) {
    const there = this.#rows.get(row.option_id);
    if (there) return there;
    const made = new Row(row, pictureOf(row, state.event.id));
    this.#rows.set(row.option_id, made);
    this.#list.append(made.node);
    return made;
  }

  /** @param {Set<number>} there */
  #forget(there) {
    for (const [id, row] of this.#rows) {
      if (there.has(id)) continue;
      row.node.remove();
      this.#rows.delete(id);
    }
  }

  #fit() {
    for (const row of this.#rows.values()) row.fit();
  }
}

class Row {
  #place = make("span", "tally__place");
  #name = make("span", "tally__name");
  #marks = make("span", "tally__marks one-line");
  #bar = make("i", "");
  #votes = make("b", "");
  #share = make("span", "tally__share");
  #fitted = "";

  /**
   * @param {ResultRow} row
   * @param {HTMLElement | null} picture
   */
  constructor(row, picture) {
    const who = make("span", "tally__who", this.#name, this.#marks);
    mark(who, "picture", String(picture !== null));
    if (picture) who.prepend(picture);
    this.node = named(
      make(
        "li",
        "tally__row",
        this.#place,
        who,
        make("span", "tally__bar", this.#bar),
        make("span", "tally__votes", this.#votes, make("small", "", "票"), this.#share),
      ),
      `poll-row-${row.option_id}`,
    );
  }

  /**
   * @param {ResultRow} row
   * @param {number} at
   * @param {number} most
   * @param {Poll} poll
   */
  show(row, at, most, poll) {
    const leads = row.votes > 0 && row.place <= 3;
    write(this.#place, leads || poll.display === "race" ? String(row.place) : "");
    mark(this.node, "place", leads ? String(row.place) : "");
    mark(this.node, "mood", moodOf(row));
    write(this.#name, poll.display === "bars" ? `${row.number}. ${row.title}` : row.title);
    this.#marks.replaceChildren(...marksOf(row, poll).map((word) => make("em", "", word)));
    countTo(this.#votes, row.votes, formatPoints);
    write(this.#share, `${row.share.toFixed(1)}%`);
    this.#bar.style.setProperty("--length", (row.votes / most).toFixed(4));
    this.node.style.setProperty("--at", String(at));
  }

  fit() {
    const key = `${this.#name.textContent} ${this.#name.clientWidth} ${this.#name.clientHeight}`;
    if (key === this.#fitted || this.#name.clientHeight === 0) return;
    shrinkName(this.#name, NAME_REM.most, NAME_REM.fair, NAME_REM.least);
    this.#fitted = key;
  }
}

/** @param {ResultRow} row */
function moodOf(row) {
  if (row.tied) return "tied";
  return row.won ? "won" : "";
}

/**
 * @param {ResultRow} row
 * @param {Poll} poll
 */
function marksOf(row, { results }) {
  const words = row.direct ? ["直通卡"] : [];
  if (row.tied) return ["并列", ...words];
  if (row.won && results.final) return ["当选", ...words];
  if (row.out_in_round) return [`第 ${row.out_in_round} 轮出局`, ...words];
  return row.shares_place && row.votes > 0 ? [`并列第 ${row.place}`, ...words] : words;
}

/**
 * @param {Poll} poll
 * @param {number} more
 */
function noteOf({ results, method, places }, more) {
  const notes = [];
  if (results.final && results.tied.length > 0) {
    notes.push(`${results.tied.length} 个并列，争第 ${places} 名，等待加投`);
  }
  if (method === "ranked") notes.push("排序投票：逐轮淘汰票数最少的，选票转给下一个心愿");
  if (more > 0) notes.push(`另有 ${more} 个选项`);
  return notes.join("　·　");
}
