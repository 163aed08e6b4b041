/**
 * Whether the mini program keeps to the OpenAPI document of the server. A strict phone (`strict=1`)
 * writes an error for an operation that the document does not know, for a field that is sent though
 * the operation takes none of that name, and for one that is read though its answers have none.
 */
import { isStrict } from "./person.js";

// A promise is asked for `then`, and what is made into JSON for `toJSON`, whatever it is.
const ASKED_OF_ALL = new Set(["then", "toJSON"]);

/** What checks the calls of this phone: nothing, unless it is strict. */
export const terms = isStrict
  ? fetch("/api/openapi.json")
      .then((response) => response.json())
      .then((document) => contract(document, (text) => console.error(text)))
  : Promise.resolve({ sent() {}, answered: (_method, _pathname, _status, data) => data });

/** Makes what checks calls by a document; `report` is called with each violation once. */
export function contract(document, report) {
  const reported = new Set();
  const say = (text) => {
    if (reported.has(text)) return;
    reported.add(text);
    report(text);
  };

  /** The operation of a call, or undefined. A part of a path that is written out comes first. */
  function operation(method, pathname) {
    const parts = pathname.split("/");
    const fits = Object.keys(document.paths)
      .filter((path) => {
        const wanted = path.split("/");
        return (
          wanted.length === parts.length &&
          wanted.every((part, at) => part.startsWith("{") || part === parts[at])
        );
      })
      .sort((one, other) => one.split("{").length - other.split("{").length);
    return document.paths[fits[0]]?.[method.toLowerCase()];
  }

  function known(schema) {
    return schema?.$ref ? known(document.components.schemas[schema.$ref.split("/").pop()]) : schema;
  }

  function contentOf(described) {
    const found = described?.$ref
      ? document.components.responses[described.$ref.split("/").pop()]
      : described;
    return Object.values(found?.content ?? {})[0]?.schema;
  }

  /** What a schema says of the fields of an object: their schemas by name, null where any may be. */
  function fieldsOf(schema) {
    const given = known(schema);
    if (!given) return null;
    const choices = given.anyOf ?? given.oneOf ?? given.allOf;
    if (choices) {
      const found = choices.filter((choice) => known(choice)?.type !== "null").map(fieldsOf);
      return found.includes(null) ? null : Object.assign({}, ...found);
    }
    return given.properties && !given.additionalProperties ? given.properties : null;
  }

  function itemsOf(schema) {
    const given = known(schema);
    const choices = given?.anyOf ?? given?.oneOf ?? [];
    return given?.items ?? choices.map(itemsOf).find(Boolean);
  }

  function watched(value, schema, where) {
    if (Array.isArray(value)) {
      const items = itemsOf(schema);
      return items ? value.map((item) => watched(item, items, where)) : value;
    }
    const fields = value && typeof value === "object" ? fieldsOf(schema) : null;
    if (!fields) return value;
    const inner = Object.entries(value).map(([name, field]) => [
      name,
      watched(field, fields[name], `${where}.${name}`),
    ]);
    return new Proxy(Object.fromEntries(inner), {
      get(target, name) {
        const isKnown = typeof name === "symbol" || name in fields || name in Object.prototype;
        if (!isKnown && !ASKED_OF_ALL.has(name))
          say(`${where}.${name} is read, which the OpenAPI document does not know`);
        return target[name];
      },
    });
  }

  return {
    /** Checks what is sent. */
    sent(method, pathname, body, query) {
      const found = operation(method, pathname);
      const where = `${method} ${pathname.replace(/\d+/g, "…")}`;
      if (!found) {
        say(`${where} is called, which the OpenAPI document does not know`);
        return;
      }
      const fields = fieldsOf(contentOf(found.requestBody));
      const taken = (found.parameters ?? []).map(({ name }) => name);
      const names = [
        ...(fields && body ? Object.keys(body).filter((name) => !(name in fields)) : []),
        ...[...query.keys()].filter((name) => !taken.includes(name)),
      ];
      for (const name of names)
        say(`${where} is sent ${name}, which the OpenAPI document does not know`);
    },

    /** The data of an answer; a field that is read from them and has no place there is reported. */
    answered(method, pathname, status, data) {
      const responses = operation(method, pathname)?.responses ?? {};
      const schema = contentOf(responses[status] ?? responses.default);
      return watched(data, schema, `${method} ${pathname.replace(/\d+/g, "…")}`);
    },
  };
}
