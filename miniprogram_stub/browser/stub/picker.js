/** The dialog to choose a person: of the roster, a guest, or anybody by number. */
import { make } from "../runtime/make.js";
import { guest, named, search } from "./people.js";

/** Shows the dialog; resolves with who was chosen, null when nobody was. */
export function pick(people, title) {
  return new Promise((resolve) => {
    const words = make("input", {
      type: "search",
      placeholder: "姓名、工号、班组、班次或角色",
      "aria-label": "搜索名册",
      autocomplete: "off",
    });
    const list = make("ul", { class: "people" });
    const count = make("p", { class: "hint", role: "status" });
    const end = (person) => {
      resolve(person);
      dialog.remove();
    };
    const paint = () => {
      const { shown, more } = search(people, words.value);
      list.replaceChildren(
        ...shown.map((person) =>
          make(
            "li",
            {},
            row(person, () => end(person)),
          ),
        ),
      );
      count.textContent = shown.length
        ? more && `还有 ${more} 人，请再输入几个字。`
        : "名册里没有这样的人。";
    };
    words.addEventListener("input", paint);
    const form = make(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          list.querySelector("button")?.click();
        },
      },
      words,
    );
    const dialog = make(
      "dialog",
      { class: "picker", "aria-label": title, onclose: () => end(null) },
      make(
        "header",
        {},
        make("h2", {}, title),
        make("button", { type: "button", class: "quiet", onclick: () => end(null) }, "关闭"),
      ),
      form,
      make(
        "div",
        { class: "row" },
        make("button", { type: "button", onclick: () => end(newGuest()) }, "新的亲友"),
        make(
          "button",
          {
            type: "button",
            onclick: () => {
              words.value = "主持人";
              paint();
            },
          },
          "主持人",
        ),
        make(
          "button",
          {
            type: "button",
            onclick: () => {
              if (words.value.trim()) end({ ...named([], words.value.trim()), note: "自己绑定" });
              else words.focus();
            },
          },
          "用这个工号，不绑定",
        ),
      ),
      list,
      count,
    );
    document.body.append(dialog);
    paint();
    dialog.showModal();
    words.focus();
  });
}

/** A guest that was not used before. */
export function newGuest() {
  return guest(crypto.getRandomValues(new Uint16Array(1))[0].toString(36).padStart(4, "0"));
}

/** The button of a person. */
export function row({ name, number, note }, onclick) {
  return make(
    "button",
    { type: "button", class: "person", onclick },
    make("strong", {}, name),
    make("span", {}, [number, note].filter(Boolean).join(" · ")),
  );
}
