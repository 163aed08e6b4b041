/** The panel that shows a phone's storage and removes values from it. */
import { make } from "../runtime/make.js";
import { text } from "./log.js";

const SECRET = "token";

export class Store {
  constructor() {
    this._phone = null;
    this._list = make("ul", { class: "store", "aria-label": "手机里存的内容" });
    this._size = make("p", { class: "hint", role: "status" });
    this.node = make(
      "div",
      { class: "log-box" },
      make(
        "div",
        { class: "row" },
        make("button", { type: "button", onclick: () => this.paint() }, "刷新"),
        this._size,
      ),
      this._list,
    );
  }

  /** Shows the storage of this phone. */
  follow(phone) {
    this._phone = phone;
    this.paint();
  }

  paint() {
    const kept = Object.entries(this._phone?.storage.everything() ?? {});
    const bytes = kept.reduce((sum, [, value]) => sum + JSON.stringify(value).length, 0);
    this._size.textContent = kept.length
      ? `${kept.length} 项，约 ${Math.ceil(bytes / 1024)} KB`
      : "什么也没有存。";
    this._list.replaceChildren(
      ...kept.map(([key, value]) =>
        make(
          "li",
          {},
          make(
            "details",
            {},
            make("summary", {}, key),
            text(key === SECRET ? "（登录凭证，不显示）" : value),
            make(
              "button",
              {
                type: "button",
                class: "quiet",
                "aria-label": `删除 ${key}`,
                onclick: () => {
                  this._phone.storage.storage.removeStorageSync(key);
                  this.paint();
                },
              },
              "删除",
            ),
          ),
        ),
      ),
    );
  }
}
