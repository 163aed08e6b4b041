/**
 * Copies the components of TDesign that the mini program uses, and what they need, into its
 * `miniprogram_npm`. Nothing else of the library comes into the package.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, posix } from "node:path";

const LIBRARY = "tdesign-miniprogram";
const FILES = ["js", "json", "wxml", "wxss"];
const REQUIRED = /(?:from\s*|import\s*|require\(\s*)["']([^"']+)["']/g;
const SOURCES = /<(?:import|include|wxs)\b[^>]*?\bsrc="([^"]+)"/g;
const SHEETS = /@import\s+["']([^"']+)["']/g;

/** Copies what is used into `app`; `root` is the folder with `node_modules`. */
export function copyLibrary(app, root) {
  const target = join(app, "miniprogram_npm");
  rmSync(target, { recursive: true, force: true });
  const used = usedComponents(app);
  if (!used.length) return;
  const source = join(root, "node_modules", LIBRARY, "miniprogram_dist");
  const copied = new Set();
  const packages = new Set();
  const copy = (path) => {
    if (copied.has(path) || !isFile(join(source, path))) return false;
    copied.add(path);
    const to = join(target, LIBRARY, path);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(source, path), to);
    follow(path, readFileSync(join(source, path), "utf8"));
    return true;
  };
  const component = (path) => {
    for (const extension of FILES) copy(`${path}.${extension}`);
  };
  const follow = (path, text) => {
    const near = (name) => posix.join(posix.dirname(path), name);
    if (path.endsWith(".json")) {
      for (const name of Object.values(JSON.parse(text).usingComponents ?? {}))
        component(near(name));
      return;
    }
    const pattern = path.endsWith(".wxml") ? SOURCES : path.endsWith(".wxss") ? SHEETS : REQUIRED;
    for (const [, name] of text.matchAll(pattern)) {
      if (!name.startsWith(".") && pattern === REQUIRED) packages.add(name);
      else if (!copy(near(name))) copy(`${near(name)}.js`) || copy(near(`${name}/index.js`));
    }
  };
  for (const name of used) component(name);
  for (const name of packages) copyPackage(name, source, target);
}

/** A package that the library brings along, or one of `node_modules`. */
function copyPackage(name, source, target) {
  const own = join(source, "miniprogram_npm", name);
  if (!existsSync(own)) throw new Error(`${LIBRARY} needs ${name}, which it does not bring along`);
  cpSync(own, join(target, name), { recursive: true });
}

function usedComponents(app) {
  const found = new Set();
  for (const file of readdirSync(app, { recursive: true }).filter((name) =>
    name.endsWith(".json"),
  )) {
    const { usingComponents = {} } = JSON.parse(readFileSync(join(app, file), "utf8"));
    for (const name of Object.values(usingComponents)) {
      if (name.startsWith(`${LIBRARY}/`)) found.add(name.slice(LIBRARY.length + 1));
    }
  }
  return [...found];
}

function isFile(path) {
  return existsSync(path) && statSync(path).isFile();
}
