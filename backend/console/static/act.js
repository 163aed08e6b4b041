// Forms and buttons that call the API, as their `data-` attributes say:
//
//   data-api="POST /events/3/transitions"  the operation; `{name}` in it is a field of the form
//   name="settings.seconds"                a field of the body, nested at the dots; a number
//                                          (`entries.0.title`) is a place in a list
//   data-type="number|boolean|list|json|moment"  its type in JSON; text without it
//   data-skip-empty                        an empty field is left out (else it is null, or "" for text)
//   data-body='{"action": "pause"}'        what the body holds besides the fields
//   data-once                              sends an Idempotency-Key: what is sent again counts once
//   data-send="form|file"                  send multipart/form-data, or the one chosen file as it is
//   data-confirm, data-preview, data-typed ask first, with a fragment, with words to type;
//                                          `data-preview-fields` asks for it with the form's fields
//   data-wait="正在转换…"                   what is said while it takes long
//   data-then="/host/…", data-say="…"      where to go, and what to say, when it is done; `{name}` in
//                                          both is a member of the answer
//   data-say-again="…"                     what is said, as a problem, of what had been done before
//
// When it is done the body hears `changed`, and fragments load again. The form or button hears `done`
// with the answer, or `refused` with the `Refusal`.

import { asJson, Refusal, reply } from "./api.js";
import { ask } from "./ask.js";
import { working } from "./working.js";

/** @type {any} */
const { bootstrap } = window;

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * Forms and buttons that wait for an answer, and to what: the same is not sent again until then. What
 * has become another button meanwhile, such as that of the next step, can be pressed.
 * @type {WeakMap<HTMLElement, string>}
 */
const busy = new WeakMap();

/** The key of the words that the next page says. */
const SAID = "linka.said";

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.dataset.api) return;
  event.preventDefault();
  act(form, /** @type {SubmitEvent} */ (event).submitter);
});

document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("button[data-api]");
  if (button instanceof HTMLButtonElement) act(button, button);
});

/**
 * Make the request of a form or button.
 * @param {HTMLElement} node
 * @param {HTMLElement | null} button
 */
async function act(node, button) {
  const form = node.closest("form");
  if (isBusy(node) || (form && isBusy(form))) return;
  const what = doing(node);
  busy.set(node, what);
  try {
    // A fragment that is loaded meanwhile may make another button of it, for another step: what is
    // sent and said is what was pressed and agreed to.
    const { say: says, sayAgain: saysAgain, then: goes } = node.dataset;
    const words = node.dataset.wait ?? "正在处理…";
    const make = request(node, button);
    if (!(await agreed(node, button))) return;
    forget(node);
    done(node, { says, saysAgain, goes }, await working(buttonsOf(node), words, make()));
  } catch (error) {
    refused(node, error);
  } finally {
    if (busy.get(node) === what) busy.delete(node);
  }
}

/** @param {HTMLElement} node */
function isBusy(node) {
  return busy.get(node) === doing(node);
}

/** @param {HTMLElement} node */
function doing(node) {
  return `${node.dataset.api} ${node.dataset.body ?? ""}`;
}

/**
 * The request of a form or button as it is now, to be made when the function is called.
 * @param {HTMLElement} node
 * @param {HTMLElement | null} button
 * @returns {() => Promise<{status: number, answer: any}>}
 */
function request(node, button) {
  const [method, template] = (node.dataset.api ?? "").split(" ");
  const fields = node instanceof HTMLFormElement ? new FormData(node, button) : new FormData();
  const path = template.replace(/\{(\w+)\}/g, (_, name) => {
    const value = String(fields.get(name) ?? "");
    fields.delete(name);
    return encodeURIComponent(value);
  });
  if (node.dataset.send === "form") return () => reply(method, path, fields);
  if (node.dataset.send === "file") {
    const file = [...fields.values()].find((value) => value instanceof File);
    return () => reply(method, path, file ?? null, { "Content-Type": "application/octet-stream" });
  }
  const body = bodyOf(node, button);
  // A form with empty fields only sends an empty object, because an empty body is no JSON.
  const isNothing = Object.keys(body).length === 0 && !(node instanceof HTMLFormElement);
  const headers = onceHeaders(node, body);
  return () => reply(method, path, ...asJson(isNothing ? null : body, headers));
}

/**
 * The key by which the server recognises what is sent again; another body gets another key.
 * @param {HTMLElement} node
 * @param {object} body
 * @returns {Record<string, string>}
 */
function onceHeaders(node, body) {
  if (node.dataset.once === undefined) return {};
  const text = JSON.stringify(body);
  if (node.dataset.onceBody !== text) {
    node.dataset.onceBody = text;
    node.dataset.onceKey = crypto.getRandomValues(new Uint32Array(4)).join("-");
  }
  return { "Idempotency-Key": node.dataset.onceKey ?? "" };
}

/**
 * The body in JSON, from `data-body` and the fields of a form.
 * @param {HTMLElement} node
 * @param {HTMLElement | null} button
 * @returns {Record<string, any>}
 */
export function bodyOf(node, button) {
  const body = JSON.parse(node.dataset.body ?? "{}");
  if (!(node instanceof HTMLFormElement)) return body;
  const inPath = [...(node.dataset.api ?? "").matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
  for (const field of /** @type {Iterable<any>} */ (node.elements)) {
    if (!isSent(field, button) || inPath.includes(field.name)) continue;
    const value = read(field);
    if (value !== undefined) put(body, field.name.split("."), value, field.dataset.many);
  }
  return body;
}

/**
 * @param {any} field
 * @param {HTMLElement | null} button
 */
function isSent(field, button) {
  if (!field.name || field.matches(":disabled")) return false;
  if (field instanceof HTMLButtonElement) return field === button;
  if (field.type === "radio") return field.checked;
  return field.type !== "checkbox" || field.dataset.type === "boolean" || field.checked;
}

/** @param {any} field */
function read(field) {
  const text = field.value;
  const type = field.dataset.type ?? (field.type === "number" ? "number" : "text");
  if (type === "boolean") return field.type === "checkbox" ? field.checked : text === "true";
  if (field instanceof HTMLSelectElement && field.multiple)
    return [...field.selectedOptions].map((option) => option.value);
  if (text.trim() === "" && field.dataset.skipEmpty !== undefined) return undefined;
  if (type === "list")
    return text
      .split(/[\n,，、]/)
      .map((/** @type {string} */ part) => part.trim())
      .filter(Boolean);
  if (type === "text") return text;
  if (text.trim() === "") return null;
  if (type === "number") return Number(text);
  if (type === "moment") return new Date(text).toISOString();
  return JSON.parse(text);
}

/**
 * @param {Record<string, any>} body
 * @param {string[]} path
 * @param {any} value
 * @param {string | undefined} many `data-many`: several fields of this name make a list
 */
function put(body, path, value, many) {
  const last = path[path.length - 1];
  let inner = body;
  path.slice(0, -1).forEach((part, at) => {
    inner[part] ??= /^\d+$/.test(path[at + 1]) ? [] : {};
    inner = inner[part];
  });
  if (many === undefined) inner[last] = value;
  else inner[last] = [...(inner[last] ?? []), value];
}

/**
 * @param {HTMLElement} node
 * @param {Record<"says" | "saysAgain" | "goes", string | undefined>} after
 * @param {{status: number, answer: any}} reply
 */
function done(node, { says, saysAgain, goes }, { status, answer }) {
  const filled = (/** @type {string} */ text) =>
    text.replace(/\{(\w+)\}/g, (_, name) => answer?.[name] ?? "");
  delete node.dataset.onceBody;
  node.dispatchEvent(new CustomEvent("done", { bubbles: true, detail: answer }));
  if (goes) {
    // It is said on the next page: this one is about to be left.
    if (says) sessionStorage.setItem(SAID, says);
    location.assign(filled(goes));
    return;
  }
  if (saysAgain && status === 200) toast(filled(saysAgain), true);
  else if (says) toast(filled(says));
  if (node instanceof HTMLFormElement && node.dataset.keep === undefined) node.reset();
  document.body.dispatchEvent(new CustomEvent("changed"));
}

/**
 * Show what was refused: beside the fields that it is about, else in a toast.
 * @param {HTMLElement} node
 * @param {unknown} error
 */
function refused(node, error) {
  if (!(error instanceof Refusal)) throw error;
  node.dispatchEvent(new CustomEvent("refused", { bubbles: true, detail: error }));
  if (error.slug === "session_over" || error.slug === "signed_out") {
    location.assign(`/host/login?next=${encodeURIComponent(location.pathname)}`);
    return;
  }
  const fields = Object.entries(error.fields).flatMap(([name, words]) => members(name, words));
  const rest = fields.filter(([name, words]) => !mark(node, name, words));
  toast(
    [error.message, ...rest.map(([name, words]) => `${name}：${words.join("")}`)].join("\n"),
    true,
  );
  document.body.dispatchEvent(new CustomEvent("changed"));
}

/**
 * The fields that sentences about a field are about: those about its members have their path in
 * front, such as `0: title: …`.
 * @param {string} name
 * @param {string[]} words
 * @returns {[string, string[]][]}
 */
function members(name, words) {
  return words.map((sentence) => {
    const [, path, text] = /^((?:\w+: )*)(.*)$/su.exec(sentence) ?? ["", "", sentence];
    return [[name, ...path.split(": ").filter(Boolean)].join("."), [text]];
  });
}

/**
 * @param {HTMLElement} node
 * @param {string} name
 * @param {string[]} words
 */
function mark(node, name, words) {
  const field = node.querySelector(`[name="${CSS.escape(name)}"]`);
  if (!field) return false;
  field.classList.add("is-invalid");
  field.setAttribute("aria-invalid", "true");
  const note = document.createElement("div");
  note.className = "invalid-feedback";
  note.id = `wrong-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  note.textContent = words.join("");
  field.setAttribute("aria-describedby", note.id);
  field.after(note);
  field.closest("details")?.setAttribute("open", "");
  /** @type {HTMLElement} */ (field).focus();
  return true;
}

/** @param {HTMLElement} node */
function forget(node) {
  for (const note of node.querySelectorAll(".invalid-feedback")) note.remove();
  for (const field of node.querySelectorAll(".is-invalid")) {
    field.classList.remove("is-invalid");
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
}

/** @param {HTMLElement} node */
function buttonsOf(node) {
  return node instanceof HTMLButtonElement ? [node] : node.querySelectorAll("button");
}

/**
 * Show a message for some seconds; a problem is shown until it is closed.
 * @param {string} words
 * @param {boolean} isProblem
 */
export function toast(words, isProblem = false) {
  const node = document.createElement("div");
  node.className = `toast ${isProblem ? "toast--problem" : "toast--fine"}`;
  node.setAttribute("role", isProblem ? "alert" : "status");
  const body = document.createElement("div");
  body.className = "toast-body";
  body.textContent = words;
  const close = document.createElement("button");
  close.className = "btn-close me-2 m-auto";
  close.type = "button";
  close.dataset.bsDismiss = "toast";
  close.setAttribute("aria-label", "关闭");
  const row = document.createElement("div");
  row.className = "d-flex";
  row.append(body, close);
  node.append(row);
  at("toasts").append(node);
  node.addEventListener("hidden.bs.toast", () => node.remove());
  new bootstrap.Toast(node, { autohide: !isProblem, delay: 4000 }).show();
}

/**
 * Ask the question of the node, or of the button that was pressed.
 * @param {HTMLElement} node
 * @param {HTMLElement | null} button
 * @returns {Promise<boolean>}
 */
async function agreed(node, button) {
  const from = button?.dataset.confirm || button?.dataset.preview ? button : node;
  const { confirm, preview, typed } = from.dataset;
  if (!confirm && !preview && !typed) return true;
  const yes = from.dataset.yes ?? button?.textContent?.trim() ?? "确定";
  return ask(
    { text: confirm ?? "", yes, preview: preview && address(from, preview), typed },
    button,
  );
}

/**
 * The address of a preview; with `data-preview-fields` the fields of the form stand in its query.
 * @param {HTMLElement} from
 * @param {string} preview
 */
function address(from, preview) {
  if (!(from instanceof HTMLFormElement) || from.dataset.previewFields === undefined)
    return preview;
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(from)) query.append(name, String(value));
  return `${preview}?${query}`;
}

const said = sessionStorage.getItem(SAID);
sessionStorage.removeItem(SAID);
if (said) toast(said);
