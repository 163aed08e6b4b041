/**
 * The calling convention of WeChat's functions: one object with `success`, `fail` and `complete`, or a
 * Promise when none of them is given.
 */
import { whenAwake } from "../timers.js";

/** A failure with WeChat's reason and error number. */
export class Fail extends Error {
  constructor(reason, facts = {}) {
    super(reason);
    this.facts = facts;
  }
}

/** Makes a function of `wx` from `work(options)`, which returns a result, a Promise of it, or throws `Fail`. */
export function api(name, work) {
  return (options = {}) => {
    const promise = settle(name, work, options);
    const wantsCallbacks = options.success || options.fail || options.complete;
    if (!wantsCallbacks) return promise;
    report(promise, options);
    return undefined;
  };
}

/** Runs `work` and gives its result the `errMsg` of WeChat. */
export async function settle(name, work, options) {
  await Promise.resolve();
  try {
    return { ...(await work(options)), errMsg: `${name}:ok` };
  } catch (error) {
    if (!(error instanceof Fail)) console.error(error);
    const answer = { ...error.facts, errMsg: `${name}:fail ${error.message}` };
    throw answer;
  }
}

/** Calls the callbacks when a Promise is settled, but not while the scripts are stopped. */
export function report(promise, { success, fail, complete }) {
  promise.then(
    (result) =>
      whenAwake(() => {
        success?.(result);
        complete?.(result);
      }),
    (result) =>
      whenAwake(() => {
        fail?.(result);
        complete?.(result);
      }),
  );
}

/** The functions `on…` and `off…` of an event, and `emit` to send it. */
export function eventSource() {
  const listeners = new Set();
  return {
    on: (listener) => {
      listeners.add(listener);
    },
    off: (listener) => {
      if (listener) listeners.delete(listener);
      else listeners.clear();
    },
    emit: (detail) => {
      for (const listener of [...listeners]) whenAwake(() => listener(detail));
    },
    count: () => listeners.size,
  };
}
