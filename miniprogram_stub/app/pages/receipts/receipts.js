// Each line of my score in an event, and why.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const platform = require('../../lib/platform.js');
const session = require('../../lib/session.js');
const { shown } = require('./lines.js');

definePage({
  data: { receipt: null, eventTitle: '' },

  async load(query) {
    const eventId = eventOf(query);
    if (!eventId) {
      return null;
    }
    const [receipt, event] = await Promise.all([
      api.get(`/events/${eventId}/receipts`),
      api.get(`/events/${eventId}`),
    ]);
    return { receipt: shown(receipt, event.activities), eventTitle: event.title };
  },

  /** Look at the question of a line again. */
  look(event) {
    const { dig, activity } = event.currentTarget.dataset;
    platform.go(
      `/pages/question/question?event=${eventOf(this.query)}&activity=${activity}&dig=${dig}`,
    );
  },

  goEvents() {
    platform.tab('/pages/events/events');
  },
});

function eventOf(query) {
  const chosen = session.event();
  return query.event || (chosen && chosen.id);
}
