/**
 * The scripts of a mini program as CommonJS modules, each a function that gets what WeChat gives it.
 */
import { posix } from "node:path";
import { transformSync } from "esbuild";
import { GIVEN } from "./given.mjs";

const REQUIRES = /\brequire\((['"])([^'"]+)\1\)/g;
// What a browser has and a mini program has not.
const HIDDEN = [
  "window",
  "document",
  "self",
  "navigator",
  "location",
  "history",
  "localStorage",
  "sessionStorage",
  "indexedDB",
  "fetch",
  "XMLHttpRequest",
  "WebSocket",
  "EventSource",
  "Worker",
  "Image",
  "alert",
  "confirm",
  "prompt",
  "requestAnimationFrame",
  "cancelAnimationFrame",
];

/**
 * Collects the scripts that start from these files.
 *
 * Returns the text of an expression: an object from path to `{required, run}`.
 */
export function collectScripts(files, entries) {
  const modules = new Map();
  const waiting = [...entries];
  while (waiting.length) {
    const path = waiting.pop();
    if (modules.has(path)) continue;
    const code = commonJs(files.read(path), path);
    const required = {};
    for (const [, , name] of code.matchAll(REQUIRES)) {
      required[name] = find(files, path, name);
      waiting.push(required[name]);
    }
    modules.set(path, { code, required });
  }
  const parameters = [...GIVEN, ...HIDDEN].join(", ");
  const lines = [...modules].map(
    ([path, { code, required }]) =>
      `${JSON.stringify(path)}: {required: ${JSON.stringify(required)}, run: function (${parameters}) {\n${code}\n}}`,
  );
  return `{\n${lines.join(",\n")}\n}`;
}

function commonJs(source, path) {
  const isModule = /^\s*(import|export)\b/m.test(source);
  try {
    return transformSync(source, {
      ...(isModule ? { format: "cjs" } : {}),
      sourcefile: path,
      target: "es2020",
    }).code;
  } catch (error) {
    throw new Error(error.message);
  }
}

function find(files, from, name) {
  const path = files.resolve(from, name);
  const found = [path, `${path}.js`, posix.join(path, "index.js")].find((file) => files.has(file));
  if (!found) throw new Error(`${from}: cannot find ${name}`);
  return found;
}
