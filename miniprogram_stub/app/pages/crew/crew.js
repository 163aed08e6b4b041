// 小队任务: my tasks for the evenings, ticked off here.

const { definePage } = require('../../lib/page.js');
const api = require('../../lib/api.js');
const platform = require('../../lib/platform.js');
const { shown } = require('./tasks.js');

definePage({
  data: { events: [], busyId: 0, fault: '' },

  async load() {
    const tasks = await api.get('/crew/tasks');
    return tasks.length > 0 ? { events: shown(tasks) } : null;
  },

  /** Tick a task off, or open it again. */
  async tick(event) {
    const { id, event: eventId, done } = event.currentTarget.dataset;
    if (this.data.busyId) {
      return;
    }
    this.setData({ busyId: id, fault: '' });
    try {
      await api.put(`/events/${eventId}/crew/tasks/${id}/done`, { done: !done });
      platform.buzz('light');
      await this.refresh();
    } catch (error) {
      if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
        throw error;
      }
      this.setData({ fault: error.message });
    } finally {
      this.setData({ busyId: 0 });
    }
  },

  goEvents() {
    platform.tab('/pages/events/events');
  },
});
