/**
 * Checks the mini program's scripts against WeChat's types:
 * `node miniprogram_stub/checks/types.mjs [FOLDER]`; the folder holds `tsconfig.json`.
 *
 * A misspelt member of a module is an error under `noImplicitAny` alone, which also asks for a type of
 * every parameter. So it is on, and what it says of missing types (TS70xx) is left out.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { STUB } from "./files.mjs";

const TSC = join(
  dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
  "bin/tsc",
);
const MISSING_TYPE = /error TS70\d\d:/;

const done = spawnSync(
  process.execPath,
  [TSC, "--project", process.argv[2] ?? STUB, "--noImplicitAny", "true", "--pretty", "false"],
  { encoding: "utf8" },
);
if (done.error || done.stderr) throw done.error ?? new Error(`tsc failed: ${done.stderr}`);
const errors = done.stdout.split(/\n(?!\s)/).filter((line) => line && !MISSING_TYPE.test(line));
for (const error of errors) console.error(error);
process.exitCode = errors.length > 0 ? 1 : 0;
