import { type FieldExpression, isSameExpression } from '@clew/traceql';
import type { LinkRequirement, TraceRequirement } from '../../span-store.ts';
import type { AttributeTypes } from '../../sql/attribute-types.ts';
import { compileBounds } from '../../sql/compile-filter.ts';
import { startInRange } from '../../sql/start-range.ts';
import { TenantScope, type TenantStatement } from '../../sql/tenant-scope.ts';
import { NEAR_NANO, widened } from '../../sql/whole-traces.ts';
import { type CandidateSlice, newestTraces } from './candidate-walk.ts';

/** What a candidate is, and what narrows candidates. */
export interface Narrowing {
  readonly tenant: string;
  readonly condition: FieldExpression;
  readonly required: readonly TraceRequirement[];
  readonly link?: LinkRequirement | undefined;
}

/** The column of a candidate, and the one of the other span that has the same id in it. */
const LINKED = {
  parent: ['parent_span_id', 'span_id'],
  child: ['span_id', 'parent_span_id'],
  sibling: ['parent_span_id', 'parent_span_id'],
} as const;

/** In slices longer than this candidates are sparse, and what may stand beside them is too much to keep at once. */
const DENSE_NANO = 3_600_000_000_000n;

/**
 * Candidates of a slice of which everything that is required is stored near: right for traces that are no longer than
 * NEAR_NANO, since all spans of those lie within so much before and after the slice.
 */
export function nearStatement(
  { tenant, condition, required, link }: Narrowing,
  { range, position, count }: CandidateSlice,
  types: AttributeTypes,
): TenantStatement {
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const context = { scope, range, types };
  const isCandidate = [startInRange(range, parameters), compileBounds(condition, context).sql];
  const isNear = startInRange(widened(range, NEAR_NANO), parameters);
  const isOfCandidates =
    range.toUnixNano - range.fromUnixNano > DENSE_NANO
      ? [`trace_id IN (SELECT trace_id ${scope.from('spans', isCandidate)})`]
      : [];
  const conditions = [...isCandidate];
  if (link !== undefined) {
    const [own, other] = LINKED[link.relation];
    const isOther = compileBounds(link.condition, context).sql;
    // Of few candidates few ids are looked for; a set of all that may be linked to would be large.
    const linked = `${other} IN (SELECT ${own} ${scope.from('spans', isCandidate)})`;
    const others = scope.from('spans', [isNear, isOther, linked]);
    conditions.push(`(trace_id, ${own}) IN (SELECT trace_id, ${other} ${others})`);
  }
  for (const requirement of required) {
    if (isSaidByLink(requirement, link)) continue;
    const { atLeast } = requirement;
    const spans = scope.from('spans', [isNear, compileBounds(requirement.condition, context).sql, ...isOfCandidates]);
    const having = atLeast === 1 ? '' : ` GROUP BY trace_id HAVING count() >= ${parameters.uint64(atLeast)}`;
    conditions.push(`trace_id IN (SELECT trace_id ${spans}${having})`);
  }
  return scope.statement(newestTraces(scope.from('spans', conditions), position, count, parameters));
}

function isSaidByLink({ condition, atLeast }: TraceRequirement, link: LinkRequirement | undefined): boolean {
  return atLeast === 1 && link !== undefined && isSameExpression(condition, link.condition);
}

/** Candidates of a range whose traces are longer than NEAR_NANO, whatever else they have. */
export function longStatement(
  { tenant, condition }: Narrowing,
  { range, position, count }: CandidateSlice,
  types: AttributeTypes,
): TenantStatement {
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const isCandidate = [startInRange(range, parameters), compileBounds(condition, { scope, range, types }).sql];
  const times = scope.from('trace_times', [`trace_id IN (SELECT trace_id ${scope.from('spans', isCandidate)})`]);
  // Times beyond 2262 are negative: the difference would say nothing.
  const isLong =
    'min(first_start_unix_nano) < 0 OR min(last_start_unix_nano) < 0 OR ' +
    `max(last_start_unix_nano) - min(first_start_unix_nano) > ${parameters.int64(NEAR_NANO)}`;
  const long = `trace_id IN (SELECT trace_id ${times} GROUP BY trace_id HAVING ${isLong})`;
  return scope.statement(newestTraces(scope.from('spans', [...isCandidate, long]), position, count, parameters));
}
