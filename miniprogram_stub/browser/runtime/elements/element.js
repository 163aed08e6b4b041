/**
 * The properties that all built-in elements share: `hidden`, ARIA attributes, and the style while
 * they are pressed.
 */
const ARIA = [
  "role",
  "label",
  "labelledby",
  "describedby",
  "hidden",
  "live",
  "checked",
  "selected",
  "pressed",
  "expanded",
  "disabled",
  "modal",
  "level",
  "valuenow",
  "valuemin",
  "valuemax",
  "valuetext",
  "haspopup",
  "controls",
  "atomic",
  "busy",
  "current",
  "invalid",
  "required",
  "multiselectable",
];

/** A property of any type. */
export function any(value = null) {
  return { type: null, value };
}

/** Whether an attribute such as `disabled` is on: written without a value it is the empty text. */
export function isOn(value) {
  return value === "" || (Boolean(value) && value !== "false");
}

/** Sets or removes an attribute of a node. */
export function mark(node, name, value) {
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else node.setAttribute(name, String(value));
}

/** The properties, observers and lifetimes of an element, with those that every one has. */
export function element({
  properties = {},
  observers = {},
  attached,
  detached,
  created,
  methods = {},
  hover = "none",
} = {}) {
  const common = {
    hidden: any(false),
    hoverClass: any(hover),
    hoverStartTime: any(),
    hoverStayTime: any(),
    hoverStopPropagation: any(),
    animation: any(),
  };
  const watched = {
    hidden(value) {
      this.$$.toggleAttribute("hidden", isOn(value));
    },
  };
  for (const name of ARIA) {
    const property = `aria${name[0].toUpperCase()}${name.slice(1)}`;
    common[property] = any();
    watched[property] = function (value) {
      const attribute = name === "role" ? "role" : `aria-${name}`;
      // False is written, too: a radio button needs `aria-checked="false"`.
      const said = value === false ? "false" : value;
      mark(this.labelled?.() ?? this.$$, attribute, said === "" ? null : said);
    };
  }
  return {
    properties: { ...common, ...properties },
    observers: Object.entries({ ...watched, ...observers }).map(([fields, observer]) => ({
      fields,
      observer,
    })),
    lifetimes: {
      created() {
        created?.call(this);
      },
      attached() {
        attached?.call(this);
        listenToFinger(this);
      },
      detached() {
        detached?.call(this);
      },
    },
    methods,
  };
}

function listenToFinger(component) {
  const node = component.$$;
  const press = (isPressed) => {
    const name = component.data.hoverClass;
    if (!name || name === "none" || node.getAttribute("aria-disabled") === "true") return;
    for (const part of String(name).split(/\s+/)) {
      if (part === "button-hover") node.classList.toggle("wx-button-hover", isPressed);
      else component.classList.toggle(part, isPressed);
    }
  };
  node.addEventListener("pointerdown", () => press(true));
  for (const type of ["pointerup", "pointercancel", "pointerleave"])
    node.addEventListener(type, () => press(false));
}
