/** Where the phone of a WeChat user keeps its storage within that of the browser. */
export const shelfOf = (user) => `linka-phone:${user}:`;

/** Keeps a value for a user's phone that does not run yet, as `wx.setStorageSync` would. */
export function keepFor(user, key, value) {
  localStorage.setItem(shelfOf(user) + key, JSON.stringify({ value }));
}
