/** One phone of the page: its head with who holds it, and the frame in which the mini program runs. */
import { make } from "../runtime/make.js";
import { filesOf, keepFor, shelfOf } from "../runtime/shelf.js";
import { opened } from "./pages.js";
import * as server from "./server.js";

export const WIDTH = 375;
export const HEIGHT = 812;
// The key under which session.js of the mini program stores the event that was open last.
const EVENT = "event";

export class Handset {
  /** `number` is its place on the page from 1; the callbacks report what the tester does with it, and its start. */
  constructor(number, { onSelect, onPerson, onReady }) {
    this.number = number;
    this.person = null;
    this.event = null;
    this.page = "";
    this.isTurned = false;
    this._textScale = 1;
    this._condition = "good";
    this._name = make("span", { class: "handset-name" });
    this._note = make("span", { class: "handset-note" });
    this._select = make(
      "button",
      { type: "button", class: "handset-select", onclick: onSelect, "aria-pressed": "false" },
      make("span", { class: "handset-number", "aria-hidden": "true" }, String(number)),
      make("span", { class: "handset-who" }, this._name, this._note),
    );
    this._problem = make("p", { class: "handset-problem", role: "status" });
    this.frame = make("iframe", {
      title: `手机 ${number}`,
      allow: "accelerometer; display-capture",
    });
    this.frame.addEventListener("load", () => this._started(onReady));
    this._box = make("div", { class: "handset-box" }, this.frame);
    this.node = make(
      "article",
      { class: "handset", "aria-label": `手机 ${number}` },
      make(
        "header",
        {},
        this._select,
        make(
          "button",
          {
            type: "button",
            class: "quiet",
            onclick: onPerson,
            "aria-label": `给手机 ${number} 换人`,
          },
          "换人",
        ),
      ),
      this._problem,
      this._box,
    );
  }

  /** The phone's own controls (`window.phone`), null while it starts. */
  get phone() {
    // Before the scripts run, `window.phone` is the element with this id.
    const { phone } = this.frame.contentWindow ?? {};
    return phone?.journal ? phone : null;
  }

  /** Gives the phone to somebody, joins by the code where there is one, and opens a page. */
  async give(person, { code = "", page = "" } = {}) {
    this.person = person;
    this.event = null;
    this.page = page;
    this._name.textContent = person.name;
    this._note.textContent = [person.number, person.note].filter(Boolean).join(" · ");
    this._say("");
    await this._prepare(code);
    // Another person may have been chosen meanwhile.
    if (this.person === person) this.start();
  }

  /** Joins by a code and opens the event. */
  async join(code) {
    this._say("");
    await this._prepare(code);
    this.page = "";
    this.start();
  }

  async _prepare(code) {
    const { person } = this;
    try {
      await server.bind(person);
      if (!code) return;
      const event = await server.join(person, code);
      keepFor(person.user, EVENT, event);
      if (this.person === person) this.event = event;
    } catch (error) {
      if (!(error instanceof server.Refused)) throw error;
      if (this.person === person) this._say(error.message);
    }
  }

  /** Starts the mini program anew. */
  start() {
    const { path, query } = opened(this.page, this.event);
    const asked = new URLSearchParams({ user: this.person.user, frame: "1", path, query });
    this.node.dataset.ready = "false";
    this.frame.src = `/stub/phone?${asked}`;
  }

  /** Restarts with an empty storage, as a new phone of the same person. */
  renew() {
    const shelves = [shelfOf(this.person.user), filesOf(this.person.user)];
    for (const key of Object.keys(localStorage))
      if (shelves.some((shelf) => key.startsWith(shelf))) localStorage.removeItem(key);
    this.start();
  }

  /** Opens a page of the mini program. */
  open(page) {
    const { path, query } = opened(page, this.event);
    this.phone?.open(`/${path}?${query}`);
  }

  get condition() {
    return this._condition;
  }

  changeNetwork(condition) {
    this._condition = condition;
    this.phone?.network.change(condition);
  }

  get textScale() {
    return this._textScale;
  }

  changeTextScale(scale) {
    this._textScale = scale;
    this.phone?.setTextScale(scale);
  }

  turn() {
    this.isTurned = !this.isTurned;
    this.node.classList.toggle("handset--turned", this.isTurned);
  }

  /** Scales the phone to fit into this width and height. */
  fit(width, height) {
    const [own, ownHeight] = this.isTurned ? [HEIGHT, WIDTH] : [WIDTH, HEIGHT];
    const scale = Math.min(1, width / own, height / ownHeight);
    const { style } = this._box;
    style.setProperty("--width", `${own}px`);
    style.setProperty("--height", `${ownHeight}px`);
    style.setProperty("--scale", scale);
  }

  mark(isSelected) {
    this.node.classList.toggle("handset--selected", isSelected);
    this._select.setAttribute("aria-pressed", String(isSelected));
  }

  _started(onReady) {
    if (!this.phone) return;
    if (this._condition !== "good") this.phone.network.change(this._condition);
    if (this._textScale !== 1) this.phone.setTextScale(this._textScale);
    this.node.dataset.ready = "true";
    onReady(this);
  }

  _say(words) {
    this._problem.textContent = words;
  }
}
