/**
 * What a mini program consists of, read from its files: pages, components, the custom tab bar.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";

const NPM = "miniprogram_npm";

/** The files of a mini program. Paths are relative to its folder, with "/" and without a leading one. */
export class Files {
  constructor(root) {
    this.root = root;
  }

  /** Says whether there is such a file; a folder is none. */
  has(path) {
    const file = join(this.root, path);
    return existsSync(file) && statSync(file).isFile();
  }

  /** The text of a file; throws an error that names it. */
  read(path) {
    if (!this.has(path)) throw new Error(`${path}: no such file`);
    return readFileSync(join(this.root, path), "utf8");
  }

  /** The text of a file, empty where there is none. */
  readIfThere(path) {
    return this.has(path) ? this.read(path) : "";
  }

  /** The JSON of a file, an empty object where there is none. */
  json(path) {
    const text = this.readIfThere(path);
    if (!text) return {};
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new Error(`${path}: ${error.message}`);
    }
  }

  /** Where a relative, absolute or npm name leads to, seen from a file: a path without extension. */
  resolve(from, name) {
    if (name.startsWith("/")) return name.slice(1);
    const near = posix.join(posix.dirname(from), name);
    if (name.startsWith(".")) return near;
    return this.has(`${near}.json`) || this.has(near) ? near : `${NPM}/${name}`;
  }
}

/**
 * Reads `app.json` and walks all that it uses.
 *
 * Returns `{config, pages: [path], components: Map<path, {config, isPage}>, tabBar: path | null}`;
 * a component's `usingComponents` are absolute paths.
 */
export function readApp(files) {
  const config = files.json("app.json");
  if (!config.pages?.length) throw new Error("app.json: no pages");
  const pages = [
    ...config.pages,
    ...(config.subpackages ?? []).flatMap(({ root, pages }) =>
      pages.map((page) => posix.join(root, page)),
    ),
  ];
  const tabBar = config.tabBar?.custom ? "custom-tab-bar/index" : null;
  const components = new Map();
  const waiting = pages.map((path) => ({ path, isPage: true }));
  if (tabBar) waiting.push({ path: tabBar, isPage: false });
  while (waiting.length) {
    const { path, isPage } = waiting.pop();
    if (components.has(path)) continue;
    for (const extension of ["js", "wxml"]) {
      if (!files.has(`${path}.${extension}`)) throw new Error(`${path}.${extension}: no such file`);
    }
    const own = files.json(`${path}.json`);
    const used = { ...config.usingComponents, ...own.usingComponents };
    const usingComponents = {};
    for (const [tag, name] of Object.entries(used)) {
      const from = tag in (own.usingComponents ?? {}) ? path : "app";
      const target = files.resolve(from, name);
      usingComponents[tag] = `/${target}`;
      waiting.push({ path: target, isPage: false });
    }
    components.set(path, { config: { ...own, usingComponents }, isPage });
  }
  return { config, pages, components, tabBar };
}
