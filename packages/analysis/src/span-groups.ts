/** The spans of a trace by service, name, kind or status: counts, times and percentiles of each group. */
import { FLAG_ERROR, type TraceColumns } from '@clew/model';

export type SpanGrouping = 'name' | 'service' | 'kind' | 'status';

export interface SpanGroup {
  /** Service of the group's spans; absent where groups span services. */
  readonly service?: string;
  /** Name of the operation, of the service, or the number of kind or status. */
  readonly key: string;
  readonly count: number;
  readonly errors: number;
  /** Nanoseconds. */
  readonly total: number;
  readonly self: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  /** Row of the longest span. */
  readonly longestRow: number;
  /** Rows in the order of the trace. */
  readonly rows: Int32Array;
}

type Columns = Pick<
  TraceColumns,
  'spanCount' | 'duration' | 'name' | 'names' | 'service' | 'services' | 'kind' | 'statusCode' | 'flags'
>;

/**
 * Groups by most self time first. Percentiles are nearest rank: of one span all are its duration.
 * @param selfTime of each row, see `selfTimes`.
 */
export function groupSpans(columns: Columns, selfTime: Float64Array, by: SpanGrouping): SpanGroup[] {
  const keyOf = groupKey(columns, by);
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < columns.spanCount; row++) {
    const key = keyOf(row);
    const rows = rowsOf.get(key);
    if (rows === undefined) rowsOf.set(key, [row]);
    else rows.push(row);
  }
  const groups = [...rowsOf.values()].map((rows) => buildGroup(columns, selfTime, by, rows));
  return groups.sort((a, b) => b.self - a.self || b.total - a.total || a.rows[0] - b.rows[0]);
}

/** A number per group. Names are fewer than 2^32 and services fewer than 2^16: a product stays exact. */
function groupKey({ name, service, kind, statusCode, services }: Columns, by: SpanGrouping): (row: number) => number {
  switch (by) {
    case 'name':
      return (row) => name[row] * services.length + service[row];
    case 'service':
      return (row) => service[row];
    case 'kind':
      return (row) => kind[row];
    case 'status':
      return (row) => statusCode[row];
  }
}

function buildGroup(columns: Columns, selfTime: Float64Array, by: SpanGrouping, rows: readonly number[]): SpanGroup {
  const { duration, flags } = columns;
  let total = 0;
  let self = 0;
  let errors = 0;
  let longestRow = rows[0];
  for (const row of rows) {
    total += duration[row];
    self += selfTime[row];
    if ((flags[row] & FLAG_ERROR) !== 0) errors++;
    if (duration[row] > duration[longestRow]) longestRow = row;
  }
  const sorted = Float64Array.from(rows, (row) => duration[row]).sort();
  const rank = (part: number): number => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
  return {
    ...labelOf(columns, by, rows[0]),
    ...{ count: rows.length, errors, total, self, p50: rank(0.5), p95: rank(0.95), max: duration[longestRow] },
    longestRow,
    rows: Int32Array.from(rows),
  };
}

function labelOf(columns: Columns, by: SpanGrouping, row: number): { service?: string; key: string } {
  const service = columns.services[columns.service[row]];
  switch (by) {
    case 'name':
      return { service, key: columns.names[columns.name[row]] };
    case 'service':
      return { service, key: service };
    case 'kind':
      return { key: String(columns.kind[row]) };
    case 'status':
      return { key: String(columns.statusCode[row]) };
  }
}
