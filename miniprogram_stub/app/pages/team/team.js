// A team: slogan, picture, places in events, members, and posts about it; without a query my own.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const pictures = require('../../lib/pictures.js');
const platform = require('../../lib/platform.js');
const { teamOf } = require('./shown.js');

const POSTS = 10;

definePage({
  data: { team: null, picture: '' },

  async load(query) {
    const list = await api.get('/people/teams');
    const id = query.team || list.own_id;
    const [team, posts] = await Promise.all([
      api.get(`/people/teams/${id}`),
      api.get('/posts', { about: `team:${id}`, page_size: POSTS }),
    ]);
    this.entitle(team.name);
    pictures.each([team.picture_path], (_, local) => this.setData({ picture: local }));
    return { team: teamOf(team, posts, list) };
  },

  enlarge() {
    platform.preview([this.data.picture]);
  },

  openPost(event) {
    platform.go(`/pages/post/post?post=${event.currentTarget.dataset.id}`);
  },

  openPerson(event) {
    platform.go(`/pages/person/person?person=${event.currentTarget.dataset.id}`);
  },

  openTeam(event) {
    platform.go(`/pages/team/team?team=${event.currentTarget.dataset.id}`);
  },
});
