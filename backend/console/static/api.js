// Calls the API as the session of this browser.

const API = "/api/v1";

/** A refusal of the API: its sentence, and what is wrong with which field. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {{ error?: string, message?: string, errors?: Record<string, string[]> }} body
   */
  constructor(status, body) {
    super(body.message ?? "服务没有回答，请稍后再试。");
    this.status = status;
    this.slug = body.error ?? "";
    /** @type {Record<string, string[]>} */
    this.fields = body.errors ?? {};
  }
}

/**
 * Call an operation; returns its JSON, null for an answer without one. Throws `Refusal`, with status
 * 0 where the server was not reached.
 * @param {string} method
 * @param {string} path below `/api/v1`
 * @param {BodyInit | null} body
 * @param {Record<string, string>} headers
 * @returns {Promise<any>}
 */
export async function call(method, path, body = null, headers = {}) {
  return (await reply(method, path, body, headers)).answer;
}

/**
 * The same with the status: 201 for what is new, 200 for what had been done before.
 * @param {string} method
 * @param {string} path
 * @param {BodyInit | null} body
 * @param {Record<string, string>} headers
 * @returns {Promise<{status: number, answer: any}>}
 */
export async function reply(method, path, body = null, headers = {}) {
  const token = document.querySelector('meta[name="linka-console"]');
  /** @type {Record<string, string>} */
  const sent = { "Linka-Console": token?.getAttribute("content") ?? "", ...headers };
  let response;
  try {
    response = await fetch(API + path, { method, body, headers: sent });
  } catch {
    throw new Refusal(0, { message: "网络断了，这一步可能没有送到。请看清现状再试一次。" });
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Refusal(response.status, answer ?? {});
  return { status: response.status, answer };
}

/**
 * Call an operation with JSON.
 * @param {string} method
 * @param {string} path
 * @param {object | null} body
 * @param {Record<string, string>} headers
 */
export function send(method, path, body = null, headers = {}) {
  return call(method, path, ...asJson(body, headers));
}

/**
 * The body and the headers of a request with JSON; null has no body.
 * @param {object | null} body
 * @param {Record<string, string>} headers
 * @returns {[string | null, Record<string, string>]}
 */
export function asJson(body, headers = {}) {
  if (body === null) return [null, headers];
  return [JSON.stringify(body), { "Content-Type": "application/json", ...headers }];
}
