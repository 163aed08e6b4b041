/** What a script of a mini program is given, in the order of its parameters. */
export const GIVEN = [
  "module",
  "exports",
  "require",
  "App",
  "Page",
  "Component",
  "Behavior",
  "getApp",
  "getCurrentPages",
  "wx",
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
];
