/** `wx.request`, `wx.uploadFile`, `wx.downloadFile`: they succeed with any status, and fail only without an answer. */
import { keepTemporary, temporaryFile } from "../assets.js";
import { terms } from "../contract.js";
import { amend, note, withoutSecrets } from "../journal.js";
import { fate, oneWay } from "../network.js";
import { eventSource, Fail, report, settle } from "./api.js";

const METHODS = ["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT"];
const DEFAULT_TIMEOUT_MS = 60_000;
const AT_ONCE = 10;
const NO_NETWORK = { errno: 600001 };

let running = 0;
const waiting = [];
const inFlight = new Set();

/** Ends all requests that are under way, as WeChat does when the mini program is stopped. */
export function interruptAll() {
  for (const stop of [...inFlight]) stop("interrupted");
}

export function request(options) {
  const {
    url,
    method = "GET",
    data,
    header = {},
    dataType = "json",
    responseType = "text",
  } = options;
  return run("request", options, async (signal, heard) => {
    if (!METHODS.includes(method)) throw new Fail(`method ${method} is not supported`);
    const headers = new Headers({ "content-type": "application/json", ...header });
    const hasBody = method !== "GET" && method !== "HEAD";
    const address = hasBody ? url : withQuery(url, data);
    const body = hasBody && data !== undefined ? asText(data) : undefined;
    if (body === undefined) headers.delete("content-type");
    const { pathname, searchParams } = new URL(address);
    const checked = await terms;
    checked.sent(method, pathname, hasBody ? data : undefined, searchParams);
    const entry = note("request", `${method} ${shortened(address)}`, {
      sent: hasBody ? withoutSecrets(data) : undefined,
    });
    const response = await send(address, { method, headers, body, signal }, entry);
    heard(Object.fromEntries(response.headers));
    const content =
      responseType === "arraybuffer" ? await response.arrayBuffer() : await response.text();
    const parsed = typeof content === "string" && dataType === "json" ? parse(content) : content;
    amend(entry, {
      status: response.status,
      ms: Date.now() - entry.at,
      got: withoutSecrets(parsed),
    });
    return {
      data: checked.answered(method, pathname, response.status, parsed),
      statusCode: response.status,
      header: Object.fromEntries(response.headers),
      cookies: [],
    };
  });
}

export function uploadFile(options) {
  const { url, filePath, name, header = {}, formData = {} } = options;
  return run("uploadFile", options, async (signal) => {
    const { pathname, searchParams } = new URL(url);
    (await terms).sent("POST", pathname, undefined, searchParams);
    const file = temporaryFile(filePath);
    if (!file) throw new Fail(`file ${filePath} not found`);
    const body = new FormData();
    for (const [key, value] of Object.entries(formData)) body.append(key, value);
    body.append(name, file, file.name ?? "picture.png");
    const headers = new Headers(header);
    headers.delete("content-type");
    const entry = note("request", `POST ${shortened(url)}`, { sent: `${name}: ${file.size} B` });
    const response = await send(url, { method: "POST", headers, body, signal }, entry);
    const text = await response.text();
    amend(entry, {
      status: response.status,
      ms: Date.now() - entry.at,
      got: withoutSecrets(parse(text)),
    });
    return {
      data: text,
      statusCode: response.status,
      header: Object.fromEntries(response.headers),
    };
  });
}

export function downloadFile(options) {
  const { url, header = {} } = options;
  return run("downloadFile", options, async (signal) => {
    const entry = note("request", `GET ${shortened(url)}`);
    const response = await send(url, { headers: new Headers(header), signal }, entry);
    const blob = await response.blob();
    amend(entry, { status: response.status, ms: Date.now() - entry.at });
    return { tempFilePath: keepTemporary(blob), statusCode: response.status };
  });
}

/** Queues one of these calls and returns WeChat's task object. */
function run(name, options, work) {
  const controller = new AbortController();
  let reason = "";
  const stop = (why) => {
    reason ||= why;
    controller.abort();
  };
  const headers = eventSource();
  const progress = eventSource();
  const promise = settle(
    name,
    async () => {
      await turn();
      inFlight.add(stop);
      const timer = setTimeout(() => stop("timeout"), options.timeout ?? DEFAULT_TIMEOUT_MS);
      try {
        return await work(controller.signal, (header) => headers.emit({ header }));
      } catch (error) {
        if (error instanceof Fail) throw error;
        throw new Fail(reason || `net::${error.message}`, NO_NETWORK);
      } finally {
        clearTimeout(timer);
        inFlight.delete(stop);
        done();
      }
    },
    options,
  );
  report(promise, options);
  return {
    abort: () => stop("abort"),
    onHeadersReceived: headers.on,
    offHeadersReceived: headers.off,
    onChunkReceived: () => {},
    offChunkReceived: () => {},
    onProgressUpdate: progress.on,
    offProgressUpdate: progress.off,
  };
}

/** WeChat has ten requests under way at once; more wait. */
function turn() {
  if (running < AT_ONCE) {
    running += 1;
    return Promise.resolve();
  }
  return new Promise((go) => waiting.push(go));
}

function done() {
  const next = waiting.shift();
  if (next) next();
  else running -= 1;
}

/** Sends a request under the present condition of the network. */
async function send(url, options, entry) {
  const lost = (why) => {
    amend(entry, { status: 0, ms: Date.now() - entry.at, got: why });
    throw new Fail(why, NO_NETWORK);
  };
  const what = { credentials: "omit", cache: "no-store", ...options };
  const how = fate();
  if (how === "off") lost("net::ERR_INTERNET_DISCONNECTED");
  if (how === "lostBefore") lost("net::ERR_CONNECTION_RESET");
  try {
    await oneWay();
    const first = fetch(url, what);
    const response =
      how === "twice" ? (await Promise.all([first, fetch(url, what)]))[0] : await first;
    await oneWay();
    if (how !== "lostAfter") return response;
  } catch (error) {
    amend(entry, { status: 0, ms: Date.now() - entry.at, got: error.message });
    throw error;
  }
  return lost("net::ERR_CONNECTION_RESET");
}

function withQuery(url, data) {
  if (!data || typeof data !== "object") return url;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(data)) {
    if (value !== undefined)
      query.append(name, typeof value === "object" ? JSON.stringify(value) : value);
  }
  return `${query}` ? `${url}${url.includes("?") ? "&" : "?"}${query}` : url;
}

function asText(data) {
  return typeof data === "string" || data instanceof ArrayBuffer ? data : JSON.stringify(data);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function shortened(url) {
  const { origin, pathname, search } = new URL(url, location.href);
  const query = search.replace(/(ticket|token|code)=[^&]+/g, "$1=…");
  return `${origin === location.origin ? "" : origin}${pathname}${query}`;
}
