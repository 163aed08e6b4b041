// Before the user has agreed, WeChat is asked for nothing and nothing is sent. The agreed version,
// and the time, are stored on the phone.

const { storage } = require('./platform.js');

const KEY = 'consent';
// A new wording of the notice gets a new version, and everybody is asked again.
const VERSION = '2026-11-28';

const NOTICE = [
  '用微信登录时，我们得到一个只在林卡里有效的编号，没有你的手机号和微信号。',
  '绑定工号以后，你的姓名、班组和得分会出现在活动的榜单上。',
  '你的作答、投票和中奖只用于活动。匿名投票连管理员也看不到是谁投的。',
  '随时可以在“我的 → 设置”里导出或删除你的资料。',
];

/** What was agreed to: `{version, at}` (at: ms since 1970), or undefined. */
function record() {
  return storage.get(KEY);
}

function isGiven() {
  const given = record();
  return Boolean(given) && given.version === VERSION;
}

function give() {
  storage.set(KEY, { version: VERSION, at: Date.now() });
}

function withdraw() {
  storage.remove(KEY);
}

module.exports = { VERSION, NOTICE, record, isGiven, give, withdraw };
