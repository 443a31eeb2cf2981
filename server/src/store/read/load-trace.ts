import type {
  InstrumentationScope,
  Resource,
  ResourceSpans,
  ScopeSpans,
  Span,
  SpanId,
  TraceData,
  TraceId,
} from '@clew/model';
import { Int64Column } from '../native/int64-column.ts';
import { TenantScope } from '../sql/tenant-scope.ts';
import { loadResources, loadScopes, type StoredResource, type StoredScope } from './load-catalogue.ts';
import type { EngineSettings } from './read-engine.ts';
import { SPAN_COLUMNS, SpanReader } from './span-reader.ts';
import type { StatementRunner } from './statement-runner.ts';
import { loadTraceBounds, spansOfTraces } from './trace-bounds.ts';

/** A trace with more spans than fit in memory as objects. */
export class TraceTooLargeError extends Error {
  readonly code = 'STORE_TRACE_TOO_LARGE';

  constructor(traceId: TraceId, limit: number) {
    super(
      `trace ${traceId}: more than ${limit} spans (limit for spans as objects). ` +
        'Read it as columns, or single spans of it by id.',
    );
    this.name = 'TraceTooLargeError';
  }
}

/** Some forty columns of a few granules: each granule is worth a thread of its own. */
const WIDE_READ: EngineSettings = {
  merge_tree_min_rows_for_concurrent_read: 1,
  merge_tree_min_bytes_for_concurrent_read: 1,
  merge_tree_min_read_task_size: 1,
};

/** Spans by resource id, then scope id, both decimal. */
export type GroupedSpans = Map<string, Map<string, Span[]>>;

/**
 * The spans of a trace (all, or those with the given ids) with their resources and scopes. Spans come by start, then
 * span id; resources and scopes by their first span.
 * @throws TraceTooLargeError
 */
export async function loadTrace(
  runner: StatementRunner,
  tenant: string,
  traceId: TraceId,
  spanIds?: readonly SpanId[],
): Promise<TraceData | undefined> {
  const grouped = await loadSpans(runner, tenant, traceId, spanIds);
  if (grouped.size === 0) return undefined;
  const scopeIds = new Set([...grouped.values()].flatMap((scopes) => [...scopes.keys()]));
  const [resources, scopes] = await Promise.all([
    loadResources(runner, tenant, [...grouped.keys()]),
    loadScopes(runner, tenant, [...scopeIds]),
  ]);
  return { resourceSpans: [...grouped].map(([id, spans]) => resourceSpansOf(resources.get(id), spans, scopes)) };
}

async function loadSpans(
  runner: StatementRunner,
  tenant: string,
  traceId: TraceId,
  spanIds: readonly SpanId[] | undefined,
): Promise<GroupedSpans> {
  const grouped: GroupedSpans = new Map();
  const bounds = await loadTraceBounds(runner, tenant, [traceId]);
  if (bounds === undefined) return grouped;
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const conditions =
    spanIds === undefined
      ? []
      : [`span_id IN (SELECT toFixedString(unhex(arrayJoin(${parameters.strings(spanIds)})), 8))`];
  const limit = runner.limits.maxTraceObjects;
  const statement = scope.statement(
    `SELECT ${SPAN_COLUMNS.join(', ')} ${spansOfTraces(scope, [traceId], bounds, conditions)} ` +
      `ORDER BY start, span_id LIMIT ${parameters.uint64(limit + 1)}`,
  );
  let count = 0;
  for await (const block of runner.blocks(statement, WIDE_READ)) {
    count += block.rowCount;
    if (count > limit) throw new TraceTooLargeError(traceId, limit);
    const reader = new SpanReader(block);
    const resourceId = block.column('resource_id', Int64Column);
    const scopeId = block.column('scope_id', Int64Column);
    for (let row = 0; row < block.rowCount; row++) {
      spansOf(grouped, resourceId.bigint(row).toString(), scopeId.bigint(row).toString()).push(reader.read(row));
    }
  }
  return grouped;
}

export function spansOf(grouped: GroupedSpans, resourceId: string, scopeId: string): Span[] {
  let scopes = grouped.get(resourceId);
  if (scopes === undefined) grouped.set(resourceId, (scopes = new Map()));
  let spans = scopes.get(scopeId);
  if (spans === undefined) scopes.set(scopeId, (spans = []));
  return spans;
}

export function resourceSpansOf(
  stored: StoredResource | undefined,
  spansByScope: ReadonlyMap<string, readonly Span[]>,
  scopes: ReadonlyMap<string, StoredScope>,
): ResourceSpans {
  const scopeSpans = [...spansByScope].map(([id, spans]): ScopeSpans => {
    const { scope, schemaUrl } = scopes.get(id) ?? { scope: NO_SCOPE, schemaUrl: '' };
    return { scope, spans, schemaUrl };
  });
  const { resource, schemaUrl } = stored ?? { resource: NO_RESOURCE, schemaUrl: '' };
  return { resource, scopeSpans, schemaUrl };
}

/** Where the row of a resource or scope has been dropped while spans of it are still there. */
const NO_RESOURCE: Resource = { attributes: [], droppedAttributesCount: 0 };
const NO_SCOPE: InstrumentationScope = { name: '', version: '', attributes: [], droppedAttributesCount: 0 };
