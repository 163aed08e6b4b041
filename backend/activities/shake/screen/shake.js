// 摇一摇 on the big screen: countdown, the race, the podium or the winners of the draw.

/** @import { Face } from "/screen/static/faces.js" */
/** @import { PodiumRow } from "/screen/static/podium.js" */
/** @import { Act, Tools } from "/screen/static/scene.js" */
/** @import { Activity, State } from "/screen/static/state.js" */

import { Deadline } from "/screen/static/clock.js";
import { ActWithFaces } from "/screen/static/faces.js";
import { motionAllowed, play } from "/screen/static/motion.js";
import { make, named, write } from "/screen/static/parts.js";
import { Podium } from "/screen/static/podium.js";
import { formatPoints } from "/screen/static/state.js";
import { Track } from "./track.js";
import { Winners } from "./winners.js";

/**
 * A shake on the stage, see `backend/activities/shake/view.py`.
 *
 * @typedef {{team_id: number, name: string}} Team
 * @typedef {object} Round
 * @property {number} id
 * @property {string} mode "race", "tug", "luck", "draw", "cash" or "packets"
 * @property {string} starts_at
 * @property {string} ends_at
 * @property {boolean} paused
 * @property {number} seconds
 * @property {number} [at_least] in a draw
 * @property {number} [winner_count] in a draw
 * @property {Team[]} teams in a tug-of-war
 *
 * @typedef {{player_id: number, place: number, name: string, team: string | null, count: number,
 *   value: number, points: number}} Person
 * @typedef {{place: number, name: string, members: number, total: number, count: number,
 *   points: number}} PlacedTeam
 * @typedef {{shakers: number, rows: Person[], teams: PlacedTeam[]}} PodiumFacts
 *
 * @typedef {Activity & {round: Round, since: string, podium: PodiumFacts}} ShakeActivity
 *
 * @typedef {{player_id?: number, team_id?: number, name: string, team?: string | null,
 *   members?: number, count: number}} LaneFacts A person or a team.
 * @typedef {{activity_id: number, round_id: number, left_ms: number, shakers: number,
 *   lanes: LaneFacts[], more: number}} Pulse The message `shake.pulse`; `more` teams have no lane.
 *
 * @typedef {{name: string, hint: (round: Round) => string, unit: string, verb: string, go: string,
 *   ready: string}} Mode `unit` of the count; `verb` what people do; `go` and `ready` are said to them.
 */

const SHAKEN = {
  unit: "下",
  verb: "摇",
  go: "摇！",
  ready: "握稳手机；不方便摇的，点一点、按一按同样算数",
};
/** @type {Record<string, Mode>} */
const MODES = {
  race: { ...SHAKEN, name: "比手速", hint: () => "摇得越多，跑得越远" },
  tug: { ...SHAKEN, name: "班组拔河", hint: () => "比的是人均次数，人少的班组一样能赢" },
  luck: { ...SHAKEN, name: "拼手气", hint: () => "手快不一定赢，好运随时会来" },
  cash: {
    name: "数钱",
    hint: () => "一张一张往上划，数得多的在前",
    unit: "张",
    verb: "数",
    go: "数！",
    ready: "拇指放到钞票上；不方便划的，点一点、按一按同样算数",
  },
  packets: {
    name: "红包雨",
    hint: () => "红包落下来就点，接得多的在前",
    unit: "个",
    verb: "接",
    go: "接！",
    ready: "眼睛盯住手机；不方便瞄准的，按住不放同样算数",
  },
  draw: {
    ...SHAKEN,
    name: "摇一摇抽奖",
    hint: ({ at_least, winner_count }) =>
      `摇满 ${Math.max(1, at_least ?? 1)} 下就能入围，抽出 ${winner_count} 位幸运同事`,
  },
};

export default class Shake extends ActWithFaces {
  /** @type {ShakeActivity | null} */
  #activity = null;
  /** @type {State | null} */
  #state = null;

  /**
   * @override
   * @param {ShakeActivity} activity
   * @param {State} state
   */
  render(activity, state) {
    this.#activity = activity;
    this.#state = state;
    super.render(activity, state);
  }

  /**
   * Shows the lanes, which come ten times a second; the first may come before the new state.
   * @override
   * @param {string} kind
   * @param {Pulse} data
   */
  hear(kind, data) {
    const [activity, state] = [this.#activity, this.#state];
    if (kind !== "shake.pulse" || !activity || !state) return;
    if (data.activity_id !== activity.id || data.round_id !== activity.round.id) return;
    if (activity.phase === "countdown") this.render({ ...activity, phase: "running" }, state);
    this.faces.face?.hear?.(kind, data);
  }

  /**
   * @override
   * @param {ShakeActivity} activity
   * @returns {[string, () => Face]}
   */
  faceOf({ phase, round }) {
    const mode = MODES[round.mode];
    if (phase === "countdown") return [`countdown-${round.id}`, () => new Start(mode, this.tools)];
    if (phase !== "podium") return [`track-${round.id}`, () => new Track(mode, this.tools)];
    if (round.mode === "draw") return [`winners-${round.id}`, () => new Winners(this.tools)];
    return [`podium-${round.id}`, () => new RacePodium(mode, this.tools)];
  }
}

/** Three, two, one: the same moment on the screen and on all phones. */
class Start {
  /** @type {Deadline} */
  #deadline;
  #number = named(make("p", "start__number"), "countdown-number");
  #hint = make("p", "start__hint");
  #paused = make("p", "start__paused", "暂停中，倒数也停住了");
  /** @type {Mode} */
  #mode;

  /**
   * @param {Mode} mode
   * @param {Tools} tools
   */
  constructor(mode, { clock }) {
    this.#deadline = new Deadline(clock);
    this.#paused.hidden = true;
    this.node = make(
      "div",
      "start",
      named(make("h2", "start__title", mode.name), "race-mode"),
      this.#hint,
      this.#number,
      this.#paused,
      make("p", "start__more", mode.ready),
    );
    this.#mode = mode;
  }

  /**
   * @param {ShakeActivity} activity
   * @param {State} state
   */
  update({ round }, state) {
    this.#deadline.follow(round.starts_at, round.paused, state.server_time);
    this.#paused.hidden = !round.paused;
    write(this.#hint, this.#mode.hint(round));
    this.tick();
  }

  tick() {
    const seconds = Math.ceil(this.#deadline.leftMs() / 1000);
    const words = seconds > 3 ? "预备" : seconds > 0 ? String(seconds) : this.#mode.go;
    if (this.#number.textContent === words) return;
    this.#number.textContent = words;
    if (motionAllowed()) play(this.#number, BEAT, { duration: 500, easing: "ease-out" });
  }
}

const BEAT = [
  { transform: "scale(0.6)", opacity: 0.2 },
  { transform: "none", opacity: 1 },
];

/** Who was first: people, or the teams of a tug-of-war. */
class RacePodium {
  /** @type {Podium} */
  #podium;
  /** @type {Mode} */
  #mode;

  /**
   * @param {Mode} mode
   * @param {Tools} tools
   */
  constructor(mode, tools) {
    this.#mode = mode;
    this.#podium = new Podium(tools);
    this.node = this.#podium.node;
  }

  /** @param {ShakeActivity} activity */
  update({ podium, round, since }) {
    const isTug = round.mode === "tug";
    const people = podium.rows.map(rowOf[round.mode] ?? countedOf);
    const rows = isTug
      ? podium.teams.map(teamOf)
      : people.map((row) => ({ ...row, unit: row.unit || this.#mode.unit }));
    this.#podium.show({
      title: `${this.#mode.name}　${formatPoints(podium.shakers)} 人参加`,
      since,
      nobody: "这一轮还没有人上场，下一轮一起来吧",
      rows,
    });
  }
}

/**
 * @param {Person} row
 * @returns {PodiumRow}
 */
function countedOf(row) {
  return { ...personOf(row), score: formatPoints(row.count), extra: gainOf(row) };
}

/** @type {Record<string, (row: Person) => PodiumRow>} */
const rowOf = {
  luck: (row) => ({
    ...personOf(row),
    score: formatPoints(row.value),
    unit: "好运值",
    extra: `摇了 ${formatPoints(row.count)} 下`,
  }),
};

/** @param {Person} row */
function personOf({ place, name, team }) {
  return { rank: place, name, team, unit: "" };
}

/**
 * @param {PlacedTeam} row
 * @returns {PodiumRow}
 */
function teamOf(row) {
  return {
    rank: row.place,
    name: row.name,
    team: `${row.members} 人参加，共 ${formatPoints(row.total)} 下`,
    score: formatPoints(row.count),
    unit: "下 / 人",
    extra: row.points > 0 ? `每人 +${formatPoints(row.points)} 分` : null,
  };
}

/** @param {Person} row */
function gainOf({ points }) {
  return points > 0 ? `+${formatPoints(points)} 分` : null;
}
