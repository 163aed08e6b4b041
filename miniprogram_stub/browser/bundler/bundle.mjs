/**
 * Makes a bundle of a mini program: one script with templates, scripts and settings, one style sheet.
 */
import { Files, readApp } from "./app.mjs";
import { collectScripts } from "./scripts.mjs";
import { compileStyles } from "./styles.mjs";
import { compileTemplates } from "./templates.mjs";

/**
 * Bundles the mini program in a folder; returns `{script, styles}`, both texts.
 *
 * The script exports `{config, pages, tabBar, components, scopes, templates, modules}`.
 */
export function bundle(root) {
  const files = new Files(root);
  const { config, pages, components, tabBar } = readApp(files);
  const paths = [...components.keys()];
  const scopes = new Map(
    paths.filter((path) => isIsolated(components.get(path))).map((path, at) => [path, `c${at}`]),
  );
  const configs = Object.fromEntries(paths.map((path) => [path, components.get(path).config]));
  const script = `export const config = ${JSON.stringify(config)};
export const pages = ${JSON.stringify(pages)};
export const tabBar = ${JSON.stringify(tabBar)};
export const components = ${JSON.stringify(configs)};
export const scopes = ${JSON.stringify(Object.fromEntries(scopes))};
export const templates = ${compileTemplates(files, paths)};
export const modules = ${collectScripts(files, ["app.js", ...paths.map((path) => `${path}.js`)])};
`;
  return { script, styles: compileStyles(files, components, scopes) };
}

/** Says whether the classes of a component are its own, which is so unless its settings share them. */
function isIsolated({ config, isPage }) {
  return !isPage && !["shared", "page-shared"].includes(config.styleIsolation);
}
