import { FLAG_ERROR, type TraceColumns } from '@clew/model';

/** When a service was at work in a trace; nanoseconds from the trace's start. */
export interface ServiceSpan {
  readonly name: string;
  readonly firstNano: number;
  readonly lastNano: number;
  readonly spanCount: number;
  readonly errorCount: number;
}

export interface ServiceSummary {
  /** By first start. */
  readonly services: readonly ServiceSpan[];
  readonly hiddenServices: number;
  /** Rows of the first failed spans. */
  readonly errorRows: readonly number[];
  readonly errorCount: number;
}

const MAX_SERVICES = 12;
const MAX_ERRORS = 8;

/** One pass over the columns, no object a span. */
export function summarizeServices(columns: TraceColumns): ServiceSummary {
  const { spanCount, services, service, start, duration, flags } = columns;
  const first = new Float64Array(services.length).fill(Number.POSITIVE_INFINITY);
  const last = new Float64Array(services.length);
  const spans = new Uint32Array(services.length);
  const errors = new Uint32Array(services.length);
  const errorRows: number[] = [];
  let errorCount = 0;
  for (let row = 0; row < spanCount; row++) {
    const of = service[row];
    first[of] = Math.min(first[of], start[row]);
    last[of] = Math.max(last[of], start[row] + duration[row]);
    spans[of]++;
    if ((flags[row] & FLAG_ERROR) === 0) continue;
    errors[of]++;
    errorCount++;
    if (errorRows.length < MAX_ERRORS) errorRows.push(row);
  }
  const all = services
    .map((name, at) => ({
      name,
      firstNano: first[at],
      lastNano: last[at],
      spanCount: spans[at],
      errorCount: errors[at],
    }))
    .filter((one) => one.spanCount > 0)
    .sort((a, b) => a.firstNano - b.firstNano || (a.name < b.name ? -1 : 1));
  const shown = all.slice(0, MAX_SERVICES);
  return { services: shown, hiddenServices: all.length - shown.length, errorRows, errorCount };
}
