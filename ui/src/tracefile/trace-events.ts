import { EVENT_TIME, EVENT_WORDS, SPAN_EVENTS, SPAN_ID, SPAN_WORDS, type SpanBatch, type SpanEvent } from '@clew/model';
import { plainText } from '@clew/wire/file/plain-text';
import { eventAt } from '@clew/wire/otlp/trace-data-from-batch';
import { timeAt } from './batch-traces.ts';

/** Most events a list holds; the rest is counted. A filter looks at all. */
export const MAX_LISTED_EVENTS = 50_000;
const MAX_TEXT_CHARACTERS = 400;
const EXCEPTION = 'exception';
const EXCEPTION_TYPE = 'exception.type';
const EXCEPTION_MESSAGE = 'exception.message';
const STACK_TRACE = 'exception.stacktrace';

/** Events of a trace by time: parallel arrays, one entry an event. */
export interface TraceEvents {
  /** Nanoseconds since the given start; negative before it. */
  readonly time: Float64Array;
  /** Row of the span in the trace's columns, or -1 where the columns do not have it. */
  readonly row: Int32Array;
  /** 1 for an exception. */
  readonly isException: Uint8Array;
  readonly name: readonly string[];
  /** The attributes as one line, cut at some length. */
  readonly text: readonly string[];
  /** Events that match, listed or not. */
  readonly matchedCount: number;
  /** Events of the trace. */
  readonly totalCount: number;
}

/**
 * The events of some spans, by time, of which name or attributes contain `filter`, in any case.
 * @param rows of the spans in the batch
 * @param spanIds of the trace's columns, 2 words a row: where events are said to be
 */
export function listEvents(
  batch: SpanBatch,
  rows: Int32Array,
  spanIds: Int32Array,
  startTimeUnixNano: bigint,
  filter: string,
): TraceEvents {
  const wanted = filter.trim().toLowerCase();
  const order = eventsByTime(batch, rows);
  const columnRows = new ColumnRows(spanIds);
  const time: number[] = [];
  const row: number[] = [];
  const isException: number[] = [];
  const name: string[] = [];
  const text: string[] = [];
  let matchedCount = 0;
  for (let at = 0; at < order.event.length; at++) {
    const isListed = matchedCount < MAX_LISTED_EVENTS;
    if (!isListed && wanted === '') {
      matchedCount = order.event.length;
      break;
    }
    const event = eventAt(batch, order.event[at]);
    if (wanted !== '' && !matches(event, wanted)) continue;
    matchedCount++;
    if (!isListed) continue;
    time.push(Number(event.timeUnixNano - startTimeUnixNano));
    row.push(columnRows.find(batch.spans, order.span[at] * SPAN_WORDS + SPAN_ID));
    isException.push(event.name === EXCEPTION ? 1 : 0);
    name.push(event.name);
    text.push(lineOf(event));
  }
  return {
    time: Float64Array.from(time),
    row: Int32Array.from(row),
    isException: Uint8Array.from(isException),
    name,
    text,
    matchedCount,
    totalCount: order.event.length,
  };
}

/** Rows of events and of their spans, by time; equal times in the order of the data. */
function eventsByTime(batch: SpanBatch, rows: Int32Array): { event: Int32Array; span: Int32Array } {
  let count = 0;
  for (const row of rows) count += batch.spans[row * SPAN_WORDS + SPAN_EVENTS + 1];
  const event = new Int32Array(count);
  const span = new Int32Array(count);
  const low = new Float64Array(count);
  let first: bigint | undefined;
  let at = 0;
  for (const row of rows) {
    const word = row * SPAN_WORDS + SPAN_EVENTS;
    for (let i = 0; i < batch.spans[word + 1]; i++) {
      event[at] = batch.spans[word] + i;
      span[at] = row;
      const instant = timeAt(batch.events, event[at] * EVENT_WORDS + EVENT_TIME);
      first ??= instant;
      low[at++] = Number(instant - first);
    }
  }
  const order = Int32Array.from({ length: count }, (_, index) => index).sort((a, b) => low[a] - low[b] || a - b);
  return { event: order.map((index) => event[index]), span: order.map((index) => span[index]) };
}

function matches(event: SpanEvent, wanted: string): boolean {
  if (event.name.toLowerCase().includes(wanted)) return true;
  return event.attributes.some(
    ({ key, value }) => key.toLowerCase().includes(wanted) || plainText(value).toLowerCase().includes(wanted),
  );
}

/** An exception by type and message, anything else by its attributes; stack traces are for the details. */
function lineOf(event: SpanEvent): string {
  const parts: string[] = [];
  for (const key of [EXCEPTION_TYPE, EXCEPTION_MESSAGE]) {
    const found = event.attributes.find((attribute) => attribute.key === key);
    if (found !== undefined) parts.push(plainText(found.value));
  }
  const head = parts.join(': ');
  const rest = event.attributes
    .filter(({ key }) => key !== EXCEPTION_TYPE && key !== EXCEPTION_MESSAGE && key !== STACK_TRACE)
    .map(({ key, value }) => `${key}=${plainText(value)}`)
    .join('  ');
  const line = [head, rest].filter((part) => part !== '').join('  ');
  return line.length > MAX_TEXT_CHARACTERS ? `${line.slice(0, MAX_TEXT_CHARACTERS)}…` : line;
}

/** Rows of columns by span id. */
class ColumnRows {
  readonly #ids: Int32Array;
  /** First row by the low word; chains through `#next`. */
  readonly #first = new Map<number, number>();
  readonly #next: Int32Array;

  constructor(ids: Int32Array) {
    this.#ids = ids;
    this.#next = new Int32Array(ids.length / 2).fill(-1);
    for (let row = ids.length / 2 - 1; row >= 0; row--) {
      this.#next[row] = this.#first.get(ids[row * 2]) ?? -1;
      this.#first.set(ids[row * 2], row);
    }
  }

  find(spans: Int32Array, word: number): number {
    let row = this.#first.get(spans[word]) ?? -1;
    while (row !== -1 && this.#ids[row * 2 + 1] !== spans[word + 1]) row = this.#next[row];
    return row;
  }
}
