/** Spans to show beside series: one of each series and bucket, as many as wanted, from all over the answer. */

import type { SpanId, TraceId } from '@clew/model';
import { TextColumn } from '../../native/column.ts';
import { FixedStringColumn } from '../../native/fixed-string-column.ts';
import { Int64Column } from '../../native/int64-column.ts';
import type { NativeBlock } from '../../native/native-block.ts';
import { NumberColumn } from '../../native/number-column.ts';
import type { Exemplar } from '../../span-measure.ts';
import { TenantScope, type TenantStatement } from '../../sql/tenant-scope.ts';
import { groupStatement, type MeasureStatementRequest, tryMeasuredGroups } from './measure-statement.ts';

/** Undefined where no statement of spans answers the query. */
export function tryExemplarStatement(request: MeasureStatementRequest): TenantStatement | undefined {
  const scope = new TenantScope(request.tenant);
  const groups = tryMeasuredGroups(scope, request);
  if (groups === undefined) return undefined;
  const { keys, value, bucket, source } = groups;
  const seconds = value?.isDuration === true ? ' / 1000000000.' : '';
  // A count is nothing that one span has.
  const shown = value === undefined ? 'nan' : `toFloat64(${value.value})${seconds}`;
  const span = `(trace_id, span_id, toUnixTimestamp64Nano(start), ${shown})`;
  const pick = {
    name: 'pick',
    // By a hash: neither the longest nor the first, and the same again for the same question.
    inner: `argMin(${span}, cityHash64(trace_id, span_id))`,
    merge: 'any(a_pick)',
    final: 'a_pick',
  };
  const picked = groupStatement(scope, { keys, bucket, source, aggregation: { columns: [pick], value: 'pick' } });
  const labels = keys.map((_, i) => `l${i}`);
  return scope.statement(
    `SELECT ${[...labels, 'pick.1 AS trace', 'pick.2 AS span', 'pick.3 AS unix_nano', 'pick.4 AS shown'].join(', ')} ` +
      `FROM (${picked}) ORDER BY cityHash64(${['g_bucket', ...labels].join(', ')}) ` +
      `LIMIT ${scope.parameters.uint64(request.maxExemplars)}`,
  );
}

/** With the tagged labels of their series. */
export function readExemplars(block: NativeBlock, labelCount: number): (Exemplar & { readonly tagged: string[] })[] {
  const labels = Array.from({ length: labelCount }, (_, i) => block.column(`l${i}`, TextColumn));
  const trace = block.column('trace', FixedStringColumn);
  const span = block.column('span', FixedStringColumn);
  const start = block.column('unix_nano', Int64Column);
  const shown = block.column('shown', NumberColumn);
  return Array.from({ length: block.rowCount }, (_, row) => ({
    tagged: labels.map((column) => column.text(row)),
    traceId: trace.hex(row) as TraceId,
    spanId: span.hex(row) as SpanId,
    startUnixNano: start.bigint(row),
    value: shown.number(row),
  }));
}
