/**
 * The files of one phone. Saved ones outlive the page: they are in the browser's storage, which has
 * room for 2 MB of them beside what the mini program stores.
 */
import { dropFile, putFile, temporaryFile } from "../assets.js";
import { user } from "../person.js";
import { filesOf } from "../shelf.js";
import { api, Fail } from "./api.js";

const PREFIX = filesOf(user);
const LARGEST = 2 * 1024 * 1024;

const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
const size = () => keys().reduce((sum, key) => sum + localStorage.getItem(key).length, 0);

function required(path) {
  const file = temporaryFile(path);
  if (!file) throw new Fail(`no such file or directory ${path}`);
  return file;
}

const addressOf = (file) =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.readAsDataURL(file);
  });

/** The file of a `data:` address. */
function fileOf(address) {
  const [head, content] = address.split(",");
  const type = head.slice("data:".length).split(";")[0];
  return new Blob([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], { type });
}

async function save({ tempFilePath }) {
  const file = required(tempFilePath);
  const address = await addressOf(file);
  if (size() + address.length > LARGEST) {
    throw new Fail("the maximum size of the file storage limit is exceeded");
  }
  const path = tempFilePath.replace("tmp_", "store_");
  localStorage.setItem(PREFIX + path, address);
  putFile(path, file);
  dropFile(tempFilePath);
  return { savedFilePath: path };
}

function remove({ filePath }) {
  required(filePath);
  localStorage.removeItem(PREFIX + filePath);
  dropFile(filePath);
}

for (const key of keys()) {
  putFile(key.slice(PREFIX.length), fileOf(localStorage.getItem(key)));
}

export const files = {
  getFileSystemManager: () => ({
    readFile: api("readFile", async ({ filePath, encoding }) => {
      const file = required(filePath);
      return { data: encoding ? await file.text() : await file.arrayBuffer() };
    }),
    getFileInfo: api("getFileInfo", ({ filePath }) => ({ size: required(filePath).size })),
    access: api("access", ({ path }) => {
      required(path);
    }),
    saveFile: api("saveFile", save),
    removeSavedFile: api("removeSavedFile", remove),
  }),
};
