/**
 * WXML to JavaScript, by glass-easel's compiler: templates, what they import, and their WXS.
 */
import { createRequire } from "node:module";
import { BUILT_IN, PREFIX } from "./builtin.mjs";

const { TmplGroup } = createRequire(import.meta.url)("glass-easel-template-compiler");

const TAGS = new RegExp(`<(/?)(${BUILT_IN.join("|")})(?=[\\s>/])`, "g");
const TEMPLATE_SOURCES = /<(?:import|include)\b[^>]*?\bsrc="([^"]+)"/g;
const SCRIPT_SOURCES = /<wxs\b[^>]*?\bsrc="([^"]+)"/g;
const INLINE_SCRIPTS = /(<wxs\b[^>]*>)([\s\S]*?)(<\/wxs>)/g;
const REQUIRES = /require\((['"])([^'"]+)\1\)/g;

/**
 * Compiles the templates of all components.
 *
 * Returns the text of an expression: an object from path to template. Throws an error with file and
 * line for a template that is wrong.
 */
export function compileTemplates(files, paths) {
  const group = new TmplGroup();
  const templates = new Set();
  const scripts = new Set();
  const errors = [];

  const addScript = (path) => {
    if (scripts.has(path)) return;
    scripts.add(path);
    const source = files.read(`${path}.wxs`);
    group.addScript(path, adaptScript(source));
    for (const [, , name] of source.matchAll(REQUIRES)) addScript(target(files, path, name, "wxs"));
  };
  const addTemplate = (path) => {
    if (templates.has(path)) return;
    templates.add(path);
    const source = files.read(`${path}.wxml`);
    for (const found of group.addTmpl(path, adaptTemplate(source)) ?? []) {
      if (found.isError) {
        errors.push(
          `${path}.wxml:${found.startLine + 1}:${found.startColumn + 1} ${found.message}`,
        );
      }
    }
    for (const [, name] of source.matchAll(TEMPLATE_SOURCES)) {
      addTemplate(target(files, path, name, "wxml"));
    }
    for (const [, name] of source.matchAll(SCRIPT_SOURCES)) {
      addScript(target(files, path, name, "wxs"));
    }
  };

  for (const path of paths) addTemplate(path);
  if (errors.length) throw new Error(errors.join("\n"));
  return group.getTmplGenObjectGroups();
}

function target(files, from, name, extension) {
  return files.resolve(from, name).replace(new RegExp(`\\.${extension}$`), "");
}

/** Renames the tags of WeChat and adapts inline WXS. */
function adaptTemplate(source) {
  return source
    .replace(TAGS, `<$1${PREFIX}$2`)
    .replace(INLINE_SCRIPTS, (_, open, body, close) => open + adaptScript(body) + close)
    .replace(/(<wxs\b[^>]*?\bsrc="[^"]+)\.wxs"/g, '$1"')
    .replace(/(<(?:import|include)\b[^>]*?\bsrc="[^"]+)\.wxml"/g, '$1"');
}

/**
 * Adapts WXS to JavaScript: there a constructor is the name of a type, a required file keeps its
 * extension, and backslashes in `getRegExp("…")` need no doubling.
 */
function adaptScript(source) {
  return source
    .replace(/\.wxs(['"])/g, "$1")
    .replace(
      /([\w.[\]]+)\.constructor\s*(={2,3}|!={1,2})\s*(['"])(\w+)\3/g,
      "(($1 == null ? '' : $1.constructor.name) $2 '$4')",
    )
    .replace(
      /getRegExp\((['"])(.*?)\1/g,
      (_, quote, pattern) => `getRegExp(${quote}${pattern.replaceAll("\\", "\\\\")}${quote}`,
    );
}
