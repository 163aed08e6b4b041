// Copies the article with its styles and pictures, so that it can be pasted into another editor.
//
// The clipboard is filled in the `copy` event, which works without HTTPS, too. Pictures become part
// of the text: the editor has no cookie with which to fetch them.

const button = /** @type {HTMLButtonElement | null} */ (document.getElementById("copy-article"));
const said = document.getElementById("copied");
const PICTURE = /src="(\/[^"]+)"/g;

/** @param {string} path @returns {Promise<string>} the picture as a `data:` address */
async function inText(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const reader = new FileReader();
  reader.readAsDataURL(await answer.blob());
  await new Promise((done) => reader.addEventListener("load", done, { once: true }));
  return String(reader.result);
}

/** @param {string} path @returns {Promise<string>} what stands in the body of the article */
async function article(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const page = await answer.text();
  let html = page.slice(page.indexOf("<body"), page.indexOf("</body>")).replace(/^<body[^>]*>/, "");
  for (const [, picture] of html.matchAll(PICTURE))
    html = html.replace(`"${picture}"`, `"${await inText(picture)}"`);
  return html;
}

/** @param {string} html */
function copy(html) {
  const frame = /** @type {HTMLIFrameElement} */ (document.querySelector(".article__draft"));
  // biome-ignore lint/performance/useDomNodeTextContent: with the line breaks that are seen
  const text = frame.contentDocument?.body.innerText ?? "";
  document.addEventListener(
    "copy",
    (event) => {
      event.preventDefault();
      event.clipboardData?.setData("text/html", html);
      event.clipboardData?.setData("text/plain", text);
    },
    { once: true },
  );
  return document.execCommand("copy");
}

/** @param {string} words */
const say = (words) => {
  if (said) said.textContent = words;
};

if (button) {
  const made = article(button.dataset.draft ?? "");
  made.then(
    (html) => {
      button.disabled = false;
      button.addEventListener("click", () =>
        say(copy(html) ? "已复制，可以粘贴了。" : "浏览器不让复制，请在左边全选后复制。"),
      );
    },
    () => say("文章没有取到，请刷新这一页。"),
  );
}
