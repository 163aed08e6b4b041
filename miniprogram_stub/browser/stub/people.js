/** Who can hold a phone: people of the sample centre's roster, and guests without a staff number. */

const ROLES = { admin: "管理员", host: "主持人", trainer: "培训师", leader: "班组长" };
const SHOWN = 30;

/** Fetches the roster: `[{number, name, team, shift, code, role}]`. */
export async function roster() {
  return (await fetch("/stub/files/people.json")).json();
}

/** A person of the roster as who holds a phone: `{user, number, name, note, code}`. */
export function staff(person) {
  const { number, name, team, shift, code, role } = person;
  const note = [ROLES[role], team, shift].filter(Boolean).join(" · ");
  return { user: `staff-${number}`, number, name, note, code };
}

/** A guest, who has no staff number. */
export function guest(name) {
  return {
    user: `guest-${name}`,
    number: "",
    name: `亲友 ${name}`,
    note: "没有绑定工号",
    code: "",
  };
}

/** The person that `as` in an address names: a staff number, or `guest-7`. */
export function named(people, as) {
  if (as.startsWith("guest-")) return guest(as.slice("guest-".length));
  const found = people.find(({ number }) => number === as);
  if (found) return staff(found);
  return { user: `staff-${as}`, number: as, name: `工号 ${as}`, note: "不在示例名册里", code: "" };
}

/** The name of a person in an address: the inverse of `named`. */
export function asNamed(person) {
  return person.number || person.user;
}

/** The people that match a text: by number, name, team, shift or role; the first thirty. */
export function search(people, words) {
  const wanted = words.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const found = people.filter((person) => {
    const text = `${person.number} ${person.name} ${person.team} ${person.shift} ${ROLES[person.role] ?? ""}`;
    return wanted.every((word) => text.toLowerCase().includes(word));
  });
  // People with a role come first, because testers look for hosts most often.
  found.sort((one, other) => Boolean(other.role) - Boolean(one.role));
  return { shown: found.slice(0, SHOWN).map(staff), more: Math.max(0, found.length - SHOWN) };
}
