import { printStatic } from '@clew/traceql';
import { absoluteRange } from '../search/time-range.ts';
import type { QueriesChange } from './queries-form.tsx';
import { withCondition } from './value-query.ts';

const literal = (value: string): string => printStatic({ type: 'string', value });

/** A query for the spans of a service; of all where none is named. */
export function serviceQuery(service: string): string {
  return service === '' ? '{ }' : `{ resource.service.name = ${literal(service)} }`;
}

/** The same query as long before a moment as after it. */
export function beforeAndAfter(query: string, momentMs: number, lengthMs: number): QueriesChange {
  const before = absoluteRange(momentMs - lengthMs, momentMs);
  const after = absoluteRange(momentMs, momentMs + lengthMs);
  return { a: query, b: query, from: before.from, to: before.to, bfrom: after.from, bto: after.to };
}

/** Two versions of a service in one range. */
export function twoVersions(service: string, versionA: string, versionB: string): QueriesChange {
  const of = (version: string): string =>
    withCondition(serviceQuery(service), `resource.service.version = ${literal(version)}`);
  return { a: of(versionA), b: of(versionB) };
}

/** What went well against what failed. */
export function goodAndBad(query: string): QueriesChange {
  return { a: withCondition(query, 'status != error'), b: withCondition(query, 'status = error') };
}
