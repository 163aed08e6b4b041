// The files of a mini program.
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const STUB = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Paths of all files of a mini program, relative to its folder, with installed components. */
export function filesOf(app, ending = "") {
  return readdirSync(app, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name).slice(app.length + 1))
    .sort();
}
