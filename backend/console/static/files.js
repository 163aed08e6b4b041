// Files that the API makes: links with `download` say that the file is being made, and why there is
// none; forms with `data-fetch` are answered with one, `data-file` is its name.

import { bodyOf, toast } from "./act.js";
import { Refusal } from "./api.js";
import { ask } from "./ask.js";
import { working } from "./working.js";

const MAKING = "正在准备文件…";

document.addEventListener("click", (event) => {
  const link = /** @type {HTMLElement} */ (event.target).closest("a[download][href^='/api/']");
  if (!(link instanceof HTMLAnchorElement)) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (link.ariaBusy !== "true") save([link], fetched(link.href, {}), link.download);
});

document.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.dataset.fetch) return;
  event.preventDefault();
  const button = form.querySelector("button");
  if (!button || button.ariaBusy === "true") return;
  const text = button.dataset.ask;
  if (text && !(await ask({ text, yes: "生成" }, button))) return;
  const [method, path] = form.dataset.fetch.split(" ");
  const token = document.querySelector('meta[name="linka-console"]')?.getAttribute("content");
  const body = JSON.stringify(bodyOf(form, null));
  const headers = { "Content-Type": "application/json", "Linka-Console": token ?? "" };
  const making = fetched(`/api/v1${path}`, { method, body, headers });
  if (!(await save([button], making, form.dataset.file ?? ""))) return;
  toast(form.dataset.say ?? "");
  form.reset();
  document.body.dispatchEvent(new CustomEvent("changed"));
});

/**
 * @param {string} address
 * @param {RequestInit} options
 */
async function fetched(address, options) {
  const response = await fetch(address, options).catch(() => null);
  if (response === null) throw new Refusal(0, { message: "网络断了，请再试一次。" });
  if (!response.ok) throw new Refusal(response.status, await response.json().catch(() => ({})));
  const said = response.headers.get("Content-Disposition") ?? "";
  const [, encoded] = /filename\*=UTF-8''([^;]+)/.exec(said) ?? [];
  const [, plain] = /filename="?([^";]+)/.exec(said) ?? [];
  const name = encoded ? decodeURIComponent(encoded) : (plain ?? "");
  return { data: await response.blob(), name };
}

/**
 * Save a file once it is made; returns whether there is one.
 * @param {HTMLElement[]} nodes what was pressed
 * @param {Promise<{data: Blob, name: string}>} making
 * @param {string} wanted its name, empty for the one that the server gives it
 */
async function save(nodes, making, wanted) {
  try {
    const { data, name } = await working(nodes, MAKING, making);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(data);
    link.download = wanted || name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    toast([error.message, ...Object.values(error.fields).flat()].join("\n"), true);
    return false;
  }
}
