/**
 * Timers of the mini program's scripts. WeChat stops them five seconds after the person has left;
 * timers that became due meanwhile run when the person is back.
 */
let isSuspended = false;
const due = [];

/** Runs a function now, or when the scripts run again. */
export function whenAwake(work) {
  if (isSuspended) due.push(work);
  else work();
}

/** Stops all scripts. */
export function suspend() {
  isSuspended = true;
}

/** Lets scripts run again, first those that became due. */
export function resume() {
  isSuspended = false;
  for (const work of due.splice(0)) work();
}

export const timers = {
  setTimeout: (work, ms, ...values) => setTimeout(() => whenAwake(() => work(...values)), ms),
  clearTimeout: (number) => clearTimeout(number),
  // Missed ticks are not made up for.
  setInterval: (work, ms, ...values) =>
    setInterval(() => {
      if (!isSuspended) work(...values);
    }, ms),
  clearInterval: (number) => clearInterval(number),
};
