/** The built-in elements by tag; those that are left out behave as a `view`. */
import { BUILT_IN, PREFIX } from "../../bundler/builtin.mjs";
import * as actions from "./actions.js";
import * as boxes from "./boxes.js";
import * as fields from "./fields.js";

const DEFINED = {
  button: actions.button,
  canvas: boxes.canvas,
  checkbox: fields.checkbox,
  "checkbox-group": fields.group,
  "cover-image": boxes.image,
  form: fields.form,
  icon: boxes.icon,
  image: boxes.image,
  input: fields.input,
  label: fields.label,
  "navigation-bar": actions.navigationBar,
  navigator: actions.navigator,
  "page-meta": actions.pageMeta,
  picker: fields.picker,
  progress: boxes.progress,
  radio: fields.radio,
  "radio-group": fields.group,
  "rich-text": boxes.richText,
  "scroll-view": boxes.scrollView,
  slider: fields.slider,
  swiper: boxes.swiper,
  switch: fields.switchElement,
  text: boxes.text,
  textarea: fields.textarea,
  video: boxes.video,
};

/** Registers all built-in elements in a component space. */
export function define(space) {
  for (const name of BUILT_IN) {
    const tag = PREFIX + name;
    const made = space.defineComponent({ is: tag, ...(DEFINED[name] ?? boxes.view) });
    space.setGlobalUsingComponent(tag, made);
  }
}
