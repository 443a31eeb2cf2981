/** Queries that lead from the figures of services to their traces. */

/** Kinds in TraceQL, by OTLP number. */
const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const IS_REQUEST = '(kind = server || kind = consumer || nestedSetParent < 0)';

const quoted = (value: string): string => JSON.stringify(value);
const filter = (...conditions: readonly string[]): string => `{ ${conditions.join(' && ')} }`;
const ofService = (service: string): string => `resource.service.name = ${quoted(service)}`;

/** What is counted as the work of a service. */
export function workOf(service: string, counted: 'requests' | 'spans'): readonly string[] {
  return counted === 'requests' ? [ofService(service), IS_REQUEST] : [ofService(service)];
}

export interface SpanChoice {
  readonly service: string;
  readonly counted?: 'requests' | 'spans';
  readonly name?: string;
  /** OTLP number. */
  readonly kind?: number;
  readonly onlyErrors?: boolean;
  readonly message?: string;
  /** Nanoseconds, exclusive and inclusive. */
  readonly longerThan?: number;
  readonly upTo?: number;
  readonly version?: string;
  readonly instance?: string;
}

/** TraceQL of the spans of a service. */
export function spansQuery(choice: SpanChoice): string {
  const conditions = [...workOf(choice.service, choice.counted ?? 'spans')];
  if (choice.name !== undefined) conditions.push(`name = ${quoted(choice.name)}`);
  if (choice.kind !== undefined) conditions.push(`kind = ${KINDS[choice.kind] ?? 'unspecified'}`);
  if (choice.onlyErrors === true) conditions.push('status = error');
  if (choice.message !== undefined && choice.message !== '')
    conditions.push(`statusMessage = ${quoted(choice.message)}`);
  if (choice.longerThan !== undefined) conditions.push(`duration > ${nanosText(choice.longerThan)}`);
  if (choice.upTo !== undefined) conditions.push(`duration <= ${nanosText(choice.upTo)}`);
  if (choice.version !== undefined) conditions.push(`resource.service.version = ${quoted(choice.version)}`);
  if (choice.instance !== undefined) conditions.push(`resource.service.instance.id = ${quoted(choice.instance)}`);
  return filter(...conditions);
}

/** TraceQL of calls from one service to another: spans of the called one directly below the caller's. */
export function callQuery(caller: string, callee: string): string {
  return `${filter(ofService(caller))} > ${filter(ofService(callee))}`;
}

/** TraceQL metrics of the work of a service. */
export function metricsQuery(service: string, counted: 'requests' | 'spans', metric: string): string {
  return `${filter(...workOf(service, counted))} | ${metric}`;
}

function nanosText(nanos: number): string {
  return `${Math.round(nanos)}ns`;
}
