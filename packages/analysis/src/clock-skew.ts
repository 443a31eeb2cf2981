/**
 * Clocks of different hosts differ: a callee then seems to start before its caller or to end after it. Found from the
 * tree alone, and put right by shifting what ran on the other clock; times as received are never changed.
 *
 * The root's clock is the reference. Where a child fits into its (shifted) parent its clock is believed; where not, it
 * and all below it on the same clock are shifted: into the middle of a call's time, since the way there and back are
 * taken as equally long, else to the parent's start. The method is Jaeger's ("clock skew adjustment"), with memory of
 * what a service was shifted by.
 */
import { FLAG_CLOCK_SKEW, NO_PARENT, type TraceColumns } from '@clew/model';

export const SKEW_NONE = 0;
/** The span starts before its parent. */
export const SKEW_BEFORE_PARENT = 1;
/** A server's span that would fit ends after the client's that called it. */
export const SKEW_AFTER_CALL = 2;
/** The span ends before it starts. */
export const SKEW_NEGATIVE = 3;

export interface ClockSkew {
  /** `SKEW_…` by row. */
  readonly reason: Uint8Array<ArrayBuffer>;
  /** Rows with a reason. */
  readonly count: number;
  /** Nanoseconds to add to each row's start; absent where nothing needs to be shifted. */
  readonly shift?: Float64Array<ArrayBuffer>;
  /** Furthest shift in either direction, nanoseconds. */
  readonly largestShift: number;
}

type Columns = Pick<TraceColumns, 'spanCount' | 'parent' | 'start' | 'duration' | 'service' | 'kind' | 'flags'>;

const SERVER = 2;
const CLIENT = 3;
const PRODUCER = 4;
const CONSUMER = 5;

/** A server may end a little after its client has its answer: what it still does then. A tenth of the call, 1 ms at least. */
const TOLERANCE_PART = 0.1;
const TOLERANCE_NANO = 1_000_000;

/** Which spans cannot have been when their clocks say, and by how much they are to be shifted. One pass. */
export function detectClockSkew(columns: Columns): ClockSkew {
  const { spanCount, parent, start, flags } = columns;
  const reason = new Uint8Array(spanCount);
  let count = 0;
  let isShifted = false;
  for (let row = 0; row < spanCount; row++) {
    const up = parent[row];
    if (up !== NO_PARENT && start[row] < start[up]) reason[row] = SKEW_BEFORE_PARENT;
    else if ((flags[row] & FLAG_CLOCK_SKEW) !== 0) reason[row] = SKEW_NEGATIVE;
    else if (up !== NO_PARENT && endsAfterCall(columns, row, up, 0)) reason[row] = SKEW_AFTER_CALL;
    if (reason[row] === SKEW_NONE) continue;
    count++;
    if (reason[row] !== SKEW_NEGATIVE && isOtherClock(columns, row, up)) isShifted = true;
  }
  if (!isShifted) return { reason, count, largestShift: 0 };
  const shift = shifts(columns);
  let largestShift = 0;
  for (const by of shift) if (Math.abs(by) > largestShift) largestShift = Math.abs(by);
  return { reason, count, shift, largestShift };
}

function shifts(columns: Columns): Float64Array<ArrayBuffer> {
  const { spanCount, parent, service } = columns;
  const shift = new Float64Array(spanCount);
  /** What a service's spans were last shifted by. */
  const known = new Map<number, number>();
  for (let row = 0; row < spanCount; row++) {
    const up = parent[row];
    if (up === NO_PARENT) continue;
    if (!isOtherClock(columns, row, up)) {
      shift[row] = shift[up];
      continue;
    }
    const candidates = [known.get(service[row]) ?? 0, 0, shift[up]];
    const fitting = candidates.find((by) => fits(columns, row, up, by - shift[up]));
    shift[row] = fitting ?? shift[up] + intoParent(columns, row, up);
    known.set(service[row], shift[row]);
  }
  return shift;
}

/** Spans of one service are taken to run on one clock, unless one calls the other over the network. */
function isOtherClock({ service, kind }: Columns, row: number, up: number): boolean {
  return service[row] !== service[up] || (kind[row] === SERVER && kind[up] === CLIENT);
}

function fits(columns: Columns, row: number, up: number, by: number): boolean {
  return columns.start[row] + by >= columns.start[up] && !endsAfterCall(columns, row, up, by);
}

/** Only a call holds its callee, and only one that would fit: a longer one may have been given up on. */
function endsAfterCall({ kind, start, duration }: Columns, row: number, up: number, by: number): boolean {
  if (kind[row] !== SERVER || kind[up] !== CLIENT || duration[row] > duration[up]) return false;
  const tolerance = Math.max(TOLERANCE_NANO, duration[up] * TOLERANCE_PART);
  return start[row] + by + duration[row] > start[up] + duration[up] + tolerance;
}

/** The shift that puts a span into the middle of its parent, or, where it is longer or asynchronous, to its start. */
function intoParent({ kind, start, duration }: Columns, row: number, up: number): number {
  const isAsynchronous = kind[row] === CONSUMER || kind[up] === PRODUCER;
  const room = isAsynchronous ? 0 : Math.max(0, duration[up] - duration[row]);
  return start[up] + room / 2 - start[row];
}
