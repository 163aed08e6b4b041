/** The people of the sample centre, with the invite codes that the repository publishes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Reads the sample roster: `[{number, name, team, shift, code, role}]`, role is "" for most. */
export function readPeople(fixtures) {
  const roles = rolesIn(readFileSync(join(fixtures, "sample.yaml"), "utf8"));
  const [head, ...lines] = readFileSync(join(fixtures, "roster.csv"), "utf8")
    .replace(/^\uFEFF/, "")
    .trim()
    .split(/\r?\n/);
  const names = head.split(",");
  return lines.map((line) => {
    const values = line.split(",");
    const of = (name) => values[names.indexOf(name)];
    return {
      number: of("工号"),
      name: of("姓名"),
      team: of("班组"),
      shift: of("班次"),
      code: of("邀请码"),
      role: roles[of("工号")] ?? "",
    };
  });
}

/** The first role of each person in the sample's list of grants. */
function rolesIn(sample) {
  const roles = {};
  for (const [, role, number] of sample.matchAll(/role:\s*(\w+),?\s*staff_number:\s*"?(\w+)"?/g))
    roles[number] ??= role;
  return roles;
}
