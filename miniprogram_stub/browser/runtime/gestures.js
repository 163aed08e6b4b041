/**
 * Turns touches, mouse and keyboard into the events of a mini program: `tap`, `longpress`, `touchstart`,
 * `touchmove`, `touchend`, `touchcancel`.
 */
import { glassEasel } from "glass-easel-miniprogram-adapter";

const LONG_PRESS_MS = 350;
// A finger that moved farther scrolls, and taps nothing.
const TAP_PIXELS = 10;
const MOUSE = 0;

/** Sends an event to an element and its ancestors. */
export function send(element, type, detail = {}, extraFields = {}, originalEvent = null) {
  const event = new glassEasel.Event(type, detail, {
    bubbles: true,
    composed: true,
    capturePhase: true,
    originalEvent,
    extraFields,
  });
  glassEasel.Event.dispatchEvent(element, event);
  return event;
}

/** Sends an event that belongs to one element alone, such as a scroll view's `scroll`. */
export function sendTo(element, type, detail = {}) {
  element.triggerEvent(type, detail, { bubbles: false, composed: false });
}

/** The nearest element of glass-easel around a node of the document. */
export function elementOf(node) {
  let found = node;
  while (found && !found.__wxElement) found = found.parentNode;
  return found?.__wxElement ?? null;
}

/** Starts listening to touches, mouse and keyboard. */
export function listen(root) {
  const fingers = new Map();

  const start = (event, list) => {
    for (const touch of list) {
      const target = elementOf(event.target);
      if (!target) return;
      const finger = {
        target,
        canvas: event.target.closest?.("canvas"),
        x: touch.clientX,
        y: touch.clientY,
        last: touch,
        isTap: true,
      };
      finger.timer = setTimeout(() => longPress(finger, touch), LONG_PRESS_MS);
      fingers.set(touch.identifier, finger);
    }
    forward(event, "touchstart", list);
  };
  const move = (event, list) => {
    for (const touch of list) {
      const finger = fingers.get(touch.identifier);
      if (!finger) continue;
      finger.last = touch;
      if (Math.hypot(touch.clientX - finger.x, touch.clientY - finger.y) > TAP_PIXELS) {
        finger.isTap = false;
        clearTimeout(finger.timer);
      }
    }
    forward(event, "touchmove", list);
  };
  const end = (event, list, type) => {
    const ended = [...list].map((touch) => fingers.get(touch.identifier)).filter(Boolean);
    forward(event, type, list);
    for (const touch of list) fingers.delete(touch.identifier);
    for (const finger of ended) {
      clearTimeout(finger.timer);
      if (finger.isTap && type === "touchend") tap(finger.target, finger.last, event);
    }
  };
  const forward = (event, type, list) => {
    const first = fingers.get(list[0]?.identifier);
    if (!first) return;
    const mine = [...fingers.values()].filter(({ target }) => target === first.target);
    const touches =
      type === "touchend" || type === "touchcancel"
        ? mine.filter((f) => ![...list].includes(f.last))
        : mine;
    const points = (fingersOrTouches) =>
      fingersOrTouches.map((touch) => point(touch, first.canvas));
    const sent = send(
      first.target,
      type,
      {},
      {
        touches: points(touches.map(({ last }) => last)),
        changedTouches: points([...list]),
      },
      event,
    );
    if (sent.defaultPrevented() && event.cancelable) event.preventDefault();
  };
  const longPress = (finger, touch) => {
    const fields = {
      touches: [point(touch, finger.canvas)],
      changedTouches: [point(touch, finger.canvas)],
    };
    const detail = { x: touch.clientX, y: touch.clientY };
    finger.isTap = !hasListener(finger.target, "longpress");
    send(finger.target, "longpress", detail, fields);
    send(finger.target, "longtap", detail, fields);
  };

  const passive = { capture: true, passive: false };
  root.addEventListener("touchstart", (event) => start(event, event.changedTouches), passive);
  root.addEventListener("touchmove", (event) => move(event, event.changedTouches), passive);
  root.addEventListener(
    "touchend",
    (event) => end(event, event.changedTouches, "touchend"),
    passive,
  );
  root.addEventListener(
    "touchcancel",
    (event) => end(event, event.changedTouches, "touchcancel"),
    passive,
  );
  // After the touch events a touch screen sends mouse events, too.
  root.addEventListener(
    "pointerdown",
    (event) => {
      if (event.pointerType === "mouse" && event.button === 0) start(event, [asTouch(event)]);
    },
    passive,
  );
  addEventListener(
    "pointermove",
    (event) => {
      if (event.pointerType === "mouse" && fingers.has(MOUSE)) move(event, [asTouch(event)]);
    },
    passive,
  );
  addEventListener(
    "pointerup",
    (event) => {
      if (event.pointerType === "mouse" && fingers.has(MOUSE))
        end(event, [asTouch(event)], "touchend");
    },
    passive,
  );
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    const node = event.target;
    if (!node.__wxElement || node !== document.activeElement) return;
    event.preventDefault();
    const { left, top, width, height } = node.getBoundingClientRect();
    tap(
      node.__wxElement,
      { identifier: MOUSE, clientX: left + width / 2, clientY: top + height / 2 },
      event,
    );
  });
}

function asTouch(event) {
  return { identifier: MOUSE, clientX: event.clientX, clientY: event.clientY };
}

function tap(target, touch, event) {
  if (isDisabled(target)) return;
  const fields = { touches: [], changedTouches: [point(touch)] };
  send(target, "tap", { x: touch.clientX, y: touch.clientY }, fields, event);
}

/** A disabled button and its descendants take no taps. */
function isDisabled(element) {
  return Boolean(element.$$?.closest?.("[aria-disabled='true']"));
}

function hasListener(element, type) {
  for (let found = element; found; found = found.parentNode ?? found.getHostNode?.()) {
    if (found._$eventTarget?.listeners?.[type]) return true;
  }
  return false;
}

/** A touch as an event carries it; on a canvas with coordinates relative to the canvas, too. */
function point(touch, canvas) {
  const found = {
    identifier: touch.identifier,
    clientX: touch.clientX,
    clientY: touch.clientY,
    pageX: touch.clientX,
    pageY: touch.clientY,
    force: touch.force ?? 1,
  };
  if (!canvas) return found;
  const { left, top } = canvas.getBoundingClientRect();
  return { ...found, x: touch.clientX - left, y: touch.clientY - top };
}
