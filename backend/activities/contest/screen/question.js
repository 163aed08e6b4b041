// A question of the contest, and its reveal: the same cards, of which the right one comes forward.

/** @import { Tools } from "/screen/static/scene.js" */
/** @import { State } from "/screen/static/state.js" */
/** @import { AskedQuestion, ContestActivity, Round } from "./contest.js" */

import { Deadline } from "/screen/static/clock.js";
import { shrinkToBox } from "/screen/static/fit.js";
import { countTo } from "/screen/static/motion.js";
import { make, mark, named, write } from "/screen/static/parts.js";
import { Ring } from "/screen/static/ring.js";
import { formatPoints, namesOf } from "/screen/static/state.js";
import { badge, tick } from "./marks.js";

/** @type {Record<string, string>} */
const KIND_WORDS = { single: "单选题", multiple: "多选题", truefalse: "判断题" };
const HIDDEN_WORDS = "题目已收起，活动继续后再作答";
const STEM_REM = { most: 5, revealed: 3.2, least: 1.5 };
const OPTION_REM = { most: 3.2, fair: 2.4, least: 1.1 };
// 对 and 错.
const WORD_REM = 7;
const EXPLANATION_REM = { most: 2, least: 1.1, step: 0.15 };

export class Question {
  /** @type {Deadline} */
  #deadline;
  #ring = new Ring();
  #wholeMs = 1;
  #running = false;
  #answered = named(make("b", ""), "answered");
  #expected = named(make("span", ""), "expected");
  #number = named(make("span", "chip chip--gold"), "question-number");
  #kind = make("span", "chip");
  #topic = make("span", "chip chip--quiet");
  #playoff = named(make("p", "question__playoff one-line"), "playoff");
  #stem = named(make("p", "question__stem"), "question-stem");
  #options = named(make("ol", "options"), "options");
  #right = make("div", "question__right");
  #explanation = named(make("p", "question__explanation"), "explanation");
  /** @type {Map<string, Card>} */
  #cards = new Map();
  #fitted = "";

  /** @param {Tools} tools */
  constructor({ clock }) {
    this.#deadline = new Deadline(clock);
    this.#playoff.hidden = this.#explanation.hidden = this.#right.hidden = true;
    const answered = make("p", "question__answered", "已作答 ", this.#answered, this.#expected);
    const bar = make("div", "question__bar", this.#number, this.#kind, this.#topic, answered);
    const aside = make("div", "question__aside", this.#ring.node, this.#right);
    const asked = make("div", "panel question__asked", this.#stem, aside);
    this.node = named(
      make("div", "question", bar, this.#playoff, asked, this.#options, this.#explanation),
      "question",
    );
    new ResizeObserver(() => this.#fit()).observe(this.node);
  }

  /**
   * @param {ContestActivity} activity
   * @param {State} state
   */
  update(activity, state) {
    const { round } = activity;
    this.#running = activity.phase === "question";
    this.#deadline.follow(round.ends_at, round.paused, state.server_time);
    this.#wholeMs = round.seconds * 1000;
    mark(this.node, "phase", activity.phase);
    this.#head(activity);
    countTo(this.#answered, round.answered, formatPoints);
    write(this.#expected, ` / ${formatPoints(expectedOf(activity, state))}`);
    if (round.question) this.#layCards(round.question);
    this.#options.hidden = !round.question;
    if (!this.#running) this.#reveal(round);
    this.#ring.node.hidden = !this.#running;
    this.#right.hidden = this.#running;
    this.tick();
    const fitted = `${activity.phase} ${Boolean(activity.playoff)} ${Boolean(round.question)}`;
    if (fitted !== this.#fitted) this.#fit();
    this.#fitted = fitted;
  }

  tick() {
    if (!this.#running) return;
    const left = this.#deadline.leftMs();
    this.#ring.show(left, this.#wholeMs, this.#deadline.stands);
    mark(this.node, "over", String(left <= 0));
  }

  /** @param {ContestActivity} activity */
  #head({ position, rounds, playoff, round }) {
    const { question } = round;
    write(this.#number, playoff ? "加赛题" : `第 ${position} 题 / 共 ${rounds} 题`);
    // In a pause nobody is shown the question.
    write(this.#kind, KIND_WORDS[question?.kind ?? ""] ?? "");
    write(this.#topic, question?.topic ?? "");
    write(this.#stem, question?.stem ?? HIDDEN_WORDS);
    this.#playoff.hidden = !playoff;
    if (playoff) write(this.#playoff, `同分加赛：${namesOf(playoff)}，其他同事请为他们加油`);
  }

  /** @param {AskedQuestion} question */
  #layCards({ kind, options }) {
    if (this.#cards.size > 0) return;
    this.#options.dataset.count = String(options.length);
    for (const { key, text } of options) {
      const card = new Card(key, text, kind);
      this.#cards.set(key, card);
      this.#options.append(card.node);
    }
    mark(this.node, "kind", kind);
  }

  /** @param {Round} round */
  #reveal({ key, explanation, distribution, answered, right }) {
    for (const [letter, card] of this.#cards) {
      card.reveal(key.includes(letter), distribution?.[letter] ?? 0, answered);
    }
    this.#right.replaceChildren(
      make("span", "question__share", share(right, answered)),
      make("span", "", answered > 0 ? `${answered} 人作答，${right} 人答对` : "还没有人作答"),
    );
    write(this.#explanation, explanation ?? "");
    this.#explanation.hidden = !explanation;
  }

  /**
   * The explanation takes what the stem and the options then share; it is made smaller as long as
   * its letters would be larger than those of the options.
   */
  #fit() {
    let most = EXPLANATION_REM.most;
    while (!this.#explanation.hidden) {
      shrinkToBox(this.#explanation, most, EXPLANATION_REM.least);
      this.#fitAsked();
      const { least } = EXPLANATION_REM;
      if (most <= least || remOf(this.#explanation) <= remOf(this.#options)) return;
      most = Math.max(least, most - EXPLANATION_REM.step);
    }
    this.#fitAsked();
  }

  /** Options break between clauses if their letters can stay large enough, else anywhere. */
  #fitAsked() {
    const largest = this.#running ? STEM_REM.most : STEM_REM.revealed;
    shrinkToBox(this.#stem, largest, STEM_REM.least);
    const texts = [...this.#cards.values()].map((card) => card.text);
    const most = this.node.dataset.kind === "truefalse" ? WORD_REM : OPTION_REM.most;
    mark(this.#options, "wrap", "clauses");
    if (shrinkToBox(this.#options, most, OPTION_REM.fair, texts)) return;
    mark(this.#options, "wrap", "letters");
    shrinkToBox(this.#options, most, OPTION_REM.least, texts);
  }
}

/**
 * How many people are asked: those who may answer and are present.
 * @param {ContestActivity} activity
 * @param {State} state
 */
function expectedOf({ playoff, round }, { present }) {
  const there = playoff || present === 0 ? round.expected : Math.min(round.expected, present);
  return Math.max(there, round.answered);
}

/** @param {HTMLElement} node */
function remOf(node) {
  return parseFloat(node.style.getPropertyValue("--fit"));
}

/** One option: its mark, its words, and after the reveal how many chose it. */
class Card {
  #bar = make("span", "option__bar");
  #count = make("span", "option__count");
  #chosen = make("b", "");
  #words = make("small", "");

  /**
   * @param {string} key
   * @param {string} text
   * @param {string} kind
   */
  constructor(key, text, kind) {
    this.text = make("span", "option__text", text);
    const head = make("span", "option__mark", badge(key, kind));
    this.#count.hidden = true;
    this.node = named(
      make("li", "option", this.#bar, head, this.text, this.#count),
      `option-${key}`,
    );
    this.node.dataset.key = key;
    this.node.dataset.kind = kind;
  }

  /**
   * @param {boolean} isRight
   * @param {number} count
   * @param {number} answered
   */
  reveal(isRight, count, answered) {
    mark(this.node, "right", String(isRight));
    this.#bar.style.setProperty("--share", (count / Math.max(1, answered)).toFixed(3));
    if (this.#count.hidden) {
      const mark = isRight ? [tick("option__tick")] : [];
      this.#count.replaceChildren(...mark, this.#chosen, this.#words);
      this.#count.hidden = false;
    }
    write(this.#chosen, String(count));
    write(this.#words, shareWords(count, answered));
  }
}

/**
 * @param {number} part
 * @param {number} whole
 */
function share(part, whole) {
  return whole > 0 ? `${Math.round((part / whole) * 100)}%` : "–";
}

/**
 * @param {number} count
 * @param {number} answered
 */
function shareWords(count, answered) {
  return answered > 0 ? ` 人 · ${share(count, answered)}` : " 人";
}
