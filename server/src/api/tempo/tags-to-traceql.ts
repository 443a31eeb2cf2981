import { printAttribute, printString } from '@clew/traceql';
import { badTempoRequest } from './tempo-error.ts';

/** A search by tags, as Grafana did before TraceQL. */
export interface TagSearch {
  /** Value contained, in any case, by key. */
  readonly tags: ReadonlyMap<string, string>;
  /** Of the whole trace; 0 for none. */
  readonly minDurationMs: number;
  readonly maxDurationMs: number;
}

/**
 * The TraceQL that finds the same traces: each tag may be on another span of the trace.
 * @throws ApiError 400
 */
export function tagsToTraceql({ tags, minDurationMs, maxDurationMs }: TagSearch): string {
  const durations = [
    ...(minDurationMs > 0 ? [`traceDuration >= ${minDurationMs}ms`] : []),
    ...(maxDurationMs > 0 ? [`traceDuration <= ${maxDurationMs}ms`] : []),
  ];
  if (maxDurationMs > 0 && minDurationMs > maxDurationMs) {
    throw badTempoRequest('invalid maxDuration: must be greater than minDuration');
  }
  const conditions = [...tags].map(([key, value]) => conditionOf(key, value));
  if (conditions.length === 0) return `{ ${durations.join(' && ')} }`;
  return conditions.map((condition) => `{ ${[condition, ...durations].join(' && ')} }`).join(' && ');
}

/** Names that were no attributes there. */
const INTRINSICS: Readonly<Record<string, string>> = {
  name: 'name',
  'root.name': 'rootName',
  'root.service.name': 'rootServiceName',
};

function conditionOf(key: string, value: string): string {
  if (key === 'status.code' && /^(error|ok|unset)$/.test(value)) return `status = ${value}`;
  if (key === 'error' && value === 'true') return `(status = error || .error = true)`;
  const contained = printString(`(?is).*${value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}.*`);
  const intrinsic = INTRINSICS[key];
  if (intrinsic !== undefined) return `${intrinsic} =~ ${contained}`;
  const field = printAttribute('any', key);
  const typed = /^-?\d{1,18}$/.test(value) || value === 'true' || value === 'false' ? ` || ${field} = ${value}` : '';
  return `(${field} =~ ${contained}${typed})`;
}
