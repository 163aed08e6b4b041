/** `/stub/phone` without a user: asks who holds this device, and opens the phone of that person. */
import { make } from "../runtime/make.js";
import { guest, roster, search } from "./people.js";
import { newGuest, row } from "./picker.js";
import { bind, Refused } from "./server.js";

const GUEST = "linka-phone-guest";
const part = (id) => document.getElementById(id);

async function become(person) {
  part("problem").textContent = "";
  try {
    await bind(person);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    part("problem").textContent = error.message;
    return;
  }
  const asked = new URLSearchParams(location.search);
  asked.set("user", person.user);
  location.assign(`/stub/phone?${asked}`);
}

/** The guest that this browser was before, or a new one. */
function sameGuest() {
  const name = localStorage.getItem(GUEST) ?? newGuest().user.slice("guest-".length);
  localStorage.setItem(GUEST, name);
  return guest(name);
}

function paint(people) {
  const { shown, more } = search(people, part("words").value);
  part("people").replaceChildren(
    ...shown.map((person) =>
      make(
        "li",
        {},
        row(person, () => become(person)),
      ),
    ),
  );
  part("count").textContent = shown.length
    ? more && `还有 ${more} 人，请再输入几个字。`
    : "名册里没有这样的人。";
}

async function begin() {
  part("motion").textContent = isSecureContext
    ? "摇一摇可以用这台手机的动作，到时会问你是否允许。"
    : "这个地址不是 HTTPS，浏览器不给网页动作感应：摇一摇时请按住屏幕下方的按钮。";
  part("guest").addEventListener("click", () => become(sameGuest()));
  const people = await roster();
  part("words").addEventListener("input", () => paint(people));
  paint(people);
}

begin();
