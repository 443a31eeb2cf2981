/** Calls between services, and between services and what sends no spans itself, of a sample of traces. */
import { NO_PARENT_SQL } from '../../sql/intrinsic-branches.ts';
import { SPAN_WEIGHT_SQL } from '../../sql/span-weight.ts';
import { startBetween } from '../../sql/start-range.ts';
import { TenantScope, type TenantStatement } from '../../sql/tenant-scope.ts';
import { type DependencySample, inDependencySample, withMargin } from './dependency-sample.ts';
import { durationQuantiles } from './latency-columns.ts';
import { IS_ERROR, spansBetween } from './minute-source.ts';
import { CALLED_PEER_SQL, DELIVERING_PEER_SQL } from './peer-name.ts';
import { MAX_EDGES } from './service-limits.ts';

/**
 * 64 bits that stand for a span id of a trace: joins on them are half as large and twice as fast as on the 192 bits.
 * Of a million spans the chance that any two are taken for one is one in forty million.
 */
const SPAN_KEY = 'cityHash64(trace_id, span_id)';
const PARENT_KEY = 'cityHash64(trace_id, parent_span_id)';

/** Rows of the four texts of the ends, and of what is measured. */
const MEASURED =
  `sum(span_weight) AS calls, sumIf(span_weight, ${IS_ERROR}) AS errors, toUInt32(count()) AS seen, ` +
  `${durationQuantiles(false, 'span_weight')} AS quantiles, lower(hex(argMax(trace_id, (duration, trace_id)))) AS example`;
const ENDS = 'callerKind, caller, calleeKind, callee';
const CALL_COLUMNS = `trace_id, status, duration, ${SPAN_WEIGHT_SQL} AS span_weight`;

function grouped(scope: TenantScope, rows: string): TenantStatement {
  return scope.statement(
    `SELECT ${ENDS}, ${MEASURED} FROM (${rows}) GROUP BY ${ENDS} ORDER BY calls DESC, ${ENDS} ` +
      `LIMIT ${scope.parameters.uint64(MAX_EDGES + 1)}`,
  );
}

/** Spans whose parent is a span of another service. */
export function serviceCalls(tenant: string, sample: DependencySample): TenantStatement {
  const scope = new TenantScope(tenant);
  const children = scope.from('spans', [
    spansBetween(scope, sample.originUnixNano, sample.endUnixNano),
    `NOT (${NO_PARENT_SQL})`,
    ...inDependencySample(sample),
  ]);
  const parents = scope.from('spans', [nearSample(scope, sample), ...inDependencySample(sample)]);
  return grouped(
    scope,
    `SELECT 'service' AS callerKind, p.p_service AS caller, 'service' AS calleeKind, c.c_service AS callee, ` +
      `c.trace_id AS trace_id, c.status AS status, c.duration AS duration, c.span_weight AS span_weight ` +
      `FROM (SELECT ${PARENT_KEY} AS key, service AS c_service, ${CALL_COLUMNS} ${children}) AS c ` +
      // Of a parent that was sent twice one is enough.
      `LEFT SEMI JOIN (SELECT ${SPAN_KEY} AS key, service AS p_service ${parents}) AS p ON c.key = p.key ` +
      'WHERE caller != callee',
  );
}

/** Client and producer spans below which no server or consumer sent a span. */
export function peerCalls(tenant: string, sample: DependencySample): TenantStatement {
  const scope = new TenantScope(tenant);
  const callers = scope.from('spans', [
    spansBetween(scope, sample.originUnixNano, sample.endUnixNano),
    'kind IN (3, 4)',
    ...inDependencySample(sample),
  ]);
  const answers = scope.from('spans', [
    nearSample(scope, sample),
    `kind IN (0, 2, 5) AND NOT (${NO_PARENT_SQL})`,
    ...inDependencySample(sample),
  ]);
  return grouped(
    scope,
    `SELECT 'service' AS callerKind, c.c_service AS caller, c.peer.1 AS calleeKind, c.peer.2 AS callee, ` +
      `c.trace_id AS trace_id, c.status AS status, c.duration AS duration, c.span_weight AS span_weight ` +
      `FROM (SELECT ${SPAN_KEY} AS key, service AS c_service, ${CALLED_PEER_SQL} AS peer, ${CALL_COLUMNS} ${callers}) AS c ` +
      `LEFT ANTI JOIN (SELECT ${PARENT_KEY} AS key ${answers}) AS a ON c.key = a.key WHERE calleeKind != ''`,
  );
}

/** Consumer spans that begin a trace of their own: what delivered to them is known from themselves only. */
export function deliveries(tenant: string, sample: DependencySample): TenantStatement {
  const scope = new TenantScope(tenant);
  const consumers = scope.from('spans', [
    spansBetween(scope, sample.originUnixNano, sample.endUnixNano),
    `kind = 5 AND ${NO_PARENT_SQL}`,
    ...inDependencySample(sample),
  ]);
  return grouped(
    scope,
    `SELECT peer.1 AS callerKind, peer.2 AS caller, 'service' AS calleeKind, service AS callee, trace_id, status, ` +
      `duration, span_weight FROM (SELECT service, ${DELIVERING_PEER_SQL} AS peer, ${CALL_COLUMNS} ${consumers}) ` +
      `WHERE callerKind != ''`,
  );
}

function nearSample({ parameters }: TenantScope, sample: DependencySample): string {
  const { fromUnixNano, toUnixNano } = withMargin(sample);
  return startBetween(fromUnixNano, toUnixNano, parameters);
}
