// 摇一摇 on the big screen: countdown, the race, the podium or the winners of the draw.

import { Deadline } from "/screen/static/clock.js";
import { Faces } from "/screen/static/faces.js";
import { motionAllowed, play } from "/screen/static/motion.js";
import { make, named, write } from "/screen/static/parts.js";
import { Podium } from "/screen/static/podium.js";
import { formatPoints } from "/screen/static/state.js";
import { Track } from "./track.js";
import { Winners } from "./winners.js";

const MODES = {
  race: { name: "比手速", hint: () => "摇得越多，跑得越远" },
  tug: { name: "班组拔河", hint: () => "比的是人均次数，人少的班组一样能赢" },
  luck: { name: "拼手气", hint: () => "手快不一定赢，好运随时会来" },
  draw: {
    name: "摇一摇抽奖",
    hint: ({ at_least, winner_count }) =>
      `摇满 ${Math.max(1, at_least ?? 1)} 下就能入围，抽出 ${winner_count} 位幸运同事`,
  },
};

export default class Shake {
  #faces;
  #tools;
  #activity = null;
  #state = null;

  constructor(node, tools) {
    this.#faces = new Faces(node);
    this.#tools = tools;
  }

  render(activity, state) {
    this.#activity = activity;
    this.#state = state;
    const [key, build] = this.#faceOf(activity);
    this.#faces.show(key, build).update(activity, state);
  }

  /** Ten times a second the race as it stands; the first may come before the state tells of it. */
  hear(kind, data) {
    const { id, round, phase } = this.#activity ?? {};
    if (kind !== "shake.pulse" || data.activity_id !== id || data.round_id !== round.id) return;
    if (phase === "countdown") this.render({ ...this.#activity, phase: "running" }, this.#state);
    this.#faces.face.pulse?.(data);
  }

  tick() {
    this.#faces.face?.tick?.();
  }

  #faceOf({ phase, round }) {
    const mode = MODES[round.mode];
    if (phase === "countdown") return [`countdown-${round.id}`, () => new Start(mode, this.#tools)];
    if (phase !== "podium") return [`track-${round.id}`, () => new Track(mode, this.#tools)];
    if (round.mode === "draw") return [`winners-${round.id}`, () => new Winners(this.#tools)];
    return [`podium-${round.id}`, () => new RacePodium(mode, this.#tools)];
  }
}

/** Three, two, one: the same moment on the screen and on all phones. */
class Start {
  #deadline;
  #number = named(make("p", "start__number"), "countdown-number");
  #hint = make("p", "start__hint");
  #paused = make("p", "start__paused", "暂停中，倒数也停住了");

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
      make("p", "start__more", "握稳手机；不方便摇的，点一点、按一按同样算数"),
    );
    this.hintOf = mode.hint;
  }

  update({ round }, state) {
    this.#deadline.follow(round.starts_at, round.paused, state.server_time);
    this.#paused.hidden = !round.paused;
    write(this.#hint, this.hintOf(round));
    this.tick();
  }

  tick() {
    const seconds = Math.ceil(this.#deadline.leftMs() / 1000);
    const words = seconds > 3 ? "预备" : seconds > 0 ? String(seconds) : "摇！";
    if (this.#number.textContent === words) return;
    this.#number.textContent = words;
    if (motionAllowed()) play(this.#number, BEAT, { duration: 500, easing: "ease-out" });
  }
}

const BEAT = [
  { transform: "scale(1.7)", opacity: 0.2 },
  { transform: "none", opacity: 1 },
];

/** Who was first: people, or the teams of a tug-of-war. */
class RacePodium {
  #podium;
  #mode;

  constructor(mode, tools) {
    this.#mode = mode;
    this.#podium = new Podium(tools);
    this.node = this.#podium.node;
  }

  update({ podium, round, since }) {
    const isTug = round.mode === "tug";
    const rows = isTug ? podium.teams.map(teamOf) : podium.rows.map(rowOf[round.mode]);
    this.#podium.show({
      title: `${this.#mode.name}　${formatPoints(podium.shakers)} 人参加`,
      since,
      nobody: "这一轮还没有人摇起来，下一轮一起来吧",
      rows,
    });
  }
}

const rowOf = {
  race: (row) => ({ ...personOf(row), score: formatPoints(row.count), extra: gainOf(row) }),
  luck: (row) => ({
    ...personOf(row),
    score: formatPoints(row.value),
    unit: "好运值",
    extra: `摇了 ${formatPoints(row.count)} 下`,
  }),
};

function personOf({ place, name, team }) {
  return { rank: place, name, team, unit: "下" };
}

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

function gainOf({ points }) {
  return points > 0 ? `+${formatPoints(points)} 分` : null;
}
