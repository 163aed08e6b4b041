// The pairing page: asks for six digits, waits until a host approves them, then opens the board.

const POLL_MS = 2_000;
const RETRY_MS = 4_000;
const LIFETIME_LEAST_MS = 20_000;
const LIFETIME_MOST_MS = 900_000;
const ADDRESS = "/api/v1/screens/pairings";

const eventId = document.body.dataset.eventId ?? "";
/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** One pairing after the other until one is approved; the server being away only delays it. */
async function run() {
  for (;;) {
    const pairing = await askForCode();
    if (pairing === null) {
      await pause(RETRY_MS);
    } else if (await isApproved(pairing)) {
      show("approved", "已核准，正在打开大屏…");
      location.replace(`/screen/${encodeURIComponent(eventId)}`);
      return;
    }
  }
}

async function askForCode() {
  const answer = await ask(ADDRESS, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ event_id: Number(eventId) }),
  });
  if (answer === null) return fail("服务器暂时连不上，正在自动重试…");
  if (answer.status === 404) return fail("没有这个活动，请核对大屏地址");
  if (answer.status === 429) return fail("取码太频繁，请稍等，马上再试…");
  if (!answer.ok) return fail("暂时取不到配对码，正在自动重试…");
  const { pairing_code: code, secret, expires_at: expiresAt } = await answer.json();
  showCode(code);
  show("waiting", "等待主持人核准…");
  return { secret, endsAt: performance.now() + lifetime(expiresAt, answer.headers.get("Date")) };
}

/**
 * True once approved, false when the code is used up or has run out and a new one is needed.
 * @param {{secret: string, endsAt: number}} pairing
 */
async function isApproved({ secret, endsAt }) {
  while (performance.now() < endsAt) {
    await pause(POLL_MS);
    const answer = await ask(`${ADDRESS}/${encodeURIComponent(secret)}`);
    if (answer === null || answer.status >= 500) {
      show("away", "服务器暂时连不上，正在自动重试…");
    } else if (answer.status === 429) {
      await pause(RETRY_MS);
    } else if (!answer.ok) {
      return false;
    } else {
      show("waiting", "等待主持人核准…");
      if ((await answer.json()).status === "approved") return true;
    }
  }
  return false;
}

/**
 * The server's answer, or null when nobody answers.
 * @param {string} address
 * @param {RequestInit} options
 */
async function ask(address, options = {}) {
  try {
    return await fetch(address, { cache: "no-store", credentials: "same-origin", ...options });
  } catch {
    return null;
  }
}

/**
 * How long a code lasts, measured from the server's own clock: ours may be wrong.
 * @param {string} expiresAt
 * @param {string | null} serverDate
 */
function lifetime(expiresAt, serverDate) {
  const asked = serverDate ? Date.parse(serverDate) : Date.now();
  const length = Date.parse(expiresAt) - asked;
  return Math.min(LIFETIME_MOST_MS, Math.max(LIFETIME_LEAST_MS, length || LIFETIME_LEAST_MS));
}

/** @param {string} code */
function showCode(code) {
  at("code").replaceChildren(...[...code].map(digit));
  at("code").setAttribute("aria-label", [...code].join(" "));
  at("code-sample").textContent = code;
}

/** @param {string} letter */
function digit(letter) {
  const node = document.createElement("span");
  node.textContent = letter;
  return node;
}

/**
 * @param {string} phase
 * @param {string} words
 */
function show(phase, words) {
  document.body.dataset.pairing = phase;
  if (at("status").textContent !== words) at("status").textContent = words;
}

/** @param {string} words */
function fail(words) {
  at("code").replaceChildren();
  show("away", words);
  return null;
}

run();
