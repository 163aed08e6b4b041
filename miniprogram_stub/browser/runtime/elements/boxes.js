/** Containers, text and pictures: `view`, `text`, `image`, `scroll-view`, `swiper`, `rich-text`, `progress`, `icon`, `canvas`. */
import { assetAddress } from "../assets.js";
import { sendTo } from "../gestures.js";
import { any, element, isOn } from "./element.js";

const FITS = { scaleToFill: "fill", aspectFit: "contain", aspectFill: "cover", center: "none" };
const FAR = 50;

export const view = element();

export const text = element({
  properties: {
    selectable: any(false),
    userSelect: any(false),
    space: any(),
    decode: any(),
    numberOfLines: any(),
  },
  observers: {
    "selectable, userSelect"(selectable, userSelect) {
      this.$$.toggleAttribute("data-selectable", isOn(selectable) || isOn(userSelect));
    },
  },
});

export const image = element({
  properties: {
    src: any(""),
    mode: any("scaleToFill"),
    lazyLoad: any(),
    fadeIn: any(),
    webp: any(),
    showMenuByLongpress: any(),
  },
  created() {
    const picture = document.createElement("img");
    picture.alt = "";
    picture.draggable = false;
    picture.addEventListener("load", () => {
      sendTo(this, "load", { width: picture.naturalWidth, height: picture.naturalHeight });
    });
    picture.addEventListener("error", () =>
      sendTo(this, "error", { errMsg: `no picture at ${this.data.src}` }),
    );
    this.picture = picture;
    this.$$.append(picture);
  },
  observers: {
    src(value) {
      if (value) this.picture.src = assetAddress(String(value), this);
      else this.picture.removeAttribute("src");
    },
    mode(value) {
      this.$$.dataset.mode = value;
      this.picture.style.objectFit = FITS[value] ?? "fill";
    },
    ariaLabel(value) {
      this.picture.alt = value ?? "";
    },
  },
});

export const scrollView = element({
  properties: {
    scrollX: any(false),
    scrollY: any(false),
    upperThreshold: any(FAR),
    lowerThreshold: any(FAR),
    scrollTop: any(),
    scrollLeft: any(),
    scrollIntoView: any(""),
    scrollWithAnimation: any(false),
    enableFlex: any(false),
    enhanced: any(),
    showScrollbar: any(true),
    bounces: any(),
    pagingEnabled: any(),
    fastDeceleration: any(),
    enableBackToTop: any(),
    scrollAnchoring: any(),
    type: any(),
    refresherEnabled: any(),
    refresherThreshold: any(),
    refresherTriggered: any(),
    refresherBackground: any(),
    refresherDefaultStyle: any(),
    usingSticky: any(),
    enablePassive: any(),
  },
  attached() {
    const node = this.$$;
    let top = node.scrollTop;
    let left = node.scrollLeft;
    node.tabIndex = 0;
    node.addEventListener("scroll", () => {
      const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight, clientWidth } = node;
      const detail = {
        scrollTop,
        scrollLeft,
        scrollHeight,
        scrollWidth,
        deltaX: left - scrollLeft,
        deltaY: top - scrollTop,
      };
      const isDown = scrollTop > top || scrollLeft > left;
      const isAtEnd = isOn(this.data.scrollY)
        ? scrollTop + clientHeight >= scrollHeight - this.data.lowerThreshold
        : scrollLeft + clientWidth >= scrollWidth - this.data.lowerThreshold;
      const isAtStart =
        (isOn(this.data.scrollY) ? scrollTop : scrollLeft) <= this.data.upperThreshold;
      sendTo(this, "scroll", detail);
      if (isDown && isAtEnd) sendTo(this, "scrolltolower", { direction: "bottom" });
      if (!isDown && isAtStart) sendTo(this, "scrolltoupper", { direction: "top" });
      top = scrollTop;
      left = scrollLeft;
    });
    this.settle();
  },
  methods: {
    settle() {
      const { scrollTop, scrollLeft, scrollIntoView, scrollWithAnimation } = this.data;
      const behavior = isOn(scrollWithAnimation) ? "smooth" : "auto";
      if (scrollTop !== null || scrollLeft !== null) {
        this.$$.scrollTo({ top: Number(scrollTop) || 0, left: Number(scrollLeft) || 0, behavior });
      }
      if (!scrollIntoView) return;
      requestAnimationFrame(() => {
        const target = this.$$.querySelector(`[id$="--${CSS.escape(scrollIntoView)}"]`);
        target?.scrollIntoView({ behavior, block: "start", inline: "start" });
      });
    },
  },
  observers: {
    "scrollX, scrollY"(x, y) {
      this.$$.toggleAttribute("data-x", isOn(x));
      this.$$.toggleAttribute("data-y", isOn(y));
    },
    "scrollTop, scrollLeft, scrollIntoView"() {
      this.settle();
    },
    enableFlex(value) {
      this.$$.toggleAttribute("data-flex", isOn(value));
    },
    showScrollbar(value) {
      this.$$.toggleAttribute("data-bare", !isOn(value));
    },
  },
});

export const swiper = element({
  properties: {
    current: any(0),
    indicatorDots: any(false),
    indicatorColor: any(),
    indicatorActiveColor: any(),
    autoplay: any(false),
    interval: any(5000),
    duration: any(500),
    circular: any(false),
    vertical: any(false),
    previousMargin: any(),
    nextMargin: any(),
    displayMultipleItems: any(1),
    easingFunction: any(),
    snapToEdge: any(),
    currentItemId: any(),
  },
  attached() {
    this.at = 0;
    this.$$.addEventListener("scroll", () => {
      clearTimeout(this.settling);
      this.settling = setTimeout(() => this.arrive("touch"), 120);
    });
    requestAnimationFrame(() => this.show(this.data.current, "auto"));
    this.ticking = setInterval(() => {
      if (isOn(this.data.autoplay))
        this.show((this.at + 1) % Math.max(1, this.items().length), "smooth");
    }, this.data.interval);
  },
  detached() {
    clearInterval(this.ticking);
    clearTimeout(this.settling);
  },
  methods: {
    items() {
      return [...this.$$.querySelectorAll(":scope > wx-swiper-item")];
    },
    show(at, behavior) {
      const { clientWidth, clientHeight } = this.$$;
      const isVertical = isOn(this.data.vertical);
      this.$$.scrollTo({
        left: isVertical ? 0 : at * clientWidth,
        top: isVertical ? at * clientHeight : 0,
        behavior,
      });
      this.asked = Number(at);
    },
    arrive(source) {
      const { scrollLeft, scrollTop, clientWidth, clientHeight } = this.$$;
      const at =
        Math.round(
          isOn(this.data.vertical) ? scrollTop / clientHeight : scrollLeft / clientWidth,
        ) || 0;
      if (at === this.at) return;
      this.at = at;
      sendTo(this, "change", {
        current: at,
        currentItemId: "",
        source: at === this.asked ? "" : source,
      });
      sendTo(this, "animationfinish", { current: at, source });
    },
  },
  observers: {
    current(value) {
      this.show(value, "smooth");
    },
    vertical(value) {
      this.$$.toggleAttribute("data-vertical", isOn(value));
    },
  },
});

export const progress = element({
  properties: {
    percent: any(0),
    showInfo: any(false),
    strokeWidth: any(6),
    activeColor: any("#09bb07"),
    backgroundColor: any("#ebebeb"),
    borderRadius: any(0),
    fontSize: any(16),
    color: any(),
    active: any(),
    activeMode: any(),
    duration: any(),
  },
  created() {
    this.bar = document.createElement("div");
    this.words = document.createElement("span");
    const track = document.createElement("div");
    track.className = "wx-progress-track";
    track.append(this.bar);
    this.track = track;
    this.$$.append(track, this.words);
    this.$$.setAttribute("role", "progressbar");
  },
  observers: {
    "percent, showInfo, strokeWidth, activeColor, backgroundColor, borderRadius"(
      percent,
      showInfo,
      width,
      active,
      ground,
      radius,
    ) {
      this.bar.style.cssText = `width:${percent}%;background:${active};border-radius:${radius}px`;
      this.track.style.cssText = `height:${width}px;background:${ground};border-radius:${radius}px`;
      this.words.textContent = isOn(showInfo) ? `${percent}%` : "";
      this.$$.setAttribute("aria-valuenow", String(percent));
    },
  },
});

const ICONS = {
  success: "✓",
  success_no_circle: "✓",
  info: "i",
  warn: "!",
  waiting: "…",
  cancel: "×",
  clear: "×",
  download: "↓",
  search: "⌕",
};

export const icon = element({
  properties: { type: any("success"), size: any(23), color: any("#09bb07") },
  observers: {
    "type, size, color"(type, size, color) {
      this.$$.textContent = ICONS[type] ?? "";
      this.$$.style.cssText = `font-size:${size}px;color:${color}`;
    },
  },
});

export const canvas = element({
  properties: { type: any(), canvasId: any(), disableScroll: any(false) },
  created() {
    this.node = document.createElement("canvas");
    this.node.requestAnimationFrame = (draw) => requestAnimationFrame(draw);
    this.node.cancelAnimationFrame = (number) => cancelAnimationFrame(number);
    this.node.createImage = () => new Image();
    this.node.createPath2D = (path) => new Path2D(path);
    this.$$.append(this.node);
  },
  observers: {
    disableScroll(value) {
      this.$$.toggleAttribute("data-still", isOn(value));
    },
  },
});

const TAGS = new Set(
  "a abbr b blockquote br code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins li ol p q s small span strong sub sup table tbody td tfoot th thead tr u ul".split(
    " ",
  ),
);
const ATTRIBUTES = new Set([
  "class",
  "style",
  "alt",
  "width",
  "height",
  "colspan",
  "rowspan",
  "start",
  "type",
]);

export const richText = element({
  properties: { nodes: any([]), space: any(), userSelect: any(), mode: any() },
  observers: {
    nodes(value) {
      this.$$.replaceChildren(
        ...(typeof value === "string" ? fromHtml(value) : (value ?? []).map(fromNode)),
      );
    },
  },
});

function fromHtml(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html").body;
  return [...parsed.childNodes].map(copy);
}

/** A copy with the tags and attributes that WeChat keeps. */
function copy(node) {
  if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
  const name = node.nodeName.toLowerCase();
  if (!TAGS.has(name)) return document.createTextNode("");
  const attributes = Object.fromEntries(
    [...(node.attributes ?? [])].map(({ name, value }) => [name, value]),
  );
  return build(name, attributes, [...node.childNodes].map(copy));
}

function fromNode({ type, text: words, name = "", attrs = {}, children = [] }) {
  if (type === "text") return document.createTextNode(words ?? "");
  return TAGS.has(name) ? build(name, attrs, children.map(fromNode)) : document.createTextNode("");
}

function build(name, attributes, children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "style") made.style.cssText = value;
    else if (ATTRIBUTES.has(key)) made.setAttribute(key, value);
    else if (key === "src" && /^(https?:|data:image|\/)/.test(value)) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export const video = element({
  properties: {
    src: any(""),
    controls: any(true),
    autoplay: any(),
    loop: any(),
    muted: any(),
    poster: any(""),
    objectFit: any(),
    title: any(),
  },
  created() {
    this.film = document.createElement("video");
    this.film.controls = true;
    this.film.playsInline = true;
    this.$$.append(this.film);
    for (const type of ["play", "pause", "ended"])
      this.film.addEventListener(type, () => sendTo(this, type));
    this.film.addEventListener("error", () =>
      sendTo(this, "error", { errMsg: "MEDIA_ERR_SRC_NOT_SUPPORTED" }),
    );
  },
  observers: {
    src(value) {
      if (value) this.film.src = assetAddress(value, this);
    },
    poster(value) {
      if (value) this.film.poster = assetAddress(value, this);
    },
  },
});
