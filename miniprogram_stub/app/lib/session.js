// The person who holds the phone, and the event that was opened last. Both are stored, so that
// pages have them without a network.

const platform = require('./platform.js');
const api = require('./api.js');
const drafts = require('./drafts.js');
const outbox = require('./outbox.js');
const { paths } = require('./protocol.js');

const ME = 'me';
const EVENT = 'event';
const TEXT_SIZE = 'text-size';
// The refusals for people who are not, or no longer, players of an event.
const NO_SEAT = ['not_a_player', 'kicked', 'banned'];
const SIZES = ['size-1', 'size-2', 'size-3'];

/** Ask who I am; keeps and resolves to `{account, staff, roles}`. */
async function me() {
  const found = await api.get(paths.me);
  platform.storage.set(ME, found);
  return found;
}

/** Who I was when it was asked last, or undefined. */
function known() {
  return platform.storage.get(ME);
}

/** Whether this account is bound to a person of the roster, as far as is known. */
function isBound() {
  const found = known();
  return Boolean(found && found.staff);
}

/** Whether I host an event (its id), or any event (no id). */
function isHost(eventId) {
  const found = known();
  return (
    Boolean(found) &&
    found.roles.some(
      ({ role, event_id }) =>
        role === 'admin' ||
        (role === 'host' && (!event_id || eventId === undefined || event_id === Number(eventId))),
    )
  );
}

/** Whether I play or host an event of the server's list, which shows the code to those alone. */
function isMine({ id, join_code: code }) {
  return Boolean(code) || isHost(id);
}

/** Prove who I am; resolves to what `me` gives. */
async function bind(staffNumber, inviteCode) {
  const found = await api.post(paths.binding, {
    staff_number: staffNumber,
    invite_code: inviteCode,
  });
  platform.storage.set(ME, found);
  return found;
}

/** Join by code; chooses the event and resolves to `{event, player}`. */
async function join(code) {
  const found = await api.post(paths.join, { code });
  choose(found.event);
  return found;
}

/** My player and score in an event as the server says them; null where I have no seat. */
async function seat(eventId) {
  try {
    return await api.get(`/events/${eventId}/me`);
  } catch (error) {
    if (error instanceof api.Refusal && NO_SEAT.includes(error.slug)) {
      return null;
    }
    throw error;
  }
}

/** The event that was looked at last, as it was then, or undefined. */
function event() {
  return platform.storage.get(EVENT);
}

function choose(found) {
  platform.storage.set(EVENT, found);
}

/** Forget the event, for one that has been left or is gone. */
function leave() {
  platform.storage.remove(EVENT);
}

/** The class of the text size: the one chosen here, else the one nearest to WeChat's own. */
function textSize() {
  const scale = platform.textScale();
  const nearest = scale < 1.1 ? SIZES[0] : scale < 1.3 ? SIZES[1] : SIZES[2];
  return platform.storage.get(TEXT_SIZE, nearest);
}

function chooseTextSize(name) {
  platform.storage.set(TEXT_SIZE, name);
}

/** Forget all that is known of the person; consent and text size stay. */
function forget() {
  outbox.clear();
  drafts.clear();
  const kept = ['consent', TEXT_SIZE];
  platform.storage
    .keys()
    .filter((key) => !kept.includes(key))
    .forEach(platform.storage.remove);
}

module.exports = {
  me,
  known,
  isBound,
  isHost,
  isMine,
  bind,
  join,
  seat,
  event,
  choose,
  leave,
  textSize,
  chooseTextSize,
  forget,
};
