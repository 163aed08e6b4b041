/**
 * WXSS to CSS.
 *
 * In WeChat each page is a document of its own and a component's classes are its own. Here all are in
 * one document: the app's rules and a page's stand in an `@scope`, the classes of an isolated component
 * get a prefix (glass-easel puts the same one on its elements).
 */
import postcss from "postcss";
import selectorParser from "postcss-selector-parser";
import { BUILT_IN, PREFIX } from "./builtin.mjs";
import { units } from "./units.mjs";

const TAGS = new Set(BUILT_IN);
// The element of a page that scrolls: what WeChat calls `page`.
const PAGE = "wx-body";

/**
 * Compiles the style sheets of the app and of its components into one CSS text.
 *
 * `scopes` is a Map from the path of each isolated component to the prefix of its classes.
 */
export function compileStyles(files, components, scopes) {
  // Both scopes begin at the same element, so that a page's rule wins over the app's.
  const sheets = [`@scope (${PAGE}) {\n${compile(files, "app.wxss", {})}\n}`];
  const pages = [];
  for (const [path, { isPage }] of components) {
    const file = `${path}.wxss`;
    if (!files.has(file)) continue;
    if (isPage) {
      const text = compile(files, file, {});
      pages.push(`@scope ([data-path="${path}"] ${PAGE}) {\n${text}\n}`);
    } else {
      sheets.push(compile(files, file, { prefix: scopes.get(path) }));
    }
  }
  return [...sheets, ...pages].join("\n");
}

function compile(files, file, { prefix }) {
  const root = parse(files, file);
  const rename = selectorParser((selectors) => renameAll(selectors, prefix));
  root.walkRules((rule) => {
    if (/keyframes$/.test(rule.parent.name ?? "")) return;
    rule.selector = rename.processSync(rule.selector);
  });
  root.walkDecls((declaration) => {
    checkAddress(declaration, file);
    declaration.value = units(declaration.value);
  });
  return root.toString();
}

/** A sheet with all that it imports in place. */
function parse(files, file) {
  const root = postcss.parse(files.readIfThere(file), { from: file });
  root.walkAtRules("import", (rule) => {
    const name = /^(?:url\()?["']([^"']+)["']\)?$/.exec(rule.params)?.[1];
    if (!name) throw rule.error("an @import names one file in quotes");
    const path = files.resolve(file, name);
    if (!files.has(path)) throw rule.error(`no such file: ${name}`);
    rule.replaceWith(parse(files, path).nodes);
  });
  return root;
}

function renameAll(selectors, prefix) {
  selectors.walkTags((tag) => {
    if (tag.value === "page") tag.value = PAGE;
    else if (TAGS.has(tag.value)) tag.value = PREFIX + tag.value;
  });
  // The id of an element gets a prefix of its component, which changes with each run.
  selectors.walkIds((id) => {
    id.replaceWith(
      selectorParser.attribute({
        attribute: "id",
        operator: "$=",
        value: `--${id.value}`,
        quoteMark: '"',
        raws: {},
      }),
    );
  });
  if (!prefix) return;
  selectors.walkClasses((name) => {
    name.value = `${prefix}--${name.value}`;
  });
  selectors.walkPseudos((pseudo) => {
    if (pseudo.value !== ":host") return;
    pseudo.replaceWith(
      selectorParser.attribute({
        attribute: "wx-host",
        operator: "=",
        value: prefix,
        quoteMark: '"',
        raws: {},
      }),
    );
  });
}

/** WeChat reads no local file from WXSS: a sheet that works here and not there is an error. */
function checkAddress(declaration, file) {
  for (const [, address] of declaration.value.matchAll(/url\(\s*["']?([^"')]+)/g)) {
    if (!/^(data:|#)/.test(address)) {
      throw declaration.error(`${file}: WXSS takes pictures as data: only, not ${address}`);
    }
  }
}
