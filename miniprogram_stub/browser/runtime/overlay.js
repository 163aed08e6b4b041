/** The layers that WeChat draws over a page: toasts, loading, dialogs, lists to choose from. */
import { make } from "./make.js";

const root = document.getElementById("overlay");
let toastTimer = 0;
let toastNode = null;

const SIGNS = { success: "✓", error: "!" };

export function showToast({ title = "", icon = "success", duration = 1500, mask = false, image }) {
  hideToast();
  const isLoading = icon === "loading";
  const sign = isLoading
    ? make("i", { class: "toast-spinner" })
    : SIGNS[icon] && !image
      ? make("i", { class: "toast-sign" }, SIGNS[icon])
      : null;
  const box = make(
    "div",
    { class: `toast ${sign ? "" : "toast--plain"}`, role: "status" },
    sign,
    make("span", {}, String(title)),
  );
  toastNode = make("div", { class: `toast-layer ${mask ? "toast-layer--mask" : ""}` }, box);
  root.append(toastNode);
  if (!isLoading || duration !== Infinity) toastTimer = setTimeout(hideToast, duration);
}

export function hideToast() {
  clearTimeout(toastTimer);
  toastNode?.remove();
  toastNode = null;
}

export function showLoading({ title = "", mask = false }) {
  showToast({ title, mask, icon: "loading", duration: Infinity });
}

/** Opens a layer over the page; `build(close)` returns its content. Resolves with the argument of `close`. */
function layer(name, label, build, { dismiss } = {}) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const close = (answer) => {
      node.remove();
      before?.focus?.();
      resolve(answer);
    };
    const sheet = make(
      "div",
      { class: name, role: "dialog", "aria-modal": "true", "aria-label": label || "对话框" },
      ...build(close),
    );
    const node = make(
      "div",
      {
        class: "layer",
        onclick: (event) => event.target === node && dismiss !== undefined && close(dismiss),
      },
      sheet,
    );
    node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && dismiss !== undefined) close(dismiss);
    });
    root.append(node);
    (
      sheet.querySelector("[data-first]") ?? sheet.querySelector("button, input, textarea, select")
    )?.focus();
  });
}

export function showModal({
  title = "",
  content = "",
  showCancel = true,
  cancelText = "取消",
  cancelColor,
  confirmText = "确定",
  confirmColor,
  editable = false,
  placeholderText = "",
}) {
  const field = editable
    ? make("input", {
        class: "modal-field",
        placeholder: placeholderText,
        "aria-label": placeholderText || title,
        value: content,
      })
    : null;
  return layer("modal", title || content, (close) => {
    const answer = (confirm) =>
      close({ confirm, cancel: !confirm, content: editable && confirm ? field.value : null });
    const cancel = showCancel
      ? make("button", { type: "button", onclick: () => answer(false) }, cancelText)
      : null;
    const ok = make(
      "button",
      { type: "button", class: "modal-ok", "data-first": !editable, onclick: () => answer(true) },
      confirmText,
    );
    if (cancel && cancelColor) cancel.style.color = cancelColor;
    if (confirmColor) ok.style.color = confirmColor;
    return [
      title ? make("h2", {}, title) : null,
      editable ? field : content ? make("p", {}, content) : null,
      make("div", { class: "modal-row" }, cancel, ok),
    ].filter(Boolean);
  });
}

/** A list at the bottom; resolves with the index, -1 when nothing was chosen. */
export function showActionSheet({ itemList, itemColor, alertText }) {
  return layer(
    "sheet",
    alertText || "请选择",
    (close) => [
      alertText ? make("p", { class: "sheet-note" }, alertText) : "",
      ...itemList.map((words, at) => {
        const item = make("button", { type: "button", onclick: () => close(at) }, words);
        if (itemColor) item.style.color = itemColor;
        return item;
      }),
      make("button", { type: "button", class: "sheet-cancel", onclick: () => close(-1) }, "取消"),
    ],
    { dismiss: -1 },
  );
}

/** Lists side by side to choose one of each; resolves with the indexes, undefined when nothing was chosen. */
export async function chooseFromColumns(columns, chosen, title) {
  if (columns.length === 1) {
    const at = await showActionSheet({ itemList: columns[0], alertText: title });
    return at < 0 ? undefined : [at];
  }
  const selects = columns.map((words, at) =>
    make(
      "select",
      { "aria-label": `第 ${at + 1} 列` },
      ...words.map((word, index) =>
        make("option", { value: index, selected: index === chosen[at] }, word),
      ),
    ),
  );
  return chosenIn(title, make("div", { class: "sheet-columns" }, ...selects), () =>
    selects.map(({ selectedIndex }) => selectedIndex),
  );
}

/** A date or a time; resolves with its text, undefined when nothing was chosen. */
export function chooseMoment({ mode, value, start, end, fields }, title) {
  const type = mode === "time" ? "time" : fields === "month" ? "month" : "date";
  const field = make("input", { type, value, min: start, max: end, "aria-label": title || "日期" });
  return chosenIn(title, field, () => field.value || undefined);
}

function chosenIn(title, content, read) {
  return layer(
    "sheet",
    title,
    (close) => [
      title ? make("p", { class: "sheet-note" }, title) : "",
      content,
      make("button", { type: "button", class: "modal-ok", onclick: () => close(read()) }, "确定"),
      make(
        "button",
        { type: "button", class: "sheet-cancel", onclick: () => close(undefined) },
        "取消",
      ),
    ],
    { dismiss: undefined },
  );
}

/** A sheet with content of its own; resolves with the argument of `close`. */
export function showSheet(title, build) {
  return layer(
    "sheet",
    title,
    (close) => [make("p", { class: "sheet-note" }, title), ...build(close)],
    { dismiss: null },
  );
}

/** A picture over the whole phone. */
export function showPicture(address, label) {
  return layer(
    "viewer",
    label,
    (close) => [
      make("img", { src: address, alt: label }),
      make("button", { type: "button", onclick: () => close() }, "关闭"),
    ],
    {
      dismiss: null,
    },
  );
}
