import { buildTraceColumns } from '@clew/analysis';
import {
  SPAN_END,
  SPAN_EVENTS,
  SPAN_ID,
  SPAN_KIND,
  SPAN_LINKS,
  SPAN_NAME,
  SPAN_PARENT_ID,
  SPAN_START,
  SPAN_STATUS_CODE,
  SPAN_WORDS,
  type SpanBatch,
  type TraceColumns,
  type TraceId,
} from '@clew/model';
import { type BatchTraces, resourceOfSpan } from './batch-traces.ts';

/** Distinct services the columns can tell apart; those beyond share one name. As on the server. */
const MAX_SERVICES = 65_535;
const OTHER_SERVICES = '(other services)';
const MAX_UINT16 = 65_535;
const MAX_UINT8 = 255;

/** The columns of one trace of a batch: the same the server makes of stored spans. No object per span. */
export function columnsFromBatch(batch: SpanBatch, traces: BatchTraces, traceId: TraceId): TraceColumns {
  const rows = traces.rows.get(traceId) ?? new Int32Array(0);
  const { spans } = batch;
  const count = rows.length;
  const copyPairs = (word: number): Int32Array => {
    const pairs = new Int32Array(count * 2);
    for (let at = 0; at < count; at++) {
      const from = rows[at] * SPAN_WORDS + word;
      pairs[at * 2] = spans[from];
      pairs[at * 2 + 1] = spans[from + 1];
    }
    return pairs;
  };
  const startWords = copyPairs(SPAN_START);
  const names = new Names(batch);
  const services = new Services(traces.serviceOfResource);
  const name = new Uint32Array(count);
  const service = new Uint16Array(count);
  const eventCount = new Uint16Array(count);
  const linkCount = new Uint16Array(count);
  const kind = new Uint8Array(count);
  const statusCode = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    const word = rows[at] * SPAN_WORDS;
    name[at] = names.indexOf(spans[word + SPAN_NAME]);
    service[at] = services.indexOf(resourceOfSpan(batch, rows[at]));
    eventCount[at] = Math.min(spans[word + SPAN_EVENTS + 1], MAX_UINT16);
    linkCount[at] = Math.min(spans[word + SPAN_LINKS + 1], MAX_UINT16);
    kind[at] = Math.min(spans[word + SPAN_KIND] >>> 0, MAX_UINT8);
    statusCode[at] = Math.min(spans[word + SPAN_STATUS_CODE] >>> 0, MAX_UINT8);
  }
  return buildTraceColumns({
    traceId,
    count,
    omittedSpanCount: 0,
    spanIdWords: copyPairs(SPAN_ID),
    parentIdWords: copyPairs(SPAN_PARENT_ID),
    startWords,
    durationWords: durations(startWords, copyPairs(SPAN_END)),
    names: names.texts,
    name,
    services: services.texts,
    service,
    eventCount,
    linkCount,
    kind,
    statusCode,
  });
}

/** end − start, pairs of words. */
function durations(start: Int32Array, end: Int32Array): Int32Array {
  const difference = new Int32Array(start.length);
  for (let at = 0; at < start.length; at += 2) {
    const borrow = end[at] >>> 0 < start[at] >>> 0 ? 1 : 0;
    difference[at] = end[at] - start[at];
    difference[at + 1] = end[at + 1] - start[at + 1] - borrow;
  }
  return difference;
}

/** The names of one trace, out of the dictionary of the whole file. */
class Names {
  readonly texts: string[] = [];
  readonly #batch: SpanBatch;
  /** Index + 1 by dictionary id; 0: not seen. */
  readonly #indexes: Uint32Array;

  constructor(batch: SpanBatch) {
    this.#batch = batch;
    this.#indexes = new Uint32Array(batch.dictionary.size);
  }

  indexOf(id: number): number {
    if (this.#indexes[id] === 0) this.#indexes[id] = this.texts.push(this.#batch.dictionary.text(id));
    return this.#indexes[id] - 1;
  }
}

/** The services of one trace; several resources may be one service. */
class Services {
  readonly texts: string[] = [];
  readonly #ofResource: readonly string[];
  readonly #byName = new Map<string, number>();
  /** Index + 1 by resource row; 0: not seen. */
  readonly #indexes: Uint16Array;

  constructor(ofResource: readonly string[]) {
    this.#ofResource = ofResource;
    this.#indexes = new Uint16Array(ofResource.length);
  }

  indexOf(resource: number): number {
    const known = this.#indexes[resource];
    if (known !== 0) return known - 1;
    const name = this.texts.length < MAX_SERVICES - 1 ? this.#ofResource[resource] : OTHER_SERVICES;
    let index = this.#byName.get(name);
    if (index === undefined) {
      index = this.texts.push(name) - 1;
      this.#byName.set(name, index);
    }
    this.#indexes[resource] = index + 1;
    return index;
  }
}
