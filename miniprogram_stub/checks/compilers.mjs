/**
 * Compiles every WXML and WXSS by WeChat's own compilers:
 * `node miniprogram_stub/checks/compilers.mjs [APP]` exits with 1 and their message when one of them
 * refuses a file. What they write is thrown away.
 */
import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { filesOf, STUB } from "./files.mjs";

const PACKAGE = dirname(createRequire(import.meta.url).resolve("miniprogram-compiler"));
const BUILDS = { darwin: ["mac", ""], linux: ["linux", ""], win32: ["windows", ".exe"] };
const COMPILERS = [
  { name: "wcc", ending: ".wxml", options: ["-d"] },
  { name: "wcsc", ending: ".wxss", options: ["-db", "-pc", "0"] },
];

const app = resolve(process.argv[2] ?? join(STUB, "app"));
for (const { name, ending, options } of COMPILERS) {
  const files = filesOf(app, ending);
  const done = spawnSync(program(name), [...options, ...files], {
    cwd: app,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.status === 0) {
    console.log(`${name} accepts ${files.length} files.`);
  } else {
    console.error(`${name} refuses: ${done.error ?? done.stderr.trim()}`);
    process.exitCode = 1;
  }
}

function program(name) {
  const [folder, ending] = BUILDS[process.platform];
  const path = join(PACKAGE, "bin", folder, name + ending);
  // npm installs them without the right to run.
  chmodSync(path, 0o755);
  return path;
}
