/**
 * How glass-easel's elements become elements of this document.
 */
import { glassEasel } from "glass-easel-miniprogram-adapter";
import { units } from "../bundler/units.mjs";

/** Elements that can be tapped can be reached by keyboard, and inline styles know `rpx`. */
export class Backend extends glassEasel.CurrentWindowBackendContext {
  constructor() {
    super();
    this.document = {
      createElement: (tag) => adapt(document.createElement(tag)),
      createTextNode: (text) => document.createTextNode(text),
      createDocumentFragment: () => document.createDocumentFragment(),
    };
  }

  setListenerStats(element, type, capture, level) {
    super.setListenerStats(element, type, capture, level);
    if (type === "tap" && element && !element.hasAttribute("tabindex")) element.tabIndex = 0;
  }
}

/** A style set as text would need `unsafe-inline` in the page's policy; set as an object it does not. */
function adapt(element) {
  element.setAttribute = (name, value) => {
    if (name === "style") element.style.cssText = units(String(value));
    else Element.prototype.setAttribute.call(element, name, value);
  };
  return element;
}
