/**
 * The log of this phone: requests, socket messages, pages, errors. The stub page shows it beside the
 * phone. Tokens and codes are left out.
 */
const KEPT = 400;
const SECRET = /^(token|code|ticket|session_key|authorization)$/i;

const entries = [];
const readers = new Set();
let number = 0;

/** Writes a line: `{kind, title, …}`; returns it, to be completed with `amend`. */
export function note(kind, title, facts = {}) {
  number += 1;
  const entry = { number, at: Date.now(), kind, title, ...facts };
  entries.push(entry);
  if (entries.length > KEPT) entries.shift();
  tell(entry);
  return entry;
}

/** Completes a line. */
export function amend(entry, facts) {
  Object.assign(entry, facts);
  tell(entry);
}

/** All lines, the oldest first. */
export function all() {
  return [...entries];
}

/** Calls `reader(entry)` for each new or completed line; returns a function that stops this. */
export function follow(reader) {
  readers.add(reader);
  return () => readers.delete(reader);
}

/** A copy of a value in which tokens, codes and tickets are masked. */
export function withoutSecrets(value) {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!value || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SECRET.test(name) && typeof inner === "string" && inner.length > 12
        ? "…"
        : withoutSecrets(inner),
    ]),
  );
}

function tell(entry) {
  for (const reader of readers) reader(entry);
}
