/** Functions of `wx` for pictures and QR codes: the person chooses a file, pastes the text of a code, or shows a picture of it. */
import jsQR from "jsqr";
import { assetAddress, keepTemporary } from "../assets.js";
import { make } from "../make.js";
import { showPicture, showSheet } from "../overlay.js";
import { api, Fail } from "./api.js";

const EXTENSIONS = {
  "image/png": ".png",
  "image/jpeg": ".jpg",
  "image/webp": ".webp",
  "image/gif": ".gif",
};

/** Lets the person choose files; resolves with none when they do not. */
function chooseFiles({ accept, count, capture }) {
  return new Promise((resolve) => {
    const field = make("input", {
      type: "file",
      accept,
      multiple: count > 1,
      capture,
      class: "chooser",
      "aria-label": "选择文件",
    });
    const end = () => {
      field.remove();
      resolve([...field.files].slice(0, count));
    };
    field.addEventListener("change", end);
    field.addEventListener("cancel", end);
    document.getElementById("overlay").append(field);
    field.click();
  });
}

async function chooseMedia({ count = 9, mediaType = ["image"] }) {
  const accept = mediaType
    .map((type) => (type === "mix" ? "image/*,video/*" : `${type}/*`))
    .join(",");
  const files = await chooseFiles({ accept, count });
  if (!files.length) throw new Fail("cancel");
  return {
    type: files[0].type.split("/")[0],
    tempFiles: files.map((file) => ({
      tempFilePath: keepTemporary(file, EXTENSIONS[file.type] ?? ""),
      size: file.size,
      fileType: file.type.split("/")[0],
    })),
  };
}

async function imageInfo({ src }) {
  const picture = new Image();
  picture.src = assetAddress(src);
  try {
    await picture.decode();
  } catch {
    throw new Fail("image not found");
  }
  return {
    width: picture.naturalWidth,
    height: picture.naturalHeight,
    path: src,
    orientation: "up",
    type: "png",
  };
}

/** A picture of the phone as a smaller file. */
async function compress({ src, quality = 80, compressedWidth }) {
  const { width, height } = await imageInfo({ src });
  const scale = compressedWidth ? Math.min(1, compressedWidth / width) : 1;
  const picture = new Image();
  picture.src = assetAddress(src);
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), {
    width: Math.round(width * scale),
    height: Math.round(height * scale),
  });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return { tempFilePath: await kept(canvas, "image/jpeg", quality / 100) };
}

async function kept(canvas, type, quality) {
  const blob = await new Promise((done) => canvas.toBlob(done, type, quality));
  return keepTemporary(blob, EXTENSIONS[type]);
}

async function canvasToFile({ canvas, fileType = "png", quality = 1 }) {
  if (!canvas?.toBlob) throw new Fail("canvas is empty");
  return {
    tempFilePath: await kept(canvas, fileType === "jpg" ? "image/jpeg" : "image/png", quality),
  };
}

/** The text of the QR code in a picture, or null. */
async function read(blob) {
  const picture = await createImageBitmap(blob);
  const canvas = Object.assign(document.createElement("canvas"), {
    width: picture.width,
    height: picture.height,
  });
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  return jsQR(data, width, height)?.data ?? null;
}

let events = async () => [];

/** Sets the source of events that can be picked instead of a code: `async () => [{title, text}]`. */
export function offerEvents(source) {
  events = source;
}

async function scan() {
  const offered = await events();
  const text = await showSheet("扫一扫", (close) => {
    const field = make("textarea", {
      rows: "3",
      "aria-label": "二维码的内容",
      placeholder: "粘贴二维码的内容或加入码",
      "data-first": true,
    });
    const problem = make("p", { class: "sheet-problem", role: "status" });
    const fromPicture = async (blob) => {
      const found = await read(blob);
      if (found) close(found);
      else problem.textContent = "这张图片里没有找到二维码。";
    };
    const fromScreen = async () => {
      problem.textContent = "";
      const picture = await screenPicture();
      if (picture) await fromPicture(picture);
      else problem.textContent = "没有得到画面。请选择显示大屏的窗口，或者粘贴二维码的图片。";
    };
    field.addEventListener("paste", ({ clipboardData }) => {
      const picture = [...clipboardData.items].find(({ type }) => type.startsWith("image/"));
      if (picture) fromPicture(picture.getAsFile());
    });
    const pick = async () => {
      const [file] = await chooseFiles({
        accept: "image/*",
        count: 1,
        capture: matchMedia("(pointer: coarse)").matches ? "environment" : undefined,
      });
      if (file) fromPicture(file);
    };
    return [
      field,
      make(
        "button",
        {
          type: "button",
          class: "modal-ok",
          onclick: () => field.value.trim() && close(field.value.trim()),
        },
        "用这段文字",
      ),
      make("button", { type: "button", onclick: pick }, "从图片里识别"),
      "mediaDevices" in navigator && "getDisplayMedia" in navigator.mediaDevices
        ? make("button", { type: "button", onclick: fromScreen }, "从大屏的画面里识别")
        : "",
      offered.length ? make("p", { class: "sheet-note" }, "或直接选一个活动") : "",
      ...offered.map(({ title, text }) =>
        make("button", { type: "button", onclick: () => close(text) }, title),
      ),
      problem,
      make("button", { type: "button", class: "sheet-cancel", onclick: () => close(null) }, "取消"),
    ];
  });
  if (!text) throw new Fail("cancel");
  return {
    result: text,
    scanType: "QR_CODE",
    charSet: "UTF-8",
    rawData: btoa(unescape(encodeURIComponent(text))),
    path: "",
  };
}

/** A picture of the window or tab that the person shares, null when they share none. */
async function screenPicture() {
  let stream = null;
  try {
    stream = await navigator.mediaDevices.getDisplayMedia({ video: true });
    const film = Object.assign(document.createElement("video"), { srcObject: stream, muted: true });
    // The video may have no frame yet.
    const shown = new Promise((done) => film.requestVideoFrameCallback(done));
    await film.play();
    await shown;
    const canvas = Object.assign(document.createElement("canvas"), {
      width: film.videoWidth,
      height: film.videoHeight,
    });
    canvas.getContext("2d").drawImage(film, 0, 0);
    return await new Promise((done) => canvas.toBlob(done));
  } catch {
    return null;
  } finally {
    for (const track of stream?.getTracks() ?? []) track.stop();
  }
}

export const media = {
  chooseMedia: api("chooseMedia", chooseMedia),
  chooseImage: api("chooseImage", async ({ count = 9 }) => {
    const { tempFiles } = await chooseMedia({ count });
    return {
      tempFilePaths: tempFiles.map(({ tempFilePath }) => tempFilePath),
      tempFiles: tempFiles.map(({ tempFilePath, size }) => ({ path: tempFilePath, size })),
    };
  }),
  previewImage: api("previewImage", ({ urls, current = urls[0] }) => {
    showPicture(assetAddress(typeof current === "number" ? urls[current] : current), "图片");
  }),
  getImageInfo: api("getImageInfo", imageInfo),
  compressImage: api("compressImage", compress),
  canvasToTempFilePath: (options, _component) => api("canvasToTempFilePath", canvasToFile)(options),
  saveImageToPhotosAlbum: api("saveImageToPhotosAlbum", ({ filePath }) => {
    const link = make("a", { href: assetAddress(filePath), download: "linka.png" });
    link.click();
  }),
  createOffscreenCanvas: ({ width = 300, height = 150 } = {}) =>
    Object.assign(document.createElement("canvas"), {
      width,
      height,
      createImage: () => new Image(),
    }),
  scanCode: api("scanCode", scan),
};
