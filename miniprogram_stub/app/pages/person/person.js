// A colleague: name, team, and posts about them.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const platform = require('../../lib/platform.js');
const { personOf } = require('../team/shown.js');

const POSTS = 30;

definePage({
  data: { person: null },

  async load(query) {
    const [person, posts] = await Promise.all([
      api.get(`/people/${query.person}`),
      api.get('/posts', { about: `person:${query.person}`, page_size: POSTS }),
    ]);
    this.entitle(person.name);
    return { person: personOf(person, posts) };
  },

  openPost(event) {
    platform.go(`/pages/post/post?post=${event.currentTarget.dataset.id}`);
  },

  openTeam() {
    platform.go(`/pages/team/team?team=${this.data.person.teamId}`);
  },
});
