// Prove once who holds the phone: 工号 and the invite code of the slip.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const clock = require('../../lib/clock.js');
const codes = require('../../lib/codes.js');
const platform = require('../../lib/platform.js');
const session = require('../../lib/session.js');
const words = require('../../lib/words.js');

const DRAFT = 'bind-draft';
const WAIT = 'bind-wait';
const EMPTY = { number: '', invite: '' };

definePage({
  keeps: false,
  data: {
    number: '',
    invite: '',
    isReady: false,
    isBusy: false,
    fault: null,
    waits: '',
    person: null,
    isNew: false,
  },

  onLoad({ number, invite }) {
    const draft = platform.storage.get(DRAFT, EMPTY);
    this._type({ number: number || draft.number, invite: invite || draft.invite });
  },

  onShow() {
    this._stopClock = clock.every(1000, () => this._tick());
  },

  onHide() {
    this._stopClock();
  },

  onUnload() {
    this._stopClock();
  },

  async load() {
    const { staff } = await session.me();
    return { person: staff };
  },

  typeNumber(event) {
    this._type({ number: event.detail.value.trim(), invite: this.data.invite });
  },

  typeInvite(event) {
    this._type({ number: this.data.number, invite: event.detail.value.trim() });
  },

  _type(draft) {
    platform.storage.set(DRAFT, draft);
    this.setData(Object.assign({ fault: null }, draft));
    this._tick();
  },

  /** A delay is for one 工号: another may be tried at once. */
  _tick() {
    const { number, invite, waits: before, isReady: wasReady } = this.data;
    const wait = platform.storage.get(WAIT);
    const left = wait && wait.number === number ? (wait.until - Date.now()) / 1000 : 0;
    const waits = left > 0 ? words.clockFace(left) : '';
    const isReady = Boolean(number && invite && !waits);
    if (waits !== before || isReady !== wasReady) {
      this.setData({ waits, isReady });
    }
  },

  async scan() {
    try {
      const found = codes.read(await platform.scan());
      if (found.kind === 'bind') {
        this._type({ number: found.number, invite: found.invite });
      } else {
        this.setData({ fault: '这不是邀请码。请扫邀请条上的二维码，或者直接输入。' });
      }
    } catch (error) {
      if (!(error instanceof platform.Cancelled)) {
        throw error;
      }
    }
  },

  async submit() {
    const { number, invite, isReady, isBusy } = this.data;
    if (!isReady || isBusy) {
      return;
    }
    this.setData({ isBusy: true, fault: null });
    try {
      const { staff } = await session.bind(number, invite);
      platform.storage.remove(DRAFT);
      platform.storage.remove(WAIT);
      platform.buzz('medium');
      this.setData({ person: staff, isNew: true });
    } catch (error) {
      this._refused(error, number);
    } finally {
      this.setData({ isBusy: false });
    }
  },

  _refused(error, number) {
    if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
      throw error;
    }
    if (error instanceof api.Refusal && error.retryAfterSeconds) {
      platform.storage.set(WAIT, { number, until: Date.now() + error.retryAfterSeconds * 1000 });
    }
    platform.buzz('light');
    this.setData({ fault: error.message });
    this._tick();
  },

  go() {
    if (session.event()) {
      platform.tab('/pages/home/home');
    } else {
      platform.replace('/pages/join/join');
    }
  },
});
