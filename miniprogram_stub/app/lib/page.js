// What all pages have in common: they load, show stored data while there is no network, listen to
// the event, and load again in onShow.

const platform = require('./platform.js');
const api = require('./api.js');
const consent = require('./consent.js');
const live = require('./live.js');
const protocol = require('./protocol.js');
const session = require('./session.js');
const words = require('./words.js');

const KEPT_PAGES = 40;
const KEPT = 'pages';

// What to do next about a refusal, by its slug; anything else can be tried again.
const ACTIONS = {
  consent_missing: 'consent',
  update_required: 'update',
  not_a_player: 'join',
  kicked: 'home',
  banned: 'home',
  staff_only: 'bind',
  not_found: 'home',
  activity_voided: 'home',
  forbidden: 'home',
  login_blocked: 'home',
};

// A page may have these besides the library: both are called.
const HOOKS = ['onLoad', 'onShow', 'onHide', 'onUnload'];
// What the library keeps in every page while it runs.
const FIELDS = [
  'query',
  'connection',
  '_offs',
  '_turn',
  '_shownAt',
  '_isVisible',
  '_heardEvent',
  '_wasHeard',
  '_polling',
];

/**
 * Make the page of this file. Options, besides those of `Page`:
 *
 *   load(query)   resolves to what is put into `data`; null says that there is nothing to show
 *   live(state, activity)   hears the event's state; `activity` is the one of the query, or undefined
 *   hears         other messages of the event, or of the activity of the query, by type:
 *                 `{'shake.pulse': fn(data)}`
 *   event(query)  the id of the event to listen to: the query's, else the one looked at last
 *   keeps         false: what is shown is not kept for the next time without a network
 *
 * The page has `query`, `connection` (with `live` alone), `refresh()`, `remember(found)`, which stores
 * what `load` would resolve to by now, and `entitle(text)`, which sets the title of its bar as long
 * as it is the page that is shown. `data` has `phase`
 * (loading, ready, empty, error, stale), `problem` ({text, action}), `staleSince`, `scale` (class of
 * the text size) and `connected` ('live', 'polling', 'offline'). Raises an error where the page
 * gives one of these names, or the name of a method here, a meaning of its own.
 *
 * @template {Record<string, any>} T
 * @param {T & PageOptions & ThisType<PageThis & T>} options
 */
function definePage(options) {
  const data = {
    phase: 'loading',
    problem: null,
    staleSince: '',
    scale: session.textSize(),
    connected: 'offline',
  };
  /** @type {ThisType<PageThis>} */
  const common = {
    onLoad(query) {
      this.query = decoded(query);
      this._shownAt = 0;
      this._turn = 0;
      this._showKept();
      if (options.onLoad) {
        options.onLoad.call(this, this.query);
      }
    },

    onShow() {
      this.setData({ scale: session.textSize() });
      this._isVisible = true;
      this._listen();
      this.refresh();
      if (options.onShow) {
        options.onShow.call(this);
      }
    },

    onHide() {
      this._stop();
      if (options.onHide) {
        options.onHide.call(this);
      }
    },

    onUnload() {
      this._stop();
      if (options.onUnload) {
        options.onUnload.call(this);
      }
    },

    async onPullDownRefresh() {
      await this.refresh();
      platform.pulledDown();
    },

    /** Load again; what was shown stays until the answer is there. */
    async refresh() {
      if (!options.load) {
        this.setData({ phase: 'ready', problem: null });
        return;
      }
      this._turn += 1;
      const turn = this._turn;
      try {
        if (!consent.isGiven()) {
          throw new api.Refusal({ status: 0, slug: 'consent_missing', message: '' });
        }
        this._listenAnew();
        const found = await options.load.call(this, this.query);
        if (turn === this._turn) {
          this._show(found);
          this._listenAnew();
        }
      } catch (error) {
        if (!(error instanceof api.Refusal || error instanceof api.NoNetwork)) {
          this._failed(
            new api.Refusal({ status: 500, slug: 'internal', message: '这一页出错了。' }),
          );
          throw error;
        }
        if (turn === this._turn) {
          this._failed(error);
        }
      }
    },

    entitle(text) {
      if (this._isVisible) {
        platform.title(text);
      }
    },

    remember(found) {
      keepPage(this._key(), found);
    },

    _show(found) {
      this._shownAt = Date.now();
      const shown = { phase: found ? 'ready' : 'empty', problem: null, staleSince: '' };
      this.setData(Object.assign(shown, found));
      if (options.keeps !== false) {
        this.remember(found);
      }
    },

    _failed(error) {
      const mayPass = error instanceof api.NoNetwork || error.status >= 500 || error.status === 429;
      if (mayPass && this._shownAt) {
        this.setData({ phase: 'stale', staleSince: words.moment(this._shownAt) });
        return;
      }
      const action = error instanceof api.Refusal ? ACTIONS[error.slug] : '';
      this.setData({ phase: 'error', problem: { text: error.message, action: action || 'again' } });
    },

    /** Show what was known the last time, until something newer is there. */
    _showKept() {
      const kept = options.load && options.keeps !== false && keptPage(this._key());
      if (kept && kept.data && consent.isGiven()) {
        this._shownAt = kept.at;
        this.setData(Object.assign({ phase: 'ready' }, kept.data));
      }
    },

    _key() {
      return `page:${this.route}?${JSON.stringify(this.query)}`;
    },

    /** Listen to the event, as long as the page is seen. */
    _listen() {
      this._stop();
      this._isVisible = true;
      this._offs = [onNetworkBack(() => this.refresh())];
      const eventId = this._eventToHear();
      this._heardEvent = eventId;
      if (!eventId) {
        return;
      }
      const connection = live.join(eventId);
      this.connection = connection;
      this._offs.push(
        connection.on('state', (state) => this._hear(state)),
        connection.on('status', (status) => this._statusIs(status)),
        // The request tells a user who is no longer admitted, or has to update.
        connection.on('refused', () => this.refresh()),
      );
      Object.keys(options.hears || {}).forEach((type) => {
        this._offs.push(connection.on(type, (data) => this._hearMore(options.hears[type], data)));
      });
      this._statusIs(connection.status);
      if (connection.state) {
        this._hear(connection.state);
      }
    },

    /** Listen once the consent is given or the event known, which may be after the page was loaded. */
    _listenAnew() {
      if (this._isVisible && this._eventToHear() !== this._heardEvent) {
        this._listen();
      }
    },

    /** The id of the event to listen to; 0 where there is none, or no consent. */
    _eventToHear() {
      const eventId = options.live && consent.isGiven() && eventOf(options, this.query);
      return Number(eventId) || 0;
    },

    _hear(state) {
      const id = Number(this.query.activity);
      const found = state.activities.find((activity) => activity.id === id);
      const isGone = this._wasHeard && !found;
      this._wasHeard = Boolean(found);
      options.live.call(this, state, found);
      // Its result was dismissed, or a host voided it: the server says which.
      if (isGone) {
        this.refresh();
      }
    },

    _hearMore(fn, data) {
      const isOfEvent = data.activity_id === undefined;
      if (isOfEvent || data.activity_id === Number(this.query.activity)) {
        fn.call(this, data);
      }
    },

    _statusIs(status) {
      const cameBack = status === 'live' && this.data.connected !== 'live' && this._shownAt;
      this.setData({ connected: status });
      clearInterval(this._polling);
      if (status === 'polling') {
        this._polling = setInterval(() => this.refresh(), protocol.poll_seconds * 1000);
      } else if (cameBack) {
        this.refresh();
      }
    },

    _stop() {
      this._isVisible = false;
      clearInterval(this._polling);
      (this._offs || []).forEach((off) => {
        off();
      });
      this._offs = [];
    },
  };
  const methods = Object.keys(common).filter((name) => !HOOKS.includes(name));
  refuseNames(options, methods.concat(FIELDS));
  refuseNames(options.data || {}, Object.keys(data));
  /** @type {any} */
  const page = Object.assign({}, options, common, { data: Object.assign(data, options.data) });
  delete page.load;
  delete page.live;
  delete page.hears;
  delete page.event;
  delete page.keeps;
  Page(page);
}

/** Of two things with one name, one would silently replace the other. */
function refuseNames(given, taken) {
  const doubled = taken.filter((name) => name in given);
  if (doubled.length > 0) {
    throw new Error(`every page has ${doubled.join(', ')} already: choose other names`);
  }
}

function decoded(query) {
  const found = {};
  Object.keys(query || {}).forEach((name) => {
    found[name] = decodeURIComponent(query[name]);
  });
  return found;
}

function eventOf(options, query) {
  if (options.event) {
    return options.event(query);
  }
  const chosen = session.event();
  return query.event || (chosen && chosen.id);
}

const backListeners = [];
platform.onNetwork((isOnline) => {
  if (isOnline) {
    backListeners.slice().forEach((fn) => {
      fn();
    });
  }
});

function onNetworkBack(fn) {
  backListeners.push(fn);
  return () => {
    backListeners.splice(backListeners.indexOf(fn), 1);
  };
}

function keptPage(key) {
  return platform.storage.get(key);
}

/** Keep what a page shows, and forget the page that was kept longest ago where there are many. */
function keepPage(key, data) {
  platform.storage.set(key, { at: Date.now(), data });
  const keys = platform.storage.get(KEPT, []).filter((other) => other !== key);
  keys.push(key);
  while (keys.length > KEPT_PAGES) {
    platform.storage.remove(keys.shift());
  }
  platform.storage.set(KEPT, keys);
}

module.exports = { definePage };
