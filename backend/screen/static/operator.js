// What somebody at the computer of the big screen can do: keys, buttons that appear with the mouse,
// a help. Nothing of it reaches the server or another screen.

const AWAY_MS = 3_000;
const SAID_MS = 1_800;

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * @typedef {object} Deeds
 * @property {(step: number) => string} turn Turns this page by so many views; returns its title.
 * @property {() => string} follow Follows the host again; returns the title of what is shown.
 * @property {() => string} cues Switches the cues; returns what holds now.
 * @property {() => string} music Starts or stops the music; returns what holds now.
 */

export class Operator {
  /** @type {Record<string, () => string>} */
  #keys;
  /** @type {number | undefined} */
  #awayTimer;
  /** @type {number | undefined} */
  #saidTimer;

  /** @param {Deeds} deeds */
  constructor({ turn, follow, cues, music }) {
    this.#keys = {
      " ": () => turn(1),
      ArrowRight: () => turn(1),
      ArrowLeft: () => turn(-1),
      PageDown: () => turn(1),
      PageUp: () => turn(-1),
      Escape: () => (at("help").hidden === true ? follow() : this.#help(false)),
      f: () => this.#fullScreen(),
      s: cues,
      m: music,
      "?": () => this.#help(at("help").hidden === true),
      "？": () => this.#help(at("help").hidden === true),
    };
    window.addEventListener("keydown", (event) => this.#press(event));
    window.addEventListener("pointermove", () => this.#here());
    at("full-screen").addEventListener("click", () => this.#say(this.#fullScreen()));
    at("help-open").addEventListener("click", () => this.#help(true));
    at("help-close").addEventListener("click", () => this.#help(false));
    at("cues").addEventListener("click", () => this.#say(cues()));
    at("music").addEventListener("click", () => this.#say(music()));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event)) return;
    const deed = this.#keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!deed) return;
    event.preventDefault();
    if (!event.repeat) this.#say(deed());
  }

  #here() {
    document.body.dataset.operator = "here";
    clearTimeout(this.#awayTimer);
    this.#awayTimer = setTimeout(() => delete document.body.dataset.operator, AWAY_MS);
  }

  /** @param {boolean} shown */
  #help(shown) {
    at("help").hidden = !shown;
    return "";
  }

  #fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(() => this.#say("浏览器不让全屏"));
    return "";
  }

  /** @param {string} words */
  #say(words) {
    if (words === "") return;
    at("said").textContent = words;
    at("said").hidden = false;
    clearTimeout(this.#saidTimer);
    this.#saidTimer = setTimeout(() => (at("said").hidden = true), SAID_MS);
  }
}

/**
 * Whether a key belongs to a field, or to a button that it would press.
 * @param {KeyboardEvent} event
 */
function isTyping(event) {
  const node = event.target;
  if (!(node instanceof HTMLElement)) return false;
  if (node.isContentEditable || node.closest("input, textarea, select")) return true;
  return (event.key === " " || event.key === "Enter") && node.matches("button:focus-visible");
}
