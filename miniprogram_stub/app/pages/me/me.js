// 我的: who I am, my place, and the ways to what is mine.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const outbox = require('../../lib/outbox.js');
const platform = require('../../lib/platform.js');
const session = require('../../lib/session.js');
const { birthdayOf } = require('./birthday.js');
const person = require('./person.js');

definePage({
  data: {
    person: null,
    birthday: null,
    playing: null,
    hostUrl: '',
    taskCount: 0,
    tasksLeft: 0,
    waiting: [],
    isSending: false,
  },

  async load() {
    const chosen = session.event();
    const [me, own] = await Promise.all([session.me(), chosen && session.seat(chosen.id)]);
    const event = own ? await api.get(`/events/${chosen.id}`) : null;
    const [tasks, birthday] = me.staff
      ? await Promise.all([api.get('/crew/tasks'), api.get('/people/birthday')])
      : [[], null];
    const hosts = chosen && session.isHost(chosen.id);
    return {
      person: person.shown(me),
      birthday: birthday && birthdayOf(birthday),
      playing: person.playing(event, own),
      taskCount: tasks.length,
      tasksLeft: tasks.filter((task) => task.done_at === null).length,
      hostUrl: hosts ? `/pages/host/host?event=${chosen.id}` : '',
    };
  },

  onShow() {
    this._off = outbox.on(() => this._count());
    this._count();
  },

  onHide() {
    this._off();
  },

  onUnload() {
    this._off();
  },

  _count() {
    this.setData({ waiting: outbox.waiting() });
  },

  go(event) {
    platform.go(event.currentTarget.dataset.url);
  },

  async choose(event) {
    const { choice } = event.currentTarget.dataset;
    if (this.data.isSending) {
      return;
    }
    this.setData({ isSending: true });
    try {
      this.setData({ birthday: birthdayOf(await api.put('/people/birthday', { choice })) });
      platform.buzz('light');
    } catch (error) {
      if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
        throw error;
      }
      platform.say(error.message);
    }
    this.setData({ isSending: false });
  },

  goBoards() {
    platform.tab('/pages/boards/boards');
  },

  send() {
    outbox.flush();
    platform.say('正在重新发送…');
  },
});
