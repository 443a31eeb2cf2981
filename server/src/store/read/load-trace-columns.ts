import { buildTraceColumns, type UnorderedSpans } from '@clew/analysis';
import type { TraceColumns, TraceId } from '@clew/model';
import { FixedStringColumn } from '../native/fixed-string-column.ts';
import { Int64Column } from '../native/int64-column.ts';
import { LowCardinalityColumn } from '../native/low-cardinality-column.ts';
import type { NativeBlock } from '../native/native-block.ts';
import { NumberColumn } from '../native/number-column.ts';
import { TenantScope, type TenantStatement } from '../sql/tenant-scope.ts';
import { traceIdIn } from '../sql/trace-id-in.ts';
import type { StatementRunner } from './statement-runner.ts';
import { loadTraceBounds, startWithin, type TraceBounds } from './trace-bounds.ts';

const COLUMNS = [
  ...['span_id', 'parent_span_id', 'service', 'name', 'start', 'duration'],
  'toUInt8(if(kind BETWEEN 0 AND 255, kind, 0)) AS kind_code',
  'toUInt8(if(status BETWEEN 0 AND 255, status, 0)) AS status_code',
  'toUInt16(least(length(event_time), 65535)) AS event_count',
  'toUInt16(least(length(link_trace_id), 65535)) AS link_count',
].join(', ');

/** Distinct services a trace's columns can tell apart; what is beyond shares one name. */
const MAX_SERVICES = 65_535;
const OTHER_SERVICES = '(other services)';
/** Room made for the first block; most traces need no more. */
const FIRST_ROWS = 256;

/**
 * A trace as columns: blocks are copied into flat arrays, no object per span. Beyond `maxTraceSpans` the earliest
 * spans are kept and the others counted.
 */
export async function loadTraceColumns(
  runner: StatementRunner,
  tenant: string,
  traceId: TraceId,
): Promise<TraceColumns | undefined> {
  const bounds = await loadTraceBounds(runner, tenant, [traceId]);
  if (bounds === undefined) return undefined;
  const most = runner.limits.maxTraceSpans;
  const spans = new SpanArrays(most);
  // One more than may be kept tells whether there are more.
  for await (const block of runner.blocks(spansStatement(tenant, traceId, bounds, 'LIMIT', most + 1), {}, 'trace')) {
    spans.add(block);
  }
  if (spans.seen === 0) return undefined;
  if (spans.seen <= most) return buildTraceColumns(spans.unordered(traceId, spans.seen));
  return loadEarliest(runner, tenant, traceId, bounds);
}

/** Only a cut needs the engine's order: the earliest spans are the ones to keep. */
async function loadEarliest(
  runner: StatementRunner,
  tenant: string,
  traceId: TraceId,
  bounds: TraceBounds,
): Promise<TraceColumns> {
  const most = runner.limits.maxTraceSpans;
  const stored = await countSpans(runner, tenant, traceId, bounds);
  const spans = new SpanArrays(most);
  const statement = spansStatement(tenant, traceId, bounds, 'ORDER BY start, span_id LIMIT', most);
  for await (const block of runner.blocks(statement, {}, 'earliest spans')) spans.add(block);
  return buildTraceColumns(spans.unordered(traceId, stored));
}

function spansStatement(
  tenant: string,
  traceId: TraceId,
  bounds: TraceBounds,
  order: string,
  count: number,
): TenantStatement {
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const source = scope.from('spans', [startWithin(bounds, parameters), traceIdIn([traceId], parameters)]);
  return scope.statement(`SELECT ${COLUMNS} ${source} ${order} ${parameters.uint64(count)}`);
}

async function countSpans(
  runner: StatementRunner,
  tenant: string,
  traceId: TraceId,
  bounds: TraceBounds,
): Promise<number> {
  const scope = new TenantScope(tenant);
  const source = scope.from('spans', [startWithin(bounds, scope.parameters), traceIdIn([traceId], scope.parameters)]);
  const rows = await runner.rows<{ spans: string }>(scope.statement(`SELECT toString(count()) AS spans ${source}`));
  return Number(rows[0]?.spans ?? 0);
}

/** Grows with what comes; beyond the most rows that are kept, rows are counted only. */
class SpanArrays {
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

  add(block: NativeBlock): void {
    const rows = Math.min(block.rowCount, this.#most - this.#count);
    this.seen += block.rowCount;
    this.#makeRoom(this.#count + rows);
    const at = this.#count;
    const spanId = block.column('span_id', FixedStringColumn);
    const parentId = block.column('parent_span_id', FixedStringColumn);
    const name = block.column('name', LowCardinalityColumn);
    const service = block.column('service', LowCardinalityColumn);
    const nameIds = this.#names.idsOf(name);
    const serviceIds = this.#services.idsOf(service);
    for (let row = 0; row < rows; row++) {
      const to = (at + row) * 2;
      this.#spanId[to] = spanId.word(row, 0);
      this.#spanId[to + 1] = spanId.word(row, 1);
      this.#parentId[to] = parentId.word(row, 0);
      this.#parentId[to + 1] = parentId.word(row, 1);
      this.#name[at + row] = nameIds[name.index(row)];
      this.#service[at + row] = Math.min(serviceIds[service.index(row)], MAX_SERVICES);
    }
    this.#start.set(block.column('start', Int64Column).words.subarray(0, rows * 2), at * 2);
    this.#duration.set(block.column('duration', Int64Column).words.subarray(0, rows * 2), at * 2);
    this.#eventCount.set(block.column('event_count', NumberColumn).values.subarray(0, rows), at);
    this.#linkCount.set(block.column('link_count', NumberColumn).values.subarray(0, rows), at);
    this.#kind.set(block.column('kind_code', NumberColumn).values.subarray(0, rows), at);
    this.#status.set(block.column('status_code', NumberColumn).values.subarray(0, rows), at);
    this.#count += rows;
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
