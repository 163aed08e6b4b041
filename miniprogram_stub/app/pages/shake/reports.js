// When to report: often enough for the lanes on the screen, seldom enough for a bad network. A
// report is the count of the whole round, so a lost report does no harm if a later one arrives.

const EVERY_MS = 250;
const OVER_HTTP_MS = 1000;
// The next report does not wait longer than this for the answer to the one before.
const UNHEARD_MS = 1000;
// The server takes late reports for a second and a half after the end.
const LATE_MS = 1300;
const AGAIN_MS = 350;
const PATIENCE_MS = 2500;

/** `send({roundId, count, how, patienceMs})` resolves to `{round_id, accepted}`, or to null. */
class Reports {
  constructor(send) {
    this._send = send;
    this.begin(null);
  }

  /** A new round. `accepted` is what the server counts of it. */
  begin(roundId) {
    this._roundId = roundId;
    this.accepted = 0;
    this._sentAt = Number.NEGATIVE_INFINITY;
    this._overSince = null;
    this._inFlight = 0;
  }

  /**
   * Report, if it is time to and the server does not count `value` yet: what the count will be worth
   * when the cap lets all of it through. `now` in this phone's ms.
   */
  tick({ now, count, how, value, isOver, hasSocket }) {
    if (this.accepted >= value) {
      return;
    }
    if (isOver && this._overSince === null) {
      this._overSince = now;
      this._sentAt = Number.NEGATIVE_INFINITY;
    }
    if (isOver && now - this._overSince > LATE_MS) {
      return;
    }
    const since = now - this._sentAt;
    if (since < this._pause(isOver, hasSocket)) {
      return;
    }
    this._sentAt = now;
    this._report({ roundId: this._roundId, count, how, patienceMs: PATIENCE_MS });
  }

  _pause(isOver, hasSocket) {
    if (isOver) {
      return AGAIN_MS;
    }
    if (!hasSocket) {
      return OVER_HTTP_MS;
    }
    return this._inFlight > 0 ? UNHEARD_MS : EVERY_MS;
  }

  async _report(report) {
    this._inFlight += 1;
    const taken = await this._send(report);
    if (report.roundId !== this._roundId) {
      return;
    }
    this._inFlight -= 1;
    if (taken) {
      this.accepted = Math.max(this.accepted, taken.accepted);
    }
  }
}

module.exports = { Reports };
