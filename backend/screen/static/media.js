// The event's own background, pictures and music. Browsers play no sound before somebody has pressed
// something, so the music has a button and a key (`operator.js`).

/**
 * @typedef {object} MediaFacts
 * @property {string | null} background
 * @property {string[]} pictures
 * @property {{path: string, title: string} | null} music
 */

const NEXT_PICTURE_MS = 8_000;

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

export class Media {
  #backdrop = /** @type {HTMLImageElement} */ (at("backdrop-picture"));
  #slide = /** @type {HTMLImageElement} */ (at("slide"));
  #button = at("music");
  #audio = new Audio();
  /** @type {string[]} */
  #pictures = [];
  #place = 0;

  constructor() {
    this.#audio.loop = true;
    for (const name of ["play", "pause", "error"])
      this.#audio.addEventListener(name, () => this.#tell());
    setInterval(() => this.#next(), NEXT_PICTURE_MS);
  }

  /** @param {MediaFacts | undefined} facts */
  render(facts) {
    document.body.dataset.backdrop = String(Boolean(facts?.background));
    at("backdrop").hidden = !facts?.background;
    show(this.#backdrop, facts?.background ?? "");
    this.#renderPictures(facts?.pictures ?? []);
    this.#renderMusic(facts?.music ?? null);
  }

  /** @param {string[]} pictures */
  #renderPictures(pictures) {
    if (pictures.join() === this.#pictures.join()) return;
    this.#pictures = pictures;
    this.#place = 0;
    at("slides").hidden = pictures.length === 0;
    document.body.dataset.slides = String(pictures.length > 0);
    show(this.#slide, pictures[0] ?? "");
  }

  #next() {
    if (this.#pictures.length < 2) return;
    this.#place = (this.#place + 1) % this.#pictures.length;
    show(this.#slide, this.#pictures[this.#place]);
  }

  /** @param {MediaFacts["music"]} music */
  #renderMusic(music) {
    this.#button.hidden = music === null;
    const path = music?.path ?? "";
    if (this.#audio.getAttribute("src") === path) return;
    const wasOn = !this.#audio.paused;
    this.#audio.setAttribute("src", path);
    if (path === "") this.#audio.removeAttribute("src");
    else if (wasOn) this.#play();
    this.#button.title = music?.title ?? "";
    this.#tell();
  }

  /** Starts or stops the music; returns what holds now, in words. */
  toggleMusic() {
    if (this.#button.hidden) return "这个活动没有上传音乐";
    if (this.#audio.paused) this.#play();
    else this.#audio.pause();
    return this.#audio.paused ? "音乐：关" : "音乐：开";
  }

  #play() {
    this.#audio.play().catch(() => this.#tell());
  }

  #tell() {
    const on = !this.#audio.paused;
    const broken = this.#audio.error !== null && this.#audio.hasAttribute("src");
    at("music-words").textContent = broken ? "音乐放不出来" : on ? "停止音乐" : "播放音乐";
    this.#button.setAttribute("aria-pressed", String(on));
  }
}

/**
 * @param {HTMLImageElement} image
 * @param {string} path
 */
function show(image, path) {
  if (image.getAttribute("src") === path) return;
  if (path === "") image.removeAttribute("src");
  else image.src = path;
}
