/**
 * For `node --import`: the wall clock of this process and its threads runs ahead of the real one by the milliseconds
 * that the file CLEW_TEST_CLOCK_FILE holds, and jumps when that changes. The monotonic clock stays, as in a machine
 * whose time is set.
 */
import { readFileSync } from 'node:fs';

const file = process.env.CLEW_TEST_CLOCK_FILE ?? '';
const realNow = Date.now;
let shiftMs = 0;

function readShift() {
  try {
    shiftMs = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    // Not written yet, or just being written.
  }
}

readShift();
setInterval(readShift, 20).unref();
Date.now = () => realNow() + shiftMs;
globalThis.Date = new Proxy(Date, {
  construct: (target, parameters, self) =>
    Reflect.construct(target, parameters.length === 0 ? [target.now()] : parameters, self),
});
