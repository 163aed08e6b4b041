/**
 * Checks the mini program's calls against the server's OpenAPI document. A strict phone (`strict=1`)
 * logs an error for an unknown operation, for a field of a request that the operation does not take,
 * and for a field that is read from an answer though the answer cannot have it.
 */
import { isStrict } from "./person.js";

// JavaScript itself reads these fields: `then` for promises, `toJSON` for JSON.
const ASKED_OF_ALL = new Set(["then", "toJSON"]);

/** The checker of this phone's calls; it checks nothing unless the phone is strict. */
export const terms = isStrict
  ? fetch("/api/openapi.json")
      .then((response) => response.json())
      .then((document) => contract(document, (text) => console.error(text)))
  : Promise.resolve({ sent() {}, answered: (_method, _pathname, _status, data) => data });

/** Makes a checker for a document; `report` is called once for each violation. */
export function contract(document, report) {
  const reported = new Set();
  const say = (text) => {
    if (reported.has(text)) return;
    reported.add(text);
    report(text);
  };

  /** The operation of a call, or undefined. Fixed parts of a path match before parameters. */
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

  /** The schemas of an object's fields by name; null where any field is allowed. */
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
    /** Checks the fields of a request. */
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

    /** The data of an answer, wrapped so that reading an unknown field is reported. */
    answered(method, pathname, status, data) {
      const responses = operation(method, pathname)?.responses ?? {};
      const schema = contentOf(responses[status] ?? responses.default);
      return watched(data, schema, `${method} ${pathname.replace(/\d+/g, "…")}`);
    },
  };
}
