// The receipts of this phone's ballots. A receipt is made before its ballot is sent and kept: with it
// the same ballot can be sent again, and in an anonymous poll nothing else finds the ballot again.

const api = require('../../lib/api.js');
const outbox = require('../../lib/outbox.js');
const platform = require('../../lib/platform.js');

const KEY = 'ballots';
// As many as the server takes in one request.
const MOST = 20;
const BYTES = 24;
const PATIENCE_MS = 8000;

/** What is kept of a poll: `[{receipt, choice, at}]`, the oldest first. */
function kept(pollId) {
  return platform.storage.get(KEY, {})[pollId] || [];
}

function keep(pollId, items) {
  platform.storage.set(
    KEY,
    Object.assign({}, platform.storage.get(KEY, {}), { [pollId]: items.slice(-MOST) }),
  );
}

/** Make and keep the receipt of a choice; the same choice that is not known to count keeps its own. */
async function make(pollId, choice, counted) {
  const again = kept(pollId).find(
    (item) => sameChoice(item.choice, choice) && !counted.some((one) => sameChoice(one, choice)),
  );
  if (again) {
    return again.receipt;
  }
  const receipt = await platform.randomHex(BYTES);
  keep(pollId, kept(pollId).concat({ receipt, choice, at: Date.now() }));
  return receipt;
}

/** Forget a receipt whose ballot was refused. */
function drop(pollId, receipt) {
  keep(
    pollId,
    kept(pollId).filter((item) => item.receipt !== receipt),
  );
}

const keyOf = (receipt) => `ballot:${receipt}`;

/** The ballots of a poll that wait for the network. */
function waiting(pollId) {
  return kept(pollId).filter((item) => outbox.isWaiting(keyOf(item.receipt)));
}

/** Ask for the own ballots of a poll, with all receipts: `{ballots_left, ballots: [{choice, key}]}`. */
function own(path, pollId) {
  const secrets = kept(pollId).map((item) => item.receipt);
  const header = secrets.length > 0 ? { 'Ballot-Receipts': secrets.join(',') } : {};
  return api.call('GET', `${path}/polls/${pollId}/ballots/own`, undefined, PATIENCE_MS, header);
}

/** Whether two ballots choose the same, in the order in which they were sent. */
function sameChoice(one, other) {
  return one.join() === other.join();
}

module.exports = { kept, make, drop, keyOf, waiting, own, sameChoice };
