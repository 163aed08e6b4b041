const platform = require('./lib/platform.js');
const outbox = require('./lib/outbox.js');
// It sends what waits in the outbox as a text for a column.
require('./lib/drafts.js');

App({
  onLaunch() {
    platform.updateWhenReady();
    outbox.flush();
  },
});
