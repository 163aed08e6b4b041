// Tables: a file that is chosen is previewed row by row, wrong rows first. The form is sent by act.js,
// once there is a preview without wrong rows, with the preview that was agreed to.

import { Refusal } from "./api.js";

/**
 * @typedef {{row: number, cells: string[], outcome: string, changes: string[], errors: string[],
 *   warnings: string[]}} PreviewRow
 * @typedef {{columns: string[], rows: PreviewRow[], counts: Record<string, number>, notes: string[],
 *   gone: string[], agreed: string | null}} Preview
 */

/** @type {Record<string, string>} */
const OUTCOMES = {
  wrong: "有错",
  added: "新增",
  changed: "变更",
  returned: "恢复",
  unchanged: "不变",
};
const ORDER = Object.keys(OUTCOMES);
// Numbers, codes and dates are read in one piece; also with wide digits.
const CODE = /^[\p{Script=Latin}\p{N} /-]{1,12}$/u;
const MOST_WRONG = 500;
const MOST_OTHERS = 50;
const MOST_GONE = 200;

class TableForm {
  /** Counts up with each file and option, so that a late answer about an earlier one is dropped. */
  #asked = 0;
  #agreed = "";

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    form.addEventListener("change", () => this.#look());
    form.addEventListener("reset", () => setTimeout(() => this.#clear("")));
    form.addEventListener("submit", (event) => {
      if (!form.dataset.api) event.preventDefault();
    });
    // After an import was refused or done, its preview is no longer valid.
    document.body.addEventListener("changed", () => this.#agreed && this.#look());
  }

  /**
   * @param {string} name
   * @returns {any}
   */
  #part(name) {
    return this.form.querySelector(`[data-part="${name}"]`);
  }

  /** @returns {any} */
  #file() {
    return this.form.elements.namedItem("file");
  }

  /** @param {string} words */
  #clear(words) {
    this.#asked += 1;
    this.#agreed = "";
    delete this.form.dataset.api;
    const submit = this.#part("submit");
    // A disabled button loses the focus.
    if (document.activeElement === submit) this.#file().focus();
    submit.disabled = true;
    this.#part("preview").replaceChildren();
    this.#part("progress").hidden = true;
    this.#say(words);
  }

  /**
   * @param {string} words
   * @param {boolean} isProblem
   */
  #say(words, isProblem = false) {
    this.#part("state").textContent = words;
    this.#part("state").classList.toggle("problem", isProblem);
  }

  async #look() {
    this.#clear("");
    const file = this.#file().files[0];
    const path = this.#path();
    if (!file) return;
    if (path === null) return this.#say("请先写好上面的名字。");
    const asked = this.#asked;
    try {
      const preview = await upload(`${path}/preview${this.#query()}`, file, (share) => {
        if (asked === this.#asked) this.#progress(share);
      });
      if (asked === this.#asked) this.#show(preview, path);
    } catch (error) {
      if (asked !== this.#asked) return;
      if (!(error instanceof Refusal)) throw error;
      const more = Object.values(error.fields).flat();
      this.#say([error.message, ...more].join(" "), true);
    } finally {
      if (asked === this.#asked) this.#part("progress").hidden = true;
    }
  }

  /** @param {number} share */
  #progress(share) {
    const bar = this.#part("progress");
    bar.hidden = false;
    // Without a value the bar moves by itself: the server reads the file.
    if (share < 1) bar.value = share;
    else bar.removeAttribute("value");
    this.#say(share < 1 ? `正在上传 ${Math.round(share * 100)}%` : "正在逐行检查…");
  }

  /** The address of the import, null while a name in it is missing. */
  #path() {
    let isWhole = true;
    const path = (this.form.dataset.import ?? "").replace(/\{(\w+)\}/g, (_, name) => {
      const value = /** @type {any} */ (this.form.elements.namedItem(name)).value.trim();
      isWhole &&= value !== "";
      return encodeURIComponent(value);
    });
    return isWhole ? path : null;
  }

  /** @param {Record<string, string>} more */
  #query(more = {}) {
    const query = new URLSearchParams(more);
    for (const field of /** @type {Iterable<any>} */ (this.form.querySelectorAll("[data-query]")))
      query.set(field.name, field.type === "checkbox" ? String(field.checked) : field.value);
    const text = query.toString();
    return text && `?${text}`;
  }

  /**
   * @param {Preview} preview
   * @param {string} path
   */
  #show(preview, path) {
    const { counts, rows } = preview;
    const parts = ORDER.filter((word) => counts[word]).map(
      (word) => `${OUTCOMES[word]} ${counts[word]}`,
    );
    const summary = `共 ${rows.length} 行：${parts.join("，")}。`;
    const writes = rows.length - counts.unchanged + preview.gone.length > 0;
    if (preview.agreed === null)
      this.#say(`${summary}请改好有错的行，存盘后重新选文件；现在什么都没有写入。`, true);
    else if (!writes) this.#say(`${summary}都和现在一样，不用导入。`);
    else this.#say(`${summary}还没有写入，看过以后按“确认导入”。`);
    this.#part("preview").replaceChildren(...notes(preview), table(preview));
    if (preview.agreed === null || !writes) return;
    this.#agreed = preview.agreed;
    this.form.dataset.api = `POST ${path}${this.#query({ agreed: preview.agreed })}`;
    this.#ask(preview, parts.join("，"));
    this.#part("submit").disabled = false;
  }

  /**
   * @param {Preview} preview
   * @param {string} summary
   */
  #ask(preview, summary) {
    const typed = this.form.querySelector("[data-typed-when-gone]");
    delete this.form.dataset.typed;
    this.form.dataset.yes = "写入";
    this.form.dataset.confirm = `${summary}。确定写入吗？`;
    if (preview.gone.length === 0) return;
    this.form.dataset.confirm = `${summary}；文件里没有的 ${preview.gone.length} 个会停用。确定写入吗？`;
    if (typed instanceof HTMLElement) this.form.dataset.typed = typed.dataset.typedWhenGone;
  }
}

/**
 * @param {string} path
 * @param {File} file
 * @param {(share: number) => void} onProgress
 * @returns {Promise<Preview>}
 */
function upload(path, file, onProgress) {
  const body = new FormData();
  body.append("file", file);
  // fetch() does not tell how much has been sent.
  const request = new XMLHttpRequest();
  const token = document.querySelector('meta[name="linka-console"]')?.getAttribute("content");
  return new Promise((resolve, reject) => {
    request.open("POST", `/api/v1${path}`);
    request.setRequestHeader("Linka-Console", token ?? "");
    request.responseType = "json";
    request.upload.onprogress = (event) =>
      onProgress(event.lengthComputable ? event.loaded / event.total : 1);
    request.onerror = () =>
      reject(
        new Refusal(0, { message: "文件没有送到：网络断了，或者文件在选好以后改过。请再选一次。" }),
      );
    request.onload = () => {
      if (request.status < 300) resolve(request.response);
      else reject(new Refusal(request.status, request.response ?? {}));
    };
    request.send(body);
  });
}

/**
 * @param {Preview} preview
 * @returns {HTMLElement[]}
 */
function notes(preview) {
  const found = [];
  if (preview.notes.length > 0) {
    const list = make("ul", "import__notes");
    list.append(...preview.notes.map((note) => make("li", "", note)));
    found.push(list);
  }
  if (preview.gone.length > 0) {
    const more = preview.gone.length - MOST_GONE;
    const names = preview.gone.slice(0, MOST_GONE).join("、");
    const folded = make("details", "import__gone");
    folded.append(
      make("summary", "", `文件里没有、导入后会停用的 ${preview.gone.length} 个`),
      make("p", "", more > 0 ? `${names}……另有 ${more} 个` : names),
    );
    found.push(folded);
  }
  return found;
}

/** @param {Preview} preview */
function table(preview) {
  const wrong = preview.rows.filter((row) => row.errors.length > 0);
  const rest = preview.rows
    .filter((row) => row.errors.length === 0)
    .sort((one, other) => weight(one) - weight(other) || one.row - other.row);
  const rows = [...wrong.slice(0, MOST_WRONG), ...rest.slice(0, MOST_OTHERS)];
  const node = make("table", "table stacked import__table");
  node.dataset.testid = "preview";
  const head = make("tr");
  head.append(...["行", "结果", ...preview.columns].map((name) => headOf(name)));
  const thead = make("thead");
  thead.append(head);
  const body = make("tbody");
  body.append(...rows.map((row) => line(row, preview.columns)));
  node.append(thead, body);
  const holder = make("div", "table-responsive");
  holder.append(node);
  const left = preview.rows.length - rows.length;
  if (left > 0) holder.append(make("p", "quiet", `另有 ${left} 行没有列出。`));
  return holder;
}

/** Rows that need attention come before rows that are added or unchanged. */
function weight(/** @type {PreviewRow} */ row) {
  return (row.warnings.length > 0 ? 0 : 10) + ORDER.indexOf(row.outcome);
}

/**
 * @param {PreviewRow} row
 * @param {string[]} columns
 */
function line(row, columns) {
  const node = make("tr", `import__row import__row--${row.outcome}`);
  const outcome = cell("结果", "");
  outcome.append(make("span", `pill pill--${row.outcome}`, OUTCOMES[row.outcome]));
  outcome.append(...row.errors.map((text) => make("p", "problem", text)));
  outcome.append(...[...row.changes, ...row.warnings].map((text) => make("p", "quiet", text)));
  const wrong = row.errors.map((text) => text.split(/：|: /)[0]);
  node.append(
    cell("行", String(row.row)),
    outcome,
    ...row.cells.map((text, at) => {
      const made = cell(columns[at], text || "—");
      if (wrong.includes(columns[at])) made.classList.add("is-wrong");
      if (CODE.test(text)) made.classList.add("text-nowrap");
      return made;
    }),
  );
  return node;
}

/** @param {string} name */
function headOf(name) {
  const node = make("th", "", name);
  node.setAttribute("scope", "col");
  return node;
}

/**
 * @param {string} label
 * @param {string} text
 */
function cell(label, text) {
  const node = make("td", "", text);
  node.dataset.label = label;
  return node;
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} text
 */
function make(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

for (const form of document.querySelectorAll("form[data-import]"))
  new TableForm(/** @type {HTMLFormElement} */ (form));
