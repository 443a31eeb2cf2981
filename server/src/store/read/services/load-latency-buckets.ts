import type { LatencyBucket } from '@clew/contract';
import { SPAN_WEIGHT_SQL } from '../../sql/span-weight.ts';
import { IS_ERROR } from './minute-source.ts';
import { countedSpans, type ServicePart, sampled, spansOfService } from './service-part.ts';

/** Buckets for each doubling of the duration: each is at most 19 % longer at its end than at its beginning. */
export const PER_DOUBLING = 4;

/** How the durations of the counted spans are spread, shortest first, with the empty buckets between them. */
export async function loadLatencyBuckets(part: ServicePart): Promise<readonly LatencyBucket[]> {
  const { scope, conditions } = spansOfService(part);
  const source = scope.from('spans', [...conditions, ...countedSpans(part), ...sampled(part, scope)]);
  const rows = await part.runner.rows<{ bucket: number; spans: number; errors: number }>(
    scope.statement(
      `SELECT toInt32(ceil(log2(greatest(toFloat64(duration), 1)) * ${PER_DOUBLING} - 1e-9)) AS bucket, ` +
        `sum(${SPAN_WEIGHT_SQL} AS span_weight) AS spans, sumIf(span_weight, ${IS_ERROR}) AS errors ${source} ` +
        'GROUP BY bucket ORDER BY bucket',
    ),
    {},
    'how durations are spread',
  );
  const found = new Map(rows.map((row) => [row.bucket, row]));
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return [];
  return Array.from({ length: last.bucket - first.bucket + 1 }, (_, i) => {
    const bucket = first.bucket + i;
    return {
      fromNano: bucket === 0 ? 0 : 2 ** ((bucket - 1) / PER_DOUBLING),
      toNano: 2 ** (bucket / PER_DOUBLING),
      spans: found.get(bucket)?.spans ?? 0,
      errors: found.get(bucket)?.errors ?? 0,
    };
  });
}
