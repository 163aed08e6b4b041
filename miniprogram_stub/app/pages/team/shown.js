// What the pages of a team and of a person show, from the server's answers. Pure.

const { lineOf } = require('../posts/list.js');

/** `posts` is the server's page of posts about the team, `list` its list of all teams. */
function teamOf(team, posts, list) {
  return {
    id: team.id,
    name: team.name,
    slogan: team.slogan,
    about: team.about,
    picture: team.picture_path || '',
    people: `${team.people} 人`,
    isOwn: team.id === list.own_id,
    members: team.members.map(({ id, name, is_leader: leads }) => ({ id, name, leads })),
    results: team.results.map((one) => ({
      id: one.event_id,
      title: one.title,
      place: `第 ${one.rank} 名`,
      of: `共 ${one.teams} 个班组 · ${pointsOf(one.points)} 分`,
    })),
    posts: posts.items.map(lineOf),
    others: list.items
      .filter(({ id }) => id !== team.id)
      .map(({ id, name, slogan }) => ({ id, name, slogan })),
  };
}

/** Team scores are means: one decimal at most. */
function pointsOf(points) {
  return String(Math.round(points * 10) / 10);
}

function personOf(person, posts) {
  return {
    id: person.id,
    name: person.name,
    team: person.team.name,
    teamId: person.team.id,
    posts: posts.items.map(lineOf),
  };
}

module.exports = { personOf, teamOf };
