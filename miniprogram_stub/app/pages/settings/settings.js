// Text size, privacy and consent, sign out everywhere, erase me. Works without consent: until it is
// given, nothing is sent.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const consent = require('../../lib/consent.js');
const live = require('../../lib/live.js');
const outbox = require('../../lib/outbox.js');
const platform = require('../../lib/platform.js');
const session = require('../../lib/session.js');
const words = require('../../lib/words.js');
const { paths } = require('../../lib/protocol.js');
const { version } = require('../../settings.js');

const HOME = '/pages/home/home';
// What is typed to show that the erasure is meant.
const ERASE_WORD = '注销';

definePage({
  data: {
    sizes: [
      { name: 'size-1', title: '标准' },
      { name: 'size-2', title: '大' },
      { name: 'size-3', title: '特大' },
    ],
    notice: consent.NOTICE,
    agreedAt: '',
    version,
    isErasing: false,
    eraseWord: ERASE_WORD,
    typed: '',
    isBusy: false,
    fault: '',
  },

  onShow() {
    this._showConsent();
  },

  _showConsent() {
    const given = consent.isGiven() && consent.record();
    this.setData({ agreedAt: given ? words.moment(given.at) : '' });
  },

  chooseSize(event) {
    const { name } = event.currentTarget.dataset;
    session.chooseTextSize(name);
    platform.buzz('light');
    this.setData({ scale: name });
  },

  agree() {
    consent.give();
    platform.buzz('light');
    this._showConsent();
  },

  async withdraw() {
    const agreed = await platform.confirm({
      title: '撤回同意',
      text: `${unsent()}之后这台手机不再发送任何东西，你在活动里的得分还在。再次使用要重新同意。`,
      ok: '撤回',
      danger: true,
    });
    if (agreed) {
      leave();
    }
  },

  /** Show all that is stored of me, as text that can be pasted anywhere. */
  async exportMe() {
    await this._do(async () => {
      platform.copy(JSON.stringify(await api.get(paths.export), null, 2));
      platform.say('已复制，可以粘贴到任何地方保存。');
    });
  },

  async signOut() {
    const agreed = await platform.confirm({
      title: '退出所有设备',
      text: `${unsent()}你在所有手机上的登录马上失效，这台也会退出。得分不受影响。`,
      ok: '全部退出',
      danger: true,
    });
    if (agreed) {
      await this._do(async () => {
        await api.remove(paths.tokens);
        leave();
      });
    }
  },

  openErasing() {
    this.setData({ isErasing: true });
  },

  closeErasing() {
    this.setData({ isErasing: false, typed: '', fault: '' });
  },

  type(event) {
    this.setData({ typed: event.detail.value.trim() });
  },

  async erase() {
    if (this.data.typed !== ERASE_WORD) {
      return;
    }
    const agreed = await platform.confirm({
      title: '真的要注销吗？',
      text: '注销之后不能恢复。',
      ok: '注销',
      cancel: '我再想想',
      danger: true,
    });
    if (agreed) {
      await this._do(async () => {
        await api.remove(paths.me, { confirm: 'erase' });
        leave();
      });
    }
  },

  /** Do what asks the server, and say why it was refused. */
  async _do(act) {
    this.setData({ isBusy: true, fault: '' });
    try {
      await act();
    } catch (error) {
      if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
        throw error;
      }
      this.setData({ fault: error.message });
      platform.say(error.message);
    } finally {
      this.setData({ isBusy: false });
    }
  },

  update() {
    platform.update();
  },
});

/** What has not been sent yet would be lost. */
function unsent() {
  const { length } = outbox.waiting();
  return length > 0 ? `还有 ${length} 条没有送出，等网络；退出后会丢失。` : '';
}

/** Forget the person on this phone; the consent goes too, or the next call would log in again. */
function leave() {
  live.leave();
  session.forget();
  consent.withdraw();
  platform.restart(HOME);
}
