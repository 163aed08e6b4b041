/** The storage of one phone, separate from other phones on the same page. At most 1 MB a key, 10 MB in all. */
import { user } from "../person.js";
import { shelfOf } from "../shelf.js";
import { api, Fail } from "./api.js";

const PREFIX = shelfOf(user);
const LARGEST_KEY = 1024 * 1024;
const LARGEST = 10 * 1024 * 1024;

const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
const size = () => keys().reduce((sum, key) => sum + localStorage.getItem(key).length, 0);

function get(key) {
  const text = localStorage.getItem(PREFIX + key);
  return text === null ? "" : JSON.parse(text).value;
}

function set(key, value) {
  const text = JSON.stringify({ value });
  if (text.length > LARGEST_KEY) throw new Fail("entry size limit reached");
  if (size() + text.length > LARGEST) throw new Fail("exceed storage max size 10MB");
  localStorage.setItem(PREFIX + key, text);
}

function remove(key) {
  localStorage.removeItem(PREFIX + key);
}

function clear() {
  for (const key of keys()) localStorage.removeItem(key);
}

function info() {
  return {
    keys: keys().map((key) => key.slice(PREFIX.length)),
    currentSize: Math.ceil(size() / 1024),
    limitSize: LARGEST / 1024,
  };
}

/** All stored values by key. */
export function everything() {
  return Object.fromEntries(info().keys.map((key) => [key, get(key)]));
}

/** Removes all values, as on a new phone. */
export const forget = clear;

/** The synchronous functions throw where the others fail. */
function sync(name, work) {
  return (...values) => {
    try {
      return work(...values);
    } catch (error) {
      throw error instanceof Fail ? new Error(`${name}:fail ${error.message}`) : error;
    }
  };
}

export const storage = {
  getStorageSync: sync("getStorageSync", get),
  setStorageSync: sync("setStorageSync", set),
  removeStorageSync: sync("removeStorageSync", remove),
  clearStorageSync: sync("clearStorageSync", clear),
  getStorageInfoSync: sync("getStorageInfoSync", info),
  getStorage: api("getStorage", ({ key }) => {
    if (localStorage.getItem(PREFIX + key) === null) throw new Fail("data not found");
    return { data: get(key) };
  }),
  setStorage: api("setStorage", ({ key, data }) => set(key, data)),
  removeStorage: api("removeStorage", ({ key }) => remove(key)),
  clearStorage: api("clearStorage", clear),
  getStorageInfo: api("getStorageInfo", info),
};
