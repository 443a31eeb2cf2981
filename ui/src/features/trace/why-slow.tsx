import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { durationRankQuery } from './duration-rank.ts';
import { useTraceSource } from './trace-source.ts';

/** Whoever moves through rows by arrow keys does not ask the server about each. */
const REST_MS = 500;

/** One line that says where a span's time went, and whether that is usual. */
export function WhySlow(props: {
  readonly trace: TraceModel;
  readonly row: number;
  /** Part of the critical path that is this span's own, 0…1; undefined until it is known. */
  readonly criticalShare: number | undefined;
}) {
  const { trace, row, criticalShare } = props;
  const { columns } = trace;
  const { isStored } = useTraceSource();
  const service = columns.services[columns.service[row]];
  const name = columns.names[columns.name[row]];
  const duration = columns.duration[row];
  const rested = useRested(row);
  const endMs = Number(columns.startTimeUnixNano / 1_000_000n) + Math.ceil(columns.durationNano / 1e6);
  const rank = useQuery({
    ...durationRankQuery({ service, name, durationNano: duration, endMs }),
    enabled: isStored && rested === row && duration > 0,
  }).data;
  const words = text.dock.why;
  const parts: { readonly key: string; readonly words: string; readonly hint?: string }[] = [];
  if (duration > 0 && trace.childCount[row] > 0) {
    parts.push({ key: 'self', words: words.self(text.dock.percent(trace.selfTime[row] / duration)) });
  }
  if (criticalShare !== undefined) {
    parts.push({
      key: 'path',
      words: criticalShare > 0 ? words.path(text.dock.percent(criticalShare)) : words.offPath,
    });
  }
  if (rank !== undefined && rank !== null) {
    const slower = words.slower(text.dock.percent(rank.slowerThan), rank.count);
    parts.push({ key: 'rank', words: slower, hint: words.hint(service, name) });
  }
  if (parts.length === 0) return null;
  return (
    <p className="why-slow">
      <span className="visually-hidden">{words.label}: </span>
      {parts.map((part, at) => (
        <span key={part.key} title={part.hint}>
          {at > 0 && ' · '}
          {part.words}
        </span>
      ))}
    </p>
  );
}

/** The row once it has stayed the same for a while. */
function useRested(row: number): number {
  const [rested, setRested] = useState(-1);
  useEffect(() => {
    const timer = setTimeout(() => setRested(row), REST_MS);
    return () => clearTimeout(timer);
  }, [row]);
  return rested;
}
