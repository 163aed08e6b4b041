/** The elements `button` and `navigator`, and those that set a page's navigation bar and background. */
import { sendTo } from "../gestures.js";
import { any, element, isOn, mark } from "./element.js";

export const button = element({
  hover: "button-hover",
  properties: {
    size: any("default"),
    type: any("default"),
    plain: any(false),
    disabled: any(false),
    loading: any(false),
    formType: any(""),
    openType: any(""),
    lang: any(),
    sessionFrom: any(),
    sendMessageTitle: any(),
    sendMessagePath: any(),
    sendMessageImg: any(),
    appParameter: any(),
    showMessageCard: any(),
    phoneNumberNoQuotaToast: any(),
    activityType: any(),
    entrancePath: any(),
    needShowEntrance: any(),
    name: any(""),
  },
  attached() {
    const node = this.$$;
    if (!node.hasAttribute("role")) node.setAttribute("role", "button");
    node.tabIndex = 0;
    this.addListener("tap", () => this.act());
  },
  methods: {
    act() {
      // The tap may have removed the button.
      const form = this.$$?.closest("wx-form")?.__wxElement;
      if (this.data.formType === "submit") form?.submit(this);
      if (this.data.formType === "reset") form?.reset();
      if (this.data.openType === "share") button.share(this);
      if (this.data.openType === "agreePrivacyAuthorization") {
        button.agree();
        sendTo(this, "agreeprivacyauthorization", { errMsg: "agreePrivacyAuthorization:ok" });
      }
      if (this.data.openType === "getPhoneNumber")
        sendTo(this, "getphonenumber", { errMsg: "getPhoneNumber:fail no permission" });
    },
  },
  observers: {
    disabled(value) {
      mark(this.$$, "aria-disabled", isOn(value) || null);
    },
    "type, size, plain, loading"(type, size, plain, loading) {
      const { dataset } = this.$$;
      Object.assign(dataset, { type: type || "default", size: size || "default" });
      this.$$.toggleAttribute("data-plain", isOn(plain));
      this.$$.toggleAttribute("data-loading", isOn(loading));
    },
  },
});
// Set by the phone: the handlers for sharing and consent.
button.share = () => {};
button.agree = () => {};

export const navigator = element({
  hover: "navigator-hover",
  properties: {
    url: any(""),
    openType: any("navigate"),
    delta: any(1),
    target: any("self"),
    appId: any(),
    path: any(),
    extraData: any(),
    version: any(),
  },
  attached() {
    this.$$.tabIndex = 0;
    if (!this.$$.hasAttribute("role")) this.$$.setAttribute("role", "link");
    this.addListener("tap", () => navigator.go(this.data, this));
  },
});
// Set by the phone: `go({url, openType, delta}, element)`.
navigator.go = () => {};

export const pageMeta = element({
  properties: {
    pageStyle: any(""),
    rootFontSize: any(""),
    rootBackgroundColor: any(""),
    backgroundColor: any(""),
    backgroundTextStyle: any(),
    scrollTop: any(),
    scrollDuration: any(),
    pageFontSize: any(""),
    pageOrientation: any(),
  },
  attached() {
    this.apply();
  },
  methods: {
    apply() {
      const body = this.$$.closest("wx-body");
      if (!body) return;
      body.style.cssText = this.data.pageStyle ?? "";
      if (this.data.backgroundColor) body.style.backgroundColor = this.data.backgroundColor;
      if (this.data.pageFontSize) body.style.fontSize = this.data.pageFontSize;
      if (this.data.rootFontSize) document.documentElement.style.fontSize = this.data.rootFontSize;
    },
  },
  observers: {
    "pageStyle, rootFontSize, backgroundColor, pageFontSize"() {
      this.apply();
    },
  },
});

export const navigationBar = element({
  properties: {
    title: any(),
    loading: any(),
    frontColor: any(),
    backgroundColor: any(),
    colorAnimationDuration: any(),
    colorAnimationTimingFunc: any(),
  },
  observers: {
    "title, frontColor, backgroundColor"(title, frontColor, backgroundColor) {
      if (title !== null) navigationBar.change(this, { title });
      if (frontColor || backgroundColor)
        navigationBar.change(this, { frontColor, backgroundColor });
    },
  },
});
// Set by the phone: `change(element, {title?, frontColor?, backgroundColor?})`.
navigationBar.change = () => {};
