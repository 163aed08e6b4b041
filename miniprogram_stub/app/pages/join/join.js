// Join an event: by scanning the screen, by typing its code, or by a link that brings the code.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const codes = require('../../lib/codes.js');
const live = require('../../lib/live.js');
const platform = require('../../lib/platform.js');
const session = require('../../lib/session.js');

const DRAFT = 'join-draft';

definePage({
  keeps: false,
  data: { code: '', isReady: false, isBusy: false, fault: null, joined: null },

  onLoad(query) {
    this._linked = codes.linked(query);
    this._type(this._linked || platform.storage.get(DRAFT, ''));
  },

  async load() {
    if (this._linked) {
      this._linked = '';
      await this._join();
    }
    return {};
  },

  type(event) {
    this._type(event.detail.value);
    return this.data.code;
  },

  _type(text) {
    const code = codes.codeOf(text);
    platform.storage.set(DRAFT, code);
    this.setData({ code, isReady: codes.isCode(code), fault: null });
  },

  async scan() {
    try {
      this._read(await platform.scan());
    } catch (error) {
      if (!(error instanceof platform.Cancelled)) {
        throw error;
      }
    }
  },

  _read(text) {
    const found = codes.read(text);
    if (found.kind === 'bind') {
      const { number, invite } = found;
      platform.go(
        `/pages/bind/bind?number=${encodeURIComponent(number)}&invite=${encodeURIComponent(invite)}`,
      );
    } else if (found.kind === 'join') {
      this._type(found.code);
      this._join();
    } else {
      this.setData({
        fault: { text: '这不是林卡的二维码。', next: '请扫大屏幕上的码，或者直接输入加入码。' },
      });
    }
  },

  submit() {
    if (this.data.isReady) {
      this._join();
    }
  },

  async _join() {
    if (this.data.isBusy) {
      return;
    }
    this.setData({ isBusy: true, fault: null });
    try {
      const found = await session.join(this.data.code);
      // A connection from before had no seat.
      live.leave();
      platform.storage.remove(DRAFT);
      platform.buzz('medium');
      this._joined(found);
    } catch (error) {
      this._refused(error);
    } finally {
      this.setData({ isBusy: false });
    }
  },

  _joined({ event, player }) {
    if (player.staff_number) {
      platform.say(`已加入“${event.title}”`);
      this.goHome();
      return;
    }
    this.setData({ joined: { title: event.title, name: player.name } });
  },

  _refused(error) {
    if (error instanceof api.Refusal) {
      this.setData({ fault: { text: error.message, next: codes.advice(error.slug) } });
    } else if (error instanceof api.NoNetwork) {
      this.setData({ fault: { text: error.message, next: '加入码已经替你记住了。' } });
    } else {
      throw error;
    }
  },

  goBind() {
    platform.replace('/pages/bind/bind');
  },

  goHome() {
    platform.tab('/pages/home/home');
  },
});
