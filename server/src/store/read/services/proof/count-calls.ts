/** The figures of services counted one span at a time: what the store's answers are compared with. */
import type { RedFigures } from '@clew/contract';
import type { CallSpan } from './call-traces.ts';

export const durationOf = ({ span }: CallSpan): number => Number(span.endTimeUnixNano - span.startTimeUnixNano);
export const isRequest = ({ span }: CallSpan): boolean =>
  span.kind === 2 || span.kind === 5 || span.parentSpanId === '';
export const isError = ({ span }: CallSpan): boolean => span.status.code === 2;
export const weightOf = (calls: readonly CallSpan[]): number => calls.reduce((sum, { weight }) => sum + weight, 0);

export function groupCalls(calls: readonly CallSpan[], keyOf: (call: CallSpan) => string): Map<string, CallSpan[]> {
  const groups = new Map<string, CallSpan[]>();
  for (const call of calls) groups.set(keyOf(call), [...(groups.get(keyOf(call)) ?? []), call]);
  return groups;
}

/** The smallest duration that at least a part of the weight does not exceed. */
function quantile(calls: readonly CallSpan[], part: number): number {
  const sorted = [...calls].sort((a, b) => durationOf(a) - durationOf(b));
  const rank = Math.max(1, Math.ceil(weightOf(calls) * part * (1 - 1e-9)));
  let seen = 0;
  for (const call of sorted) {
    seen += call.weight;
    if (seen >= rank) return durationOf(call);
  }
  return Number.NaN;
}

export function quantilesOf(calls: readonly CallSpan[]): Pick<RedFigures, 'p50Nano' | 'p95Nano' | 'p99Nano'> {
  const [p50Nano, p95Nano, p99Nano] = [0.5, 0.95, 0.99].map((part) => quantile(calls, part));
  return { p50Nano, p95Nano, p99Nano };
}

export function redOf(calls: readonly CallSpan[], seconds: number): RedFigures | null {
  if (calls.length === 0) return null;
  const spans = weightOf(calls);
  return { spans, errors: weightOf(calls.filter(isError)), rate: spans / seconds, ...quantilesOf(calls) };
}

/** Who is called by a client or producer, or delivers to a consumer, as the conventions name it. */
export function peerOf({ span }: CallSpan): string | undefined {
  const of = (key: string): string | undefined => {
    const value = span.attributes.find((attribute) => attribute.key === key)?.value;
    return value?.type === 'string' ? value.value : undefined;
  };
  const database = of('db.system.name') ?? of('db.system');
  if (database !== undefined && span.kind !== 5) {
    return `database ${[database, of('db.namespace') ?? of('server.address')].filter(Boolean).join(' ')}`;
  }
  const messaging = of('messaging.system');
  if (messaging !== undefined) {
    return `messaging ${[messaging, of('messaging.destination.name')].filter(Boolean).join(' ')}`;
  }
  const other = of('peer.service') ?? of('server.address');
  return other === undefined || span.kind === 5 ? undefined : `external ${other}`;
}
