import type { SpanId, TraceId } from '@clew/model';
import {
  type ColumnPlan,
  DURATION_NUMBER,
  FLOAT_NUMBER,
  type GroupColumn,
  INT_NUMBER,
  type NumberColumn as TableNumbers,
} from '@clew/traceql/columnar';
import { type PlainValue, valueKey } from '@clew/traceql/evaluate';
import { type Column, TextColumn } from '../../native/column.ts';
import type { ColumnClass } from '../../native/column-as.ts';
import { FixedStringColumn } from '../../native/fixed-string-column.ts';
import { Int64Column } from '../../native/int64-column.ts';
import type { NativeBlock } from '../../native/native-block.ts';
import { NullableColumn } from '../../native/nullable-column.ts';
import { NumberColumn } from '../../native/number-column.ts';
import type { MatchedSpan, SpanRows } from '../../span-store.ts';
import type { StoredResource } from '../load-catalogue.ts';
import { summarizeRows } from './summarize-rows.ts';
import type { ValueColumns } from './value-columns.ts';

/** The values of the statement's rows, by what they are for. */
export interface RowValues {
  readonly groups: readonly ValueColumns[];
  readonly numbers: readonly ValueColumns[];
  readonly shown: readonly ValueColumns[];
}

/** Collects the blocks of a statement of spans, ordered by trace, and puts them together once their number is known. */
export class RowBuffer {
  readonly #columns: ColumnPlan;
  readonly #values: RowValues;
  readonly #isWeighted: boolean;
  readonly #blocks: NativeBlock[] = [];
  #count = 0;

  constructor(columns: ColumnPlan, values: RowValues, isWeighted = false) {
    this.#isWeighted = isWeighted;
    this.#columns = columns;
    this.#values = values;
  }

  get count(): number {
    return this.#count;
  }

  add(block: NativeBlock): void {
    this.#blocks.push(block);
    this.#count += block.rowCount;
  }

  /** Of the resources whose attributes are asked for, decimal. */
  resourceIds(): string[] {
    const { groups, shown } = this.#values;
    if (![...groups, ...shown].some(({ resourceKey }) => resourceKey !== undefined)) return [];
    const ids = new Set<bigint>();
    this.#each('resource_id', Int64Column, (column, _first, rowCount) => {
      for (let row = 0; row < rowCount; row++) {
        // Spans of one resource follow one another more often than not.
        const isSame = row > 0 && column.low(row) === column.low(row - 1) && column.high(row) === column.high(row - 1);
        if (!isSame) ids.add(column.bigint(row));
      }
    });
    return [...ids].map(String);
  }

  /** @param resources those that `resourceIds` names; what has been dropped since is absent. */
  finish(resources: ReadonlyMap<string, StoredResource>): SpanRows {
    const { traceIds, starts: traceStarts } = this.#traces();
    return {
      traceIds,
      table: {
        traceStarts,
        spanIds: this.#ids('span_id'),
        parentIds: this.#ids('parent_span_id'),
        conditions: this.#columns.conditions.map((_, at) => this.#condition(`c${at}`)),
        groups: this.#values.groups.map((values) => this.#groups(values, resources)),
        numbers: this.#values.numbers.map((values) => this.#numbers(values)),
      },
      starts: this.#ints('start'),
      durations: this.#ints('duration'),
      ...(this.#isWeighted && { weights: this.#doubles('span_weight') }),
      span: this.#spanReader(traceIds, traceStarts, resources),
      summary: (trace) => summarizeRows(this.#blocks, traceIds[trace], traceStarts[trace], traceStarts[trace + 1]),
    };
  }

  #traces(): { readonly traceIds: TraceId[]; readonly starts: Uint32Array } {
    const traceIds: TraceId[] = [];
    const starts: number[] = [];
    this.#each('trace_id', FixedStringColumn, (column, first, rowCount) => {
      for (let row = 0; row < rowCount; row++) {
        // Rows of a trace follow one another: only where the bytes change a new one begins, also between blocks.
        if (row > 0 && isSameId(column, row, row - 1)) continue;
        const traceId = column.hex(row) as TraceId;
        if (traceIds.at(-1) === traceId) continue;
        traceIds.push(traceId);
        starts.push(first + row);
      }
    });
    return { traceIds, starts: Uint32Array.from([...starts, this.#count]) };
  }

  #ids(name: string): Int32Array {
    const words = new Int32Array(this.#count * 2);
    this.#each(name, FixedStringColumn, (column, first, rowCount) => {
      for (let row = 0; row < rowCount; row++) {
        words[(first + row) * 2] = column.word(row, 0);
        words[(first + row) * 2 + 1] = column.word(row, 1);
      }
    });
    return words;
  }

  #ints(name: string): BigInt64Array {
    const ints = new BigInt64Array(this.#count);
    const words = new Int32Array(ints.buffer);
    this.#each(name, Int64Column, (column, first, rowCount) => {
      words.set(column.words.subarray(0, rowCount * 2), first * 2);
    });
    return ints;
  }

  #doubles(name: string): Float64Array {
    const doubles = new Float64Array(this.#count);
    this.#each(name, NumberColumn, (column, first) => doubles.set(column.values, first));
    return doubles;
  }

  #condition(name: string): Uint8Array {
    const holds = new Uint8Array(this.#count);
    this.#each(name, NumberColumn, (column, first) => holds.set(column.values, first));
    return holds;
  }

  #groups(values: ValueColumns, resources: ReadonlyMap<string, StoredResource>): GroupColumn {
    const ids = new Uint32Array(this.#count);
    const known = new Map<string, number>();
    const distinct: PlainValue[] = [];
    let first = 0;
    for (const block of this.#blocks) {
      const read = values.reader(block, resources);
      for (let row = 0; row < block.rowCount; row++) {
        const value = read(row);
        const key = valueKey(value);
        let id = known.get(key);
        if (id === undefined) {
          id = distinct.push(value) - 1;
          known.set(key, id);
        }
        ids[first + row] = id;
      }
      first += block.rowCount;
    }
    return { ids, values: distinct };
  }

  #numbers(values: ValueColumns): TableNumbers {
    const kinds = new Uint8Array(this.#count);
    const ints = new BigInt64Array(this.#count);
    const floats = new Float64Array(this.#count);
    const words = new Int32Array(ints.buffer);
    const intKind = values.isDuration ? DURATION_NUMBER : INT_NUMBER;
    if (values.has('int')) {
      this.#each(values.name('int'), NullableColumn, (column, first, rowCount) => {
        const { words: read } = column.valuesAs(Int64Column);
        for (let row = 0; row < rowCount; row++) {
          if (column.isNull(row)) continue;
          kinds[first + row] = intKind;
          words[(first + row) * 2] = read[row * 2];
          words[(first + row) * 2 + 1] = read[row * 2 + 1];
        }
      });
    }
    if (values.has('double')) {
      this.#each(values.name('double'), NullableColumn, (column, first, rowCount) => {
        const read = column.valuesAs(NumberColumn).values;
        for (let row = 0; row < rowCount; row++) {
          if (column.isNull(row)) continue;
          kinds[first + row] = FLOAT_NUMBER;
          floats[first + row] = read[row];
        }
      });
    }
    return { kinds, ints, floats };
  }

  /** Reads what is shown of single rows from their blocks. */
  #spanReader(
    traceIds: readonly TraceId[],
    traceStarts: Uint32Array,
    resources: ReadonlyMap<string, StoredResource>,
  ): (row: number) => MatchedSpan {
    const blocks = this.#blocks.map((block) => ({
      spanId: block.column('span_id', FixedStringColumn),
      service: block.column('service', TextColumn),
      name: block.column('name', TextColumn),
      kind: block.column('kind', NumberColumn),
      status: block.column('status', NumberColumn),
      start: block.column('start', Int64Column),
      duration: block.column('duration', Int64Column),
      values: this.#values.shown.map((values) => values.reader(block, resources)),
      rowCount: block.rowCount,
    }));
    return (row) => {
      let at = row;
      const block = blocks.find(({ rowCount }) => {
        if (at < rowCount) return true;
        at -= rowCount;
        return false;
      });
      if (block === undefined) throw new RangeError(`row ${row}: there are ${this.#count}.`);
      return {
        traceId: traceIds[traceOf(traceStarts, row)],
        spanId: block.spanId.hex(at) as SpanId,
        service: block.service.text(at),
        name: block.name.text(at),
        kind: block.kind.number(at),
        statusCode: block.status.number(at),
        startUnixNano: block.start.unsignedBigint(at),
        durationNano: block.duration.bigint(at),
        values: block.values.map((read) => read(at)),
      };
    };
  }

  #each<C extends Column>(
    name: string,
    columnClass: ColumnClass<C>,
    visit: (column: C, first: number, rowCount: number) => void,
  ): void {
    let first = 0;
    for (const block of this.#blocks) {
      visit(block.column(name, columnClass), first, block.rowCount);
      first += block.rowCount;
    }
  }
}

function isSameId(column: FixedStringColumn, a: number, b: number): boolean {
  for (let word = 0; word < 4; word++) if (column.word(a, word) !== column.word(b, word)) return false;
  return true;
}

/** Index of the trace that a row belongs to: the last that starts no later. */
function traceOf(traceStarts: Uint32Array, row: number): number {
  let [low, high] = [0, traceStarts.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (traceStarts[middle] <= row) low = middle;
    else high = middle;
  }
  return low;
}
