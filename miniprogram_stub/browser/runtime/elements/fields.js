/** Form elements: `input`, `textarea`, `checkbox`, `radio`, `switch`, `slider`, `picker`, `form`, `label`. */

import { units } from "../../bundler/units.mjs";
import { elementOf, send, sendTo } from "../gestures.js";
import { chooseFromColumns, chooseMoment } from "../overlay.js";
import { any, element, isOn, mark } from "./element.js";

const KEYBOARDS = { number: "numeric", digit: "decimal", idcard: "text" };
const UNLIMITED = -1;

const TYPED = {
  value: any(""),
  placeholder: any(""),
  placeholderStyle: any(""),
  placeholderClass: any(""),
  disabled: any(false),
  maxlength: any(140),
  focus: any(false),
  autoFocus: any(false),
  cursor: any(-1),
  cursorSpacing: any(0),
  confirmType: any("done"),
  confirmHold: any(),
  adjustPosition: any(),
  holdKeyboard: any(),
  selectionStart: any(),
  selectionEnd: any(),
  alwaysEmbed: any(),
  name: any(""),
  cursorColor: any(),
};

/** An element that wraps an input field of the browser. */
function typed(tag, { properties = {}, observers = {}, grow = () => {}, confirms }) {
  return element({
    properties: { ...TYPED, ...properties },
    created() {
      const field = document.createElement(tag);
      this.field = field;
      field.autocomplete = "off";
      this.$$.append(field);
      // A field that is not seen yet has no height; at another width its lines break elsewhere.
      let widthBefore = 0;
      new ResizeObserver(([{ contentRect }]) => {
        // In the next frame: the browser reports an error when an observer resizes what it observes.
        if (contentRect.width !== widthBefore) requestAnimationFrame(() => grow(this));
        widthBefore = contentRect.width;
      }).observe(field);
      field.addEventListener("input", (event) => {
        event.stopPropagation();
        grow(this);
        if (!event.isComposing) this.typed();
      });
      field.addEventListener("compositionend", () => this.typed());
      field.addEventListener("change", (event) => event.stopPropagation());
      field.addEventListener("focus", () =>
        sendTo(this, "focus", { value: field.value, height: 0 }),
      );
      field.addEventListener("blur", () =>
        sendTo(this, "blur", { value: field.value, cursor: field.selectionStart }),
      );
      field.addEventListener("keydown", (event) => {
        event.stopPropagation();
        if (event.key !== "Enter" || event.isComposing || !confirms(event)) return;
        sendTo(this, "confirm", { value: field.value });
      });
    },
    attached() {
      if (isOn(this.data.focus) || isOn(this.data.autoFocus)) this.field.focus();
    },
    methods: {
      labelled() {
        return this.field;
      },
      typed() {
        const { field } = this;
        if (field.value === this.said) return;
        this.said = field.value;
        this.setData({ value: field.value });
        const detail = {
          value: field.value,
          cursor: field.selectionStart ?? field.value.length,
          keyCode: 0,
        };
        this.triggerEvent("input", detail, {
          handleListenerReturn: (answer) => this.replace(answer),
        });
      },
      replace(answer) {
        const value = typeof answer === "object" && answer ? answer.value : answer;
        if (typeof value !== "string" || value === this.field.value) return;
        this.field.value = value;
        this.said = value;
        this.setData({ value });
      },
      clear() {
        this.setData({ value: "" });
      },
    },
    observers: {
      value(value) {
        const words = value === null || value === undefined ? "" : String(value);
        if (this.field.value !== words) this.field.value = words;
        this.said = words;
        grow(this);
      },
      placeholder(value) {
        this.field.placeholder = value ?? "";
        if (!this.data.ariaLabel) mark(this.field, "aria-label", value || null);
      },
      placeholderStyle(value) {
        const color = /(?:^|;)\s*color\s*:\s*([^;]+)/.exec(units(String(value ?? "")))?.[1];
        this.field.style.setProperty("--placeholder", color ?? "");
      },
      disabled(value) {
        this.field.disabled = isOn(value);
      },
      maxlength(value) {
        if (Number(value) === UNLIMITED) this.field.removeAttribute("maxlength");
        else this.field.maxLength = Number(value);
      },
      focus(value) {
        if (isOn(value)) this.field.focus();
        else if (document.activeElement === this.field) this.field.blur();
      },
      ...observers,
    },
  });
}

export const input = typed("input", {
  properties: { type: any("text"), password: any(false) },
  observers: {
    "type, password"(type, password) {
      this.field.type = isOn(password) || type === "safe-password" ? "password" : "text";
      this.field.inputMode = KEYBOARDS[type] ?? "text";
    },
    confirmType(value) {
      this.field.enterKeyHint = value ?? "done";
    },
  },
  confirms: () => true,
});

export const textarea = typed("textarea", {
  properties: {
    autoHeight: any(false),
    fixed: any(false),
    showConfirmBar: any(true),
    disableDefaultPadding: any(false),
  },
  observers: {
    autoHeight(value) {
      this.$$.toggleAttribute("data-grows", isOn(value));
    },
  },
  grow(component) {
    const { field } = component;
    if (!isOn(component.data.autoHeight)) return;
    field.style.height = "auto";
    if (field.scrollHeight === 0) return;
    field.style.height = `${field.scrollHeight}px`;
    sendTo(component, "linechange", {
      height: field.scrollHeight,
      lineCount: field.value.split("\n").length,
    });
  },
  confirms: (event) => event.ctrlKey || event.metaKey,
});

/** A checkbox or radio button; `group` is the tag of the group that reports its changes. */
function choice(role, group) {
  return element({
    properties: {
      value: any(""),
      checked: any(false),
      disabled: any(false),
      color: any("#09bb07"),
      name: any(""),
    },
    attached() {
      this.$$.setAttribute("role", role);
      this.$$.tabIndex = 0;
      this.addListener("tap", () => this.choose());
    },
    methods: {
      choose() {
        if (isOn(this.data.disabled)) return;
        const around = elementOf(this.$$.closest(group));
        if (role === "radio") {
          for (const other of around?.$$.querySelectorAll("wx-radio") ?? []) {
            if (other.__wxElement !== this) other.__wxElement.setData({ checked: false });
          }
          this.setData({ checked: true });
        } else {
          this.setData({ checked: !isOn(this.data.checked) });
        }
        if (around) sendTo(around, "change", { value: valueIn(around) });
      },
      clear() {
        this.setData({ checked: false });
      },
    },
    observers: {
      checked(value) {
        this.$$.setAttribute("aria-checked", String(isOn(value)));
      },
      disabled(value) {
        mark(this.$$, "aria-disabled", isOn(value) || null);
      },
      color(value) {
        this.$$.style.setProperty("--chosen", value);
      },
    },
  });
}

export const checkbox = choice("checkbox", "wx-checkbox-group");
export const radio = choice("radio", "wx-radio-group");
export const group = element({ properties: { name: any("") } });

export const switchElement = element({
  properties: {
    checked: any(false),
    disabled: any(false),
    type: any("switch"),
    color: any("#04be02"),
    name: any(""),
  },
  attached() {
    this.$$.setAttribute("role", "switch");
    this.$$.tabIndex = 0;
    this.addListener("tap", () => this.choose());
  },
  methods: {
    choose() {
      if (isOn(this.data.disabled)) return;
      this.setData({ checked: !isOn(this.data.checked) });
      sendTo(this, "change", { value: isOn(this.data.checked) });
    },
    clear() {
      this.setData({ checked: false });
    },
  },
  observers: {
    checked(value) {
      this.$$.setAttribute("aria-checked", String(isOn(value)));
    },
    disabled(value) {
      mark(this.$$, "aria-disabled", isOn(value) || null);
    },
    color(value) {
      this.$$.style.setProperty("--chosen", value);
    },
  },
});

export const slider = element({
  properties: {
    min: any(0),
    max: any(100),
    step: any(1),
    value: any(0),
    disabled: any(false),
    showValue: any(false),
    color: any(),
    activeColor: any("#1aad19"),
    backgroundColor: any("#e9e9e9"),
    blockSize: any(28),
    blockColor: any("#fff"),
    name: any(""),
  },
  created() {
    this.field = document.createElement("input");
    this.field.type = "range";
    this.words = document.createElement("span");
    this.$$.append(this.field, this.words);
    this.field.addEventListener("input", (event) => {
      event.stopPropagation();
      this.tell();
      sendTo(this, "changing", { value: Number(this.field.value) });
    });
    this.field.addEventListener("change", (event) => {
      event.stopPropagation();
      this.setData({ value: Number(this.field.value) });
      sendTo(this, "change", { value: Number(this.field.value) });
    });
    this.field.addEventListener("keydown", (event) => event.stopPropagation());
  },
  methods: {
    labelled() {
      return this.field;
    },
    tell() {
      this.words.textContent = isOn(this.data.showValue) ? this.field.value : "";
    },
  },
  observers: {
    "min, max, step, value, disabled, showValue, activeColor"(
      min,
      max,
      step,
      value,
      disabled,
      _show,
      color,
    ) {
      Object.assign(this.field, { min, max, step, value, disabled: isOn(disabled) });
      this.field.style.accentColor = color;
      this.tell();
    },
  },
});

export const picker = element({
  properties: {
    mode: any("selector"),
    range: any([]),
    rangeKey: any(""),
    value: any(0),
    start: any(""),
    end: any(""),
    fields: any("day"),
    disabled: any(false),
    headerText: any(""),
    name: any(""),
  },
  attached() {
    this.addListener("tap", () => this.choose());
    this.$$.tabIndex = 0;
  },
  methods: {
    async choose() {
      const { mode, range, rangeKey, value, start, end, fields, headerText } = this.data;
      if (isOn(this.data.disabled)) return;
      const words = (item) => String(rangeKey ? item[rangeKey] : item);
      let found;
      if (mode === "selector") {
        const at = await chooseFromColumns([range.map(words)], [Number(value) || 0], headerText);
        found = at?.[0];
      } else if (mode === "multiSelector") {
        found = await chooseFromColumns(
          range.map((column) => column.map(words)),
          [...value],
          headerText,
        );
      } else {
        found = await chooseMoment({ mode, value, start, end, fields }, headerText);
      }
      if (found === undefined || found === null) {
        sendTo(this, "cancel");
        return;
      }
      this.setData({ value: found });
      sendTo(this, "change", { value: found });
    },
  },
});

export const label = element({
  properties: { for: any("") },
  attached() {
    this.addListener("tap", (event) => {
      const control = this.control();
      // A tap on the control itself bubbles up to the label, too.
      const isOwn = control && event.target.$$ && control.$$.contains(event.target.$$);
      if (control && !isOwn) control.choose?.() ?? control.field?.focus() ?? send(control, "tap");
    });
  },
  methods: {
    control() {
      const tags = "wx-checkbox, wx-radio, wx-switch, wx-input, wx-textarea, wx-button";
      const wanted = this.data.for;
      const around = this.$$.closest("wx-body");
      return elementOf(
        wanted
          ? around.querySelector(`[id$="--${CSS.escape(wanted)}"]`)
          : this.$$.querySelector(tags),
      );
    },
  },
});

export const form = element({
  properties: { reportSubmit: any(), reportSubmitTimeout: any() },
  methods: {
    submit(target) {
      const value = {};
      for (const field of this.fields()) value[field.data.name] = valueIn(field);
      sendTo(this, "submit", { value, target });
    },
    reset() {
      for (const field of this.fields()) field.clear?.();
      sendTo(this, "reset", {});
    },
    fields() {
      return [...this.$$.querySelectorAll("*")]
        .map((node) => node.__wxElement)
        .filter((found) => found?.data?.name);
    },
  },
});

/** The value of a field or of a group of fields. */
function valueIn(field) {
  const node = field.$$;
  const chosen = (tag) =>
    [...node.querySelectorAll(tag)]
      .map((found) => found.__wxElement)
      .filter((found) => isOn(found.data.checked));
  if (node.matches("wx-checkbox-group")) return chosen("wx-checkbox").map(({ data }) => data.value);
  if (node.matches("wx-radio-group")) return chosen("wx-radio")[0]?.data.value ?? "";
  if (node.matches("wx-switch")) return isOn(field.data.checked);
  return field.data.value;
}
