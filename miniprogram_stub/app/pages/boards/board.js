// What a board shows, from the server's rows. Pure.

/** Points as they are written: 86, 86.4, −20. */
function pointsWord(points) {
  if (points === null || points === undefined) {
    return '';
  }
  const rounded = String(Math.round(Math.abs(points) * 100) / 100);
  return points < 0 ? `−${rounded}` : rounded;
}

/**
 * What is shown of a board.
 *
 * `board` is the server's answer, `ownId` the id of the own row (player or team) or null, `reveal`
 * how far the ceremony has come ({step, of}) or null, `before` {id: rank} of what was shown before.
 */
function shown({ board, ownId, reveal = null, before = {} }) {
  const rows = board.rows.map((row, at) => rowOf(row, at, ownId, before));
  const mine = rows.find((row) => row.isMine) || null;
  const own = mine || (board.me ? rowOf(board.me, 0, board.me.id, before) : null);
  return {
    rows: withGaps(rows),
    total: board.total,
    formula: board.formula || '',
    isFrozen: board.frozen,
    isCeremony: Boolean(board.frozen && reveal),
    frozenWord: board.frozen ? frozenWord(reveal) : '',
    closed: rows.filter((row) => row.isClosed).length,
    own,
    // The own row is pinned below where it is not among the rows.
    isPinned: Boolean(own && !mine),
    out: board.out_of_competition.map((player) => player.name).join('、'),
    ranks: ranksOf(rows),
  };
}

function rowOf(row, at, ownId, before) {
  const isClosed = row.name === null;
  const earlier = before[row.id];
  // As on the big screen, nobody has a place without points.
  const hasPlace = isClosed || row.points > 0;
  const climbed = earlier === undefined || !hasPlace ? 0 : earlier - row.rank;
  return {
    key: isClosed ? `closed-${at}` : `row-${row.id}`,
    id: row.id || 0,
    rank: row.rank,
    place: hasPlace ? String(row.rank) : '–',
    placeWord: hasPlace ? `第 ${row.rank} 名` : '还没得分',
    medal: row.rank <= 3 && hasPlace && !isClosed ? row.rank : 0,
    name: isClosed ? '待揭晓' : row.name,
    team: row.team || '',
    points: pointsWord(row.points),
    members: row.members || 0,
    isClosed,
    isMine: !isClosed && ownId !== null && row.id === ownId,
    climbed,
    isGap: false,
  };
}

/** Mark where ranks are left out between two rows, so that they do not look like neighbours. */
function withGaps(rows) {
  return rows.map((row, at) => {
    const above = rows[at - 1];
    const tied = above ? rows.filter((one) => one.rank === above.rank).length : 1;
    return Object.assign(row, { isGap: Boolean(above && row.rank > above.rank + tied) });
  });
}

function frozenWord(reveal) {
  return reveal
    ? `揭榜进行中：第 ${reveal.step} 步，共 ${reveal.of} 步`
    : '已封榜：分数照常累计，名次等揭榜时公布';
}

function ranksOf(rows) {
  const ranks = {};
  rows.forEach((row) => {
    if (!row.isClosed && row.place !== '–') {
      ranks[row.id] = row.rank;
    }
  });
  return ranks;
}

module.exports = { shown, pointsWord };
