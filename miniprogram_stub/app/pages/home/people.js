// What 首页 says of colleagues today, from the server's `/people/today`. Pure.

const MOST = 12;

const TOLD = {
  shared: '同班组的同事今天也看得到。',
  private: '只有你看得到这张卡。想让同事一起庆祝，可以在“我的”里选。',
};

/** `null` where there is nothing to say. */
function peopleOf(today) {
  const birthdays = today.birthdays.map(({ name }) => name);
  const found = {
    wish: today.is_own_birthday ? TOLD[today.birthday_choice] || '' : '',
    birthdays: named(birthdays),
    isFirstDay: today.is_first_day,
    newcomers: today.newcomers.length > 0 ? byTeam(today.newcomers) : null,
  };
  return Object.values(found).some(Boolean) ? found : null;
}

/** The newcomers of each team in one line; the server lists them by team. Many are counted. */
function byTeam(newcomers) {
  const lines = [];
  for (const { name, team } of newcomers.slice(0, MOST)) {
    const last = lines[lines.length - 1];
    if (last && last.team === team) {
      last.names.push(name);
    } else {
      lines.push({ team, names: [name] });
    }
  }
  const shown = lines.map(({ team, names }) => ({ team, people: names.join('、') }));
  const more = newcomers.length - MOST;
  return more > 0 ? shown.concat({ team: '', people: `还有 ${more} 位新同事` }) : shown;
}

/** Names in one line; many are counted. */
function named(names) {
  const more = names.length > MOST ? `等 ${names.length} 位同事` : '';
  return names.slice(0, MOST).join('、') + more;
}

module.exports = { named, peopleOf };
