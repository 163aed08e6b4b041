/**
 * Prints the size of the main package by folder: `node miniprogram_stub/checks/size.mjs [APP]` exits
 * with 1 when it is over the limit. Files are counted as they are; DevTools uploads them minified.
 */
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { filesOf, STUB } from "./files.mjs";

// WeChat takes 2 MB.
const LIMIT_KB = 1024;
// DevTools reads these, and does not upload them.
const LEFT_OUT = new Set(["package.json", "project.config.json"]);

const app = resolve(process.argv[2] ?? join(STUB, "app"));
const sizes = {};
for (const path of filesOf(app)) {
  if (LEFT_OUT.has(path)) continue;
  const folder = path.includes("/") ? path.split("/")[0] : "(app)";
  sizes[folder] = (sizes[folder] ?? 0) + statSync(join(app, path)).size;
}
for (const [folder, bytes] of Object.entries(sizes).sort((one, other) => other[1] - one[1]))
  console.log(`${kilobytes(bytes).padStart(9)}  ${folder}`);
const total = Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0);
console.log(`${kilobytes(total).padStart(9)}  main package, of ${LIMIT_KB} KB`);
process.exitCode = total > LIMIT_KB * 1024 ? 1 : 0;

function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(1)} KB`;
}
