// Who may see my birthday, from the server's `/people/birthday`. Pure.

const CHOICES = [
  {
    name: 'shared',
    title: '班组同事和林卡小队',
    text: '当天班组同事的首页会祝贺我；小队安排生日会时看得到我的月和日。',
  },
  { name: 'private', title: '只有我', text: '当天只有我自己的首页有祝福。' },
  { name: 'hidden', title: '谁也看不到', text: '我自己的首页也不显示。' },
];

/** `null` where the roster has no birthday of mine. */
function birthdayOf({ birthday, choice }) {
  if (!birthday) {
    return null;
  }
  const [month, day] = birthday.split('-').map(Number);
  return {
    day: `${month} 月 ${day} 日`,
    choices: CHOICES.map((one) => Object.assign({ isChosen: one.name === choice }, one)),
  };
}

module.exports = { birthdayOf };
