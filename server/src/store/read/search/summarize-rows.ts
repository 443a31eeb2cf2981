import type { TraceId } from '@clew/model';
import { TextColumn } from '../../native/column.ts';
import { FixedStringColumn } from '../../native/fixed-string-column.ts';
import { Int64Column } from '../../native/int64-column.ts';
import type { NativeBlock } from '../../native/native-block.ts';
import { NumberColumn } from '../../native/number-column.ts';
import type { TraceSummary } from '../../span-store.ts';
import { type FactRow, summaryOf } from '../read-summaries.ts';

interface ServiceFacts {
  readonly name: string;
  spans: number;
  errors: number;
  first: bigint;
  last: bigint;
  roots: number;
  root: { readonly start: bigint; readonly spanId: string; readonly name: string } | undefined;
}

const ERROR = 2;

/**
 * The facts of a trace from rows that hold all its spans, from `from` to before `to`: what a statement over the spans
 * of the trace would answer (see FACT_COLUMNS).
 */
export function summarizeRows(
  blocks: readonly NativeBlock[],
  traceId: TraceId,
  from: number,
  to: number,
): TraceSummary {
  const services = new Map<string, ServiceFacts>();
  let first = 0;
  for (const block of blocks) {
    const [begin, end] = [Math.max(from - first, 0), Math.min(to - first, block.rowCount)];
    if (begin < end) addRows(block, begin, end, services);
    first += block.rowCount;
  }
  const [facts, ...others] = [...services.values()].map((service) => factRow(traceId, service));
  if (facts === undefined) throw new RangeError(`trace ${traceId}: there are no rows of it.`);
  return summaryOf(traceId, [facts, ...others]);
}

function addRows(block: NativeBlock, begin: number, end: number, services: Map<string, ServiceFacts>): void {
  const service = block.column('service', TextColumn);
  const name = block.column('name', TextColumn);
  const status = block.column('status', NumberColumn);
  const start = block.column('start', Int64Column);
  const duration = block.column('duration', Int64Column);
  const spanId = block.column('span_id', FixedStringColumn);
  const parentId = block.column('parent_span_id', FixedStringColumn);
  for (let row = begin; row < end; row++) {
    const startNano = start.bigint(row);
    const facts = factsOf(service.text(row), services, startNano);
    facts.spans++;
    if (status.number(row) === ERROR) facts.errors++;
    const length = duration.bigint(row);
    const last = BigInt.asIntN(64, startNano + (length > 0n ? length : 0n));
    if (startNano < facts.first) facts.first = startNano;
    if (facts.spans === 1 || last > facts.last) facts.last = last;
    if (parentId.word(row, 0) !== 0 || parentId.word(row, 1) !== 0) continue;
    facts.roots++;
    if (facts.root !== undefined && facts.root.start < startNano) continue;
    const root = { start: startNano, spanId: spanId.hex(row), name: name.text(row) };
    if (facts.root === undefined || isBefore(root, facts.root)) facts.root = root;
  }
}

function factsOf(name: string, services: Map<string, ServiceFacts>, first: bigint): ServiceFacts {
  let facts = services.get(name);
  if (facts === undefined) {
    facts = { name, spans: 0, errors: 0, first, last: first, roots: 0, root: undefined };
    services.set(name, facts);
  }
  return facts;
}

type Root = NonNullable<ServiceFacts['root']>;

function isBefore(a: Root, b: Root): boolean {
  if (a.start !== b.start) return a.start < b.start;
  if (a.spanId !== b.spanId) return a.spanId < b.spanId;
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)) < 0;
}

function factRow(id: TraceId, { name, spans, errors, first, last, roots, root }: ServiceFacts): FactRow {
  return {
    ...{ id, ofService: name, spanCount: `${spans}`, errorCount: `${errors}` },
    ...{ firstStart: `${first}`, lastEnd: `${last}`, rootCount: `${roots}` },
    firstRoot: root === undefined ? ['0', '', ''] : [`${root.start}`, root.spanId.toUpperCase(), root.name],
  };
}
