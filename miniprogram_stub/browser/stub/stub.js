/**
 * The page with phones side by side, and what a tester does with them.
 *
 * `/stub?phones=2&as=200001,guest-7&code=62D3UD&page=hunt`: how many phones, who holds them (staff
 * numbers or guests), the event that they join, and the page that they open. The address follows
 * what is chosen, so that it can be kept and passed on.
 */
import { make } from "../runtime/make.js";
import { Handset } from "./handset.js";
import { Log } from "./log.js";
import { PAGES } from "./pages.js";
import { asNamed, named, roster, staff } from "./people.js";
import { pick } from "./picker.js";
import { events, Refused } from "./server.js";
import { Store } from "./store.js";

const COUNTS = [1, 2, 4, 8];
const NARROWEST = 230;
const GAP = 16;
// The space around a phone in its column, in pixels: beside it, and above and below it.
const BESIDE = 40;
const AROUND = 190;
const SHAKE_MS = 3000;
const AWAY_MS = 10_000;
const HOLD_STEP_MS = 200;

const part = (id) => document.getElementById(id);
const address = new URLSearchParams(location.search);
const handsets = [];
let people = [];
let known = [];
let selected = null;
let code = (address.get("code") ?? "").toUpperCase();

const log = new Log("日志");
const store = new Store();
const compared = [new Log("第一部的日志"), new Log("第二部的日志")];

/** The phones that an action is for. */
function meant() {
  return part("everyone").checked ? handsets : [selected];
}

function phonesMeant() {
  return meant()
    .map(({ phone }) => phone)
    .filter(Boolean);
}

function select(handset) {
  selected = handset;
  for (const each of handsets) each.mark(each === handset);
  part("whose").textContent = `手机 ${handset.number} · ${handset.person.name}`;
  tick("network", handset.condition);
  part("scale").value = String(handset.textScale);
  log.follow(handset.phone);
  store.follow(handset.phone);
}

function tick(name, value) {
  document.querySelector(`input[name="${name}"][value="${value}"]`).checked = true;
}

/** A phone has started: its log is shown where the phone is looked at. */
function started(handset) {
  handset.phone.offerEvents(async () =>
    known.map(({ title, join_code }) => ({ title, text: `linka:join:${join_code}` })),
  );
  handset.frame.contentWindow.addEventListener("keydown", heldKey);
  handset.frame.contentWindow.addEventListener("keyup", releasedKey);
  handset.frame.contentWindow.addEventListener("focus", () => select(handset));
  if (handset === selected) select(handset);
  if (!part("comparison").hidden) compare();
}

async function exchange(handset) {
  const person = await pick(people, `手机 ${handset.number} 给谁`);
  if (!person) return;
  const given = handset.give(person, { code });
  select(handset);
  keepAddress();
  await given;
}

/** Adds or removes phones until there are so many; the others stay as they are. */
function have(count) {
  for (const gone of handsets.splice(count)) gone.node.remove();
  const asked = (address.get("as") ?? "").split(",").filter(Boolean);
  while (handsets.length < count) {
    const at = handsets.length;
    const handset = new Handset(at + 1, {
      onSelect: () => select(handset),
      onPerson: () => exchange(handset),
      onReady: started,
    });
    handsets.push(handset);
    part("phones").append(handset.node);
    const person = asked[at] ? named(people, asked[at]) : somebody();
    handset.give(person, { code, page: address.get("page") ?? "" });
  }
  if (!handsets.includes(selected)) select(handsets[0]);
  paintComparison();
  fit();
  keepAddress();
}

/** A person without a phone on this page who plays, so not of a team that hosts. */
function somebody() {
  const taken = new Set(handsets.map(({ person }) => person?.user));
  const hosting = new Set(people.filter(({ role }) => role).map(({ team }) => team));
  const free = ({ number, team }) => !hosting.has(team) && !taken.has(`staff-${number}`);
  return staff(people.find(free));
}

function fit() {
  const area = part("phones").clientWidth;
  const most = Math.min(handsets.length, 4, Math.floor((area + GAP) / (NARROWEST + GAP)) || 1);
  const columns = most === 3 ? 2 : most;
  const width = (area - GAP * (columns - 1)) / columns;
  part("phones").style.setProperty("--columns", columns);
  // Few phones are seen whole; many are as wide as their column.
  const height = handsets.length > columns ? Infinity : Math.max(420, innerHeight - AROUND);
  for (const handset of handsets) handset.fit(width - BESIDE, height);
}

function keepAddress() {
  const kept = new URLSearchParams({
    phones: handsets.length,
    as: handsets.map(({ person }) => asNamed(person)).join(","),
  });
  if (code) kept.set("code", code);
  if (address.get("page")) kept.set("page", address.get("page"));
  history.replaceState(null, "", `?${kept}`);
}

/** Fills the list with the events that the sample's host sees. */
async function listEvents() {
  const host = people.find(({ role }) => role === "host");
  let note = "没有正在进行的活动";
  try {
    known = await events(staff(host));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    note = error.message;
  }
  part("event").replaceChildren(
    make("option", { value: "" }, known.length ? "不加入活动" : note),
    ...known.map(({ title, join_code, rehearsal }) =>
      make(
        "option",
        { value: join_code },
        rehearsal && !title.includes("彩排") ? `${title}（彩排）` : title,
      ),
    ),
  );
  showEvent();
}

function showEvent() {
  part("code").value = code;
  const event = known.find(({ join_code }) => join_code === code);
  part("event").value = event ? code : "";
  part("screen").hidden = !event?.screen_path;
  if (event?.screen_path) part("screen").href = event.screen_path;
}

function chooseCode(chosen) {
  code = chosen.trim().toUpperCase();
  showEvent();
  keepAddress();
}

let holding = 0;

function hold() {
  if (holding) return;
  const step = () => {
    for (const phone of phonesMeant()) phone.shake(HOLD_STEP_MS);
  };
  step();
  holding = setInterval(step, HOLD_STEP_MS);
  part("hold").classList.add("held");
}

function release() {
  clearInterval(holding);
  holding = 0;
  part("hold").classList.remove("held");
}

function heldKey(event) {
  if (!event.altKey || event.code !== "KeyS") return;
  event.preventDefault();
  hold();
}

function releasedKey({ code: key }) {
  if (key === "KeyS" || key.startsWith("Alt")) release();
}

async function useMotion() {
  const felt = await Promise.all(phonesMeant().map((phone) => phone.useMotion()));
  part("motion-said").textContent = felt.every(Boolean)
    ? "现在摇动这台设备，手机就跟着动。"
    : "这里感应不到动作：需要 HTTPS（或本机地址）和带传感器的设备。请用“按住摇”。";
}

function paintComparison() {
  const options = () =>
    handsets.map(({ number }) => make("option", { value: number }, `手机 ${number}`));
  part("comparison").replaceChildren(
    ...compared.map((each, at) => {
      const choose = make(
        "select",
        { "aria-label": at ? "第二部" : "第一部", onchange: compare },
        ...options(),
      );
      choose.value = String(Math.min(at + 1, handsets.length));
      return make("div", { class: "compared" }, choose, each.node);
    }),
  );
}

function compare() {
  const chosen = [...part("comparison").querySelectorAll(".compared > select")];
  for (const [at, each] of compared.entries())
    each.follow(handsets[Number(chosen[at].value) - 1]?.phone ?? null);
}

function showTab(name) {
  for (const each of ["log", "store"]) {
    const isShown = each === name;
    part(each).hidden = !isShown;
    part(`tab-${each}`).setAttribute("aria-selected", String(isShown));
    part(`tab-${each}`).tabIndex = isShown ? 0 : -1;
  }
  if (name === "store") store.paint();
}

function onClick(id, act) {
  part(id).addEventListener("click", act);
}

function wire() {
  part("log").append(log.node);
  part("store").append(store.node);
  part("page").append(
    make("option", { value: "" }, "选一页…"),
    ...Object.entries(PAGES).map(([name, words]) => make("option", { value: name }, words)),
  );
  part("page").addEventListener("change", ({ target }) => {
    if (target.value) for (const handset of meant()) handset.open(target.value);
    target.value = "";
  });
  for (const input of document.querySelectorAll('input[name="phones"]'))
    input.addEventListener("change", () => have(Number(input.value)));
  // Not "change": the same value may be chosen again, for all phones.
  for (const input of document.querySelectorAll('input[name="network"]'))
    input.addEventListener("click", () => {
      for (const handset of meant()) handset.changeNetwork(input.value);
    });
  part("scale").addEventListener("change", ({ target }) => {
    for (const handset of meant()) handset.changeTextScale(Number(target.value));
  });
  part("event").addEventListener("change", ({ target }) => chooseCode(target.value));
  part("code").addEventListener("change", ({ target }) => chooseCode(target.value));
  part("joining").addEventListener("submit", (event) => {
    event.preventDefault();
    chooseCode(part("code").value);
    if (code) for (const handset of handsets) handset.join(code);
    else part("code").focus();
  });
  onClick("again", () => meant().forEach((handset) => handset.start()));
  onClick("renew", () => meant().forEach((handset) => handset.renew()));
  onClick("shake", () => phonesMeant().forEach((phone) => phone.shake(SHAKE_MS)));
  onClick("leave", () => phonesMeant().forEach((phone) => phone.leave(AWAY_MS)));
  onClick("motion", useMotion);
  onClick("turn", () => {
    meant().forEach((handset) => handset.turn());
    fit();
  });
  part("hold").addEventListener("pointerdown", hold);
  part("hold").addEventListener("keydown", ({ key }) => [" ", "Enter"].includes(key) && hold());
  part("hold").addEventListener("keyup", release);
  part("hold").addEventListener("blur", release);
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, release);
  addEventListener("keydown", heldKey);
  addEventListener("keyup", releasedKey);
  addEventListener("blur", release);
  for (const name of ["log", "store"]) {
    onClick(`tab-${name}`, () => showTab(name));
    part(`tab-${name}`).addEventListener("keydown", ({ key }) => {
      if (key !== "ArrowLeft" && key !== "ArrowRight") return;
      const other = name === "log" ? "store" : "log";
      showTab(other);
      part(`tab-${other}`).focus();
    });
  }
  onClick("compare", () => {
    const isShown = part("comparison").hidden;
    part("comparison").hidden = !isShown;
    part("compare").setAttribute("aria-expanded", String(isShown));
    if (!isShown) return;
    compare();
    part("comparison").scrollIntoView({ block: "nearest" });
  });
  new ResizeObserver(fit).observe(part("phones"));
  addEventListener("resize", fit);
}

async function begin() {
  people = await roster();
  wire();
  const asked = (address.get("as") ?? "").split(",").filter(Boolean).length;
  const wanted = Number(address.get("phones")) || asked;
  const count = COUNTS.find((each) => each >= wanted) ?? COUNTS.at(-1);
  tick("phones", count);
  have(count);
  await listEvents();
}

begin();
