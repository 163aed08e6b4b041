// Log in to the console in a browser, by the six digits that it shows.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const platform = require('../../lib/platform.js');

const LENGTH = 6;

definePage({
  keeps: false,
  data: { code: '', isReady: false, isBusy: false, fault: '', isDone: false },

  async load() {
    return {};
  },

  type(event) {
    const code = event.detail.value.replace(/\D/g, '').slice(0, LENGTH);
    this.setData({ code, isReady: code.length === LENGTH, fault: '' });
    return code;
  },

  async submit() {
    if (!this.data.isReady || this.data.isBusy) {
      return;
    }
    this.setData({ isBusy: true, fault: '' });
    try {
      await api.post('/console/approvals', { pairing_code: this.data.code });
      platform.buzz('medium');
      this.setData({ isDone: true });
    } catch (error) {
      if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
        throw error;
      }
      this.setData({ fault: error.message });
    } finally {
      this.setData({ isBusy: false });
    }
  },

  goMe() {
    platform.tab('/pages/me/me');
  },
});
