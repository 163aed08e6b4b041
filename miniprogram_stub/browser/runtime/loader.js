/** Runs each script of the mini program once, with the globals that WeChat provides. */
import * as program from "mini-program";
import { GIVEN } from "../bundler/given.mjs";
import { timers } from "./timers.js";

/**
 * Loads the app and registers its components in a code space.
 *
 * Returns the definition that `App` was given. `given` is `{wx, getApp, getCurrentPages}`.
 */
export function load(codeSpace, given) {
  const loaded = new Map();
  let definition = {};
  let registering = null;
  const env = {
    ...given,
    ...timers,
    App: (app) => {
      definition = app;
    },
    Page: (page) => registering.Page(page),
    Component: (component) => registering.Component(known(component)),
    Behavior: (behavior) => registering.Behavior(known(behavior)),
  };
  const require = (path) => {
    const before = loaded.get(path);
    if (before) return before.exports;
    const module = { exports: {} };
    loaded.set(path, module);
    const { required, run } = program.modules[path];
    const values = {
      ...env,
      module,
      exports: module.exports,
      require: (name) => require(required[name]),
    };
    run(...GIVEN.map((name) => values[name]));
    return module.exports;
  };
  const within = (path, work) =>
    codeSpace.componentEnv(path, (made) => {
      const before = registering;
      registering = made;
      work();
      registering = before;
    });

  for (const [path, config] of Object.entries(program.components)) {
    codeSpace.addComponentStaticConfig(path, config);
    codeSpace.addCompiledTemplate(path, {
      groupList: program.templates,
      content: program.templates[path],
    });
    codeSpace.addStyleSheet(path, undefined, program.scopes[path]);
  }
  within("app", () => require("app.js"));
  // In reverse order, so that a component is registered before those that use it.
  for (const path of Object.keys(program.components).reverse())
    within(path, () => require(`${path}.js`));
  return definition;
}

/** A definition without behaviours of WeChat, such as `wx://form-field`. */
function known(definition) {
  if (!definition?.behaviors) return definition;
  return {
    ...definition,
    behaviors: definition.behaviors.filter((behavior) => typeof behavior !== "string"),
  };
}
