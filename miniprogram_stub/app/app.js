const platform = require('./lib/platform.js');
const outbox = require('./lib/outbox.js');

App({
  onLaunch() {
    platform.updateWhenReady();
    outbox.flush();
  },
});
