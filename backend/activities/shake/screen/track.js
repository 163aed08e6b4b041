// The race while one shakes: lanes that glide, or a rope between two teams; the time and the crowd.

/** @import { Tools } from "/screen/static/scene.js" */
/** @import { State } from "/screen/static/state.js" */
/** @import { LaneFacts, Mode, Pulse, ShakeActivity, Team } from "./shake.js" */

import { Deadline } from "/screen/static/clock.js";
import { shrinkName } from "/screen/static/fit.js";
import { countTo } from "/screen/static/motion.js";
import { make, mark, mascot, named, write } from "/screen/static/parts.js";
import { Ring } from "/screen/static/ring.js";
import { formatPoints, lengthOf } from "/screen/static/state.js";

const NAME_WIDTH = { long: 7, longest: 10 };
// Lanes for which there is room from the beginning; of teams there are few.
const LEAST_LANES = 8;
const LEAST_TEAMS = 4;
// The figures that run in races that are not shaken.
/** @type {Record<string, string>} */
const RUNNERS = { cash: "lane__note", packets: "lane__packet" };
// A team that shakes half as much again has pulled the rope half of the way.
const STRONG = 2.5;

export class Track {
  /** @type {Deadline} */
  #deadline;
  #ring = new Ring();
  #wholeMs = 1;
  #crowd = named(make("b", ""), "shakers");
  #field = named(make("div", "track__field"), "lanes");
  #verb = make("span", "");
  #hint = make("p", "track__hint one-line");
  #more = named(make("p", "track__more"), "more-teams");
  #words = named(make("p", "track__words"), "track-words");
  /** @type {Lanes | Rope | null} */
  #shape = null;
  /** @type {Mode} */
  #mode;

  /**
   * @param {Mode} mode
   * @param {Tools} tools
   */
  constructor(mode, { clock }) {
    this.#mode = mode;
    this.#deadline = new Deadline(clock);
    write(this.#crowd, "0");
    const head = make(
      "div",
      "track__head",
      named(make("h2", "track__title", mode.name), "race-mode"),
      this.#hint,
      this.#more,
    );
    const crowd = make("p", "track__crowd", this.#crowd, this.#verb);
    const aside = make("div", "panel track__aside", this.#ring.node, this.#words, crowd);
    this.node = make("div", "track", head, make("div", "panel track__board", this.#field), aside);
  }

  /**
   * @param {ShakeActivity} activity
   * @param {State} state
   */
  update({ phase, round }, state) {
    this.#deadline.follow(round.ends_at, round.paused, state.server_time);
    this.#wholeMs = round.seconds * 1000;
    write(this.#hint, this.#mode.hint(round));
    write(this.#words, phase === "counting" ? "正在清点成绩…" : "");
    const { verb } = this.#mode;
    write(this.#verb, phase === "counting" ? `人${verb}过` : `人在${verb}`);
    this.#shape ??=
      round.mode === "tug" && round.teams.length === 2
        ? new Rope(this.#field, round.teams)
        : new Lanes(this.#field, round.mode);
    this.tick();
  }

  /**
   * Hears of every pulse.
   * @param {string} _name
   * @param {Pulse} data
   */
  hear(_name, data) {
    countTo(this.#crowd, data.shakers, formatPoints);
    write(this.#more, data.more > 0 ? `另有 ${data.more} 个班组也在摇` : "");
    this.#shape?.show(data.lanes, 1 - data.left_ms / this.#wholeMs);
  }

  tick() {
    this.#ring.show(this.#deadline.leftMs(), this.#wholeMs, this.#deadline.stands);
  }
}

/** A lane for each; who leads is as far as the time is, the others as much behind as they are. */
class Lanes {
  /** @type {HTMLElement} */
  #field;
  /** @type {Map<number, Lane>} */
  #lanes = new Map();
  #none = make(
    "div",
    "track__none",
    mascot("consolation__mascot"),
    make("p", "", "动起来！跑道上马上就有你"),
  );

  /** @type {string} */
  #mode;

  /**
   * @param {HTMLElement} field
   * @param {string} mode
   */
  constructor(field, mode) {
    this.#field = field;
    this.#mode = mode;
    field.classList.add("lanes");
    mark(field, "mode", mode);
    field.append(this.#none);
  }

  /**
   * @param {LaneFacts[]} all
   * @param {number} share
   */
  show(all, share) {
    // A team without anybody present takes no part in the race.
    const rows = all.filter((row) => row.members !== 0);
    this.#none.hidden = rows.length > 0;
    const least = this.#mode === "tug" ? LEAST_TEAMS : LEAST_LANES;
    this.#field.style.setProperty("--slots", String(Math.max(least, rows.length)));
    mark(this.#field, "many", String(rows.length > LEAST_LANES));
    mark(this.#field, "few", String(Math.max(least, rows.length) === LEAST_TEAMS));
    const most = Math.max(1, ...rows.map((row) => row.count));
    const there = new Set(rows.map(idOf));
    for (const [id, lane] of this.#lanes) {
      if (!there.has(id)) this.#drop(id, lane);
    }
    rows.forEach((row, place) => this.#laneOf(row).show(row, place, (row.count / most) * share));
  }

  /**
   * @param {LaneFacts} row
   * @returns {Lane}
   */
  #laneOf(row) {
    const there = this.#lanes.get(idOf(row));
    if (there) return there;
    const lane = new Lane(row, this.#mode);
    this.#lanes.set(idOf(row), lane);
    this.#field.append(lane.node);
    return lane;
  }

  /**
   * @param {number} id
   * @param {Lane} lane
   */
  #drop(id, lane) {
    lane.node.remove();
    this.#lanes.delete(id);
  }
}

class Lane {
  #place = 0;
  #rank = make("span", "lane__rank");
  #count = make("span", "lane__count");
  #detail = make("span", "lane__team one-line");

  /**
   * @param {LaneFacts} row
   * @param {string} mode
   */
  constructor(row, mode) {
    const name = make("span", "lane__name one-line", row.name);
    mark(name, "length", lengthOf(row.name, NAME_WIDTH));
    const emblem = RUNNERS[mode] ? make("span", RUNNERS[mode]) : mascot("lane__mascot");
    const runner = make("span", "lane__runner", emblem);
    this.node = named(
      make(
        "div",
        "lane",
        this.#rank,
        make("span", "lane__who", name, this.#detail),
        make("span", "lane__way", make("span", "lane__bar"), runner),
        this.#count,
      ),
      `lane-${idOf(row)}`,
    );
  }

  /**
   * @param {LaneFacts} row
   * @param {number} place
   * @param {number} share
   */
  show(row, place, share) {
    write(this.#rank, String(place + 1));
    mark(this.node, "rank", place < 3 ? String(place + 1) : "");
    write(this.#detail, row.members === undefined ? (row.team ?? "") : `${row.members} 人`);
    write(this.#count, formatPoints(row.count));
    // A rising lane is drawn in front of a falling one.
    this.node.style.zIndex = String(place < this.#place ? 1 : 0);
    this.#place = place;
    this.node.style.setProperty("--place", String(place));
    this.node.style.setProperty("--share", share.toFixed(4));
    mark(this.node, "count", String(row.count));
  }
}

/** Two teams at one rope: it moves towards the one whose members shake more on average. */
class Rope {
  /** @type {HTMLElement} */
  #field;
  /** @type {Map<number, Side>} */
  #sides;

  /**
   * @param {HTMLElement} field
   * @param {Team[]} teams
   */
  constructor(field, teams) {
    this.#field = field;
    field.classList.add("rope");
    this.#sides = new Map(teams.map((team, index) => [team.team_id, new Side(team, index)]));
    const line = make(
      "div",
      "rope__line",
      make("span", "rope__cord"),
      ...crew("left"),
      make("span", "rope__knot"),
      ...crew("right"),
    );
    field.append(
      make("div", "rope__teams", ...[...this.#sides.values()].map((side) => side.node)),
      make("div", "rope__ground", make("span", "rope__middle"), line),
    );
  }

  /** @param {LaneFacts[]} rows */
  show(rows) {
    const [left, right] = [...this.#sides.keys()].map(
      (id) => rows.find((row) => row.team_id === id) ?? { count: 0, members: 0 },
    );
    const both = left.count + right.count;
    const lead = both > 0 ? (right.count - left.count) / both : 0;
    const pull = Math.max(-1, Math.min(1, lead * STRONG));
    this.#field.style.setProperty("--pull", pull.toFixed(4));
    const sides = [...this.#sides.values()];
    sides[0].show(left, left.count > right.count);
    sides[1].show(right, right.count > left.count);
  }
}

class Side {
  /** @type {HTMLElement} */
  #name;
  #count = make("b", "rope__count", "0");
  #members = make("span", "rope__members", "等人来拉");

  /**
   * @param {Team} team
   * @param {number} index
   */
  constructor(team, index) {
    this.#name = make("p", "rope__name", team.name);
    this.node = named(
      make(
        "div",
        "rope__team",
        this.#name,
        make("p", "", this.#count, make("small", "", " 下 / 人")),
        this.#members,
      ),
      `side-${team.team_id}`,
    );
    this.node.dataset.side = index === 0 ? "left" : "right";
  }

  /**
   * @param {{count: number, members?: number}} row
   * @param {boolean} leads
   */
  show(row, leads) {
    write(this.#count, formatPoints(row.count));
    const members = row.members ?? 0;
    write(this.#members, members > 0 ? `${members} 人在拉` : "等人来拉");
    mark(this.node, "leads", String(leads));
    if (!this.#name.dataset.wrap) shrinkName(this.#name, 3.2, 2, 1.3);
    mark(this.node, "count", String(row.count));
  }
}

/** @param {string} side */
function crew(side) {
  return [1, 2, 3].map((number) => mascot(`rope__puller rope__puller--${side}${number}`));
}

/** @param {LaneFacts} row */
function idOf(row) {
  return row.player_id ?? row.team_id ?? 0;
}
