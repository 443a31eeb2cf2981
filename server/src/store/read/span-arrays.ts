import type { UnorderedSpans } from '@clew/analysis';
import type { TraceId } from '@clew/model';
import { FixedStringColumn } from '../native/fixed-string-column.ts';
import { Int64Column } from '../native/int64-column.ts';
import { LowCardinalityColumn } from '../native/low-cardinality-column.ts';
import type { NativeBlock } from '../native/native-block.ts';
import { NumberColumn } from '../native/number-column.ts';

/** Distinct services a trace's columns can tell apart; what is beyond shares one name. */
const MAX_SERVICES = 65_535;
const OTHER_SERVICES = '(other services)';
/** Room made for the first block; most traces need no more. */
const FIRST_ROWS = 256;

const MAX_COUNT = 65_535;
const MAX_CODE = 255;

/** Grows with what comes; beyond the most rows that are kept, rows are counted only. */
export class SpanArrays {
  readonly #most: number;
  #capacity = 0;
  #count = 0;
  /** Rows that came, kept or not. */
  seen = 0;
  #spanId = new Int32Array(0);
  #parentId = new Int32Array(0);
  #start = new Int32Array(0);
  #duration = new Int32Array(0);
  readonly #names = new TextTable();
  #name = new Uint32Array(0);
  readonly #services = new TextTable();
  #service = new Uint16Array(0);
  #eventCount = new Uint16Array(0);
  #linkCount = new Uint16Array(0);
  #kind = new Uint8Array(0);
  #status = new Uint8Array(0);

  constructor(most: number) {
    this.#most = most;
  }

  /** Adds the block's rows from `from` up to `to`. */
  add(block: NativeBlock, from = 0, to = block.rowCount): void {
    const rows = Math.min(to - from, this.#most - this.#count);
    const end = from + rows;
    this.seen += to - from;
    this.#makeRoom(this.#count + rows);
    const at = this.#count;
    const spanId = block.column('span_id', FixedStringColumn);
    const parentId = block.column('parent_span_id', FixedStringColumn);
    const name = block.column('name', LowCardinalityColumn);
    const service = block.column('service', LowCardinalityColumn);
    const nameIds = this.#names.idsOf(name);
    const serviceIds = this.#services.idsOf(service);
    for (let row = 0; row < rows; row++) {
      const word = (at + row) * 2;
      this.#spanId[word] = spanId.word(from + row, 0);
      this.#spanId[word + 1] = spanId.word(from + row, 1);
      this.#parentId[word] = parentId.word(from + row, 0);
      this.#parentId[word + 1] = parentId.word(from + row, 1);
      this.#name[at + row] = nameIds[name.index(from + row)];
      this.#service[at + row] = Math.min(serviceIds[service.index(from + row)], MAX_SERVICES);
    }
    this.#start.set(block.column('start', Int64Column).words.subarray(from * 2, end * 2), at * 2);
    this.#duration.set(block.column('duration', Int64Column).words.subarray(from * 2, end * 2), at * 2);
    this.#addCounts(block, from, rows);
    this.#count += rows;
  }

  /** What is wider in the store: counts at most say "that many", an enum that fits nowhere is 0. */
  #addCounts(block: NativeBlock, from: number, rows: number): void {
    const at = this.#count;
    const events = block.column('event_count', Int64Column);
    const links = block.column('link_count', Int64Column);
    const kind = block.column('kind', NumberColumn);
    const status = block.column('status', NumberColumn);
    for (let row = 0; row < rows; row++) {
      this.#eventCount[at + row] = Math.min(events.low(from + row), MAX_COUNT);
      this.#linkCount[at + row] = Math.min(links.low(from + row), MAX_COUNT);
      this.#kind[at + row] = codeOf(kind.number(from + row));
      this.#status[at + row] = codeOf(status.number(from + row));
    }
  }

  #makeRoom(rows: number): void {
    if (rows <= this.#capacity) return;
    const capacity = Math.min(this.#most, Math.max(FIRST_ROWS, this.#capacity * 2, rows));
    this.#spanId = grown(this.#spanId, new Int32Array(capacity * 2));
    this.#parentId = grown(this.#parentId, new Int32Array(capacity * 2));
    this.#start = grown(this.#start, new Int32Array(capacity * 2));
    this.#duration = grown(this.#duration, new Int32Array(capacity * 2));
    this.#name = grown(this.#name, new Uint32Array(capacity));
    this.#service = grown(this.#service, new Uint16Array(capacity));
    this.#eventCount = grown(this.#eventCount, new Uint16Array(capacity));
    this.#linkCount = grown(this.#linkCount, new Uint16Array(capacity));
    this.#kind = grown(this.#kind, new Uint8Array(capacity));
    this.#status = grown(this.#status, new Uint8Array(capacity));
    this.#capacity = capacity;
  }

  unordered(traceId: TraceId, stored: number): UnorderedSpans {
    const services = this.#services.texts;
    return {
      traceId,
      count: this.#count,
      omittedSpanCount: Math.max(stored - this.#count, 0),
      spanIdWords: this.#spanId,
      parentIdWords: this.#parentId,
      startWords: this.#start,
      durationWords: this.#duration,
      names: this.#names.texts,
      name: this.#name,
      services: services.length > MAX_SERVICES ? [...services.slice(0, MAX_SERVICES), OTHER_SERVICES] : services,
      service: this.#service,
      eventCount: this.#eventCount,
      linkCount: this.#linkCount,
      kind: this.#kind,
      statusCode: this.#status,
    };
  }
}

function codeOf(value: number): number {
  return value >= 0 && value <= MAX_CODE ? value : 0;
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Texts of several blocks, each with a dictionary of its own, under one numbering. */
class TextTable {
  readonly texts: string[] = [];
  readonly #ids = new Map<string, number>();

  /** This table's ids by the column's dictionary index. */
  idsOf(column: LowCardinalityColumn): Uint32Array {
    const ids = new Uint32Array(column.dictionary.rowCount);
    for (let index = 0; index < ids.length; index++) {
      const text = column.textAtIndex(index);
      let id = this.#ids.get(text);
      if (id === undefined) {
        id = this.texts.push(text) - 1;
        this.#ids.set(text, id);
      }
      ids[index] = id;
    }
    return ids;
  }
}
