/** The keys under which a WeChat user's phone stores values in the browser's storage. */
export const shelfOf = (user) => `linka-phone:${user}:`;

/** The keys under which its saved files are stored. */
export const filesOf = (user) => `linka-files:${user}:`;

/** Stores a value for a phone that does not run yet, as `wx.setStorageSync` would. */
export function keepFor(user, key, value) {
  localStorage.setItem(shelfOf(user) + key, JSON.stringify({ value }));
}
