import type { FoundTrace } from '@clew/contract';
import type { TraceColumns, TraceId } from '@clew/model';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { loadSearch } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { millisOfNanos } from '../../text/format-time.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { absoluteRange } from '../search/time-range.ts';
import { traceQuery } from '../trace/trace-query.ts';
import { summarizeTrace } from '../trace/trace-summary.ts';
import { useTraceModel } from '../trace/use-trace-model.ts';
import { pickSimilar, SIMILAR_TRACES_MAX, similarQuery } from './similar-traces.ts';
import { TraceIdForm } from './trace-id-form.tsx';
import { TraceOption } from './trace-option.tsx';

/** Similar traces are looked for this long before and after the given one. */
const AROUND_MS = 3_600_000;
const SHOWN = 12;

/** One trace is given: offers those that began the same way. */
export function ChooseOther(props: {
  readonly given: 'A' | 'B';
  readonly traceId: TraceId;
  readonly onChoose: (traceId: string) => void;
}) {
  const { given, traceId, onChoose } = props;
  const { choose } = text.compare;
  const trace = useQuery(traceQuery(traceId));
  const other = given === 'A' ? 'B' : 'A';
  return (
    <div className="compare-choose">
      <h1>{choose.other}</h1>
      {trace.error !== null && <ProblemMessage error={trace.error} onRetry={() => void trace.refetch()} />}
      {trace.data !== undefined && <SimilarTraces trace={trace.data} letter={other} onChoose={onChoose} />}
      <TraceIdForm letters={[other]} onChoose={(ids) => onChoose(ids[0])} />
    </div>
  );
}

interface SimilarListProps<Trace> {
  readonly trace: Trace;
  readonly letter: 'A' | 'B';
  readonly onChoose: (traceId: string) => void;
}

function SimilarTraces({ trace, ...rest }: SimilarListProps<TraceColumns>) {
  const model = useTraceModel(trace, false);
  return model === undefined ? <div className="progress" /> : <SimilarList trace={model} {...rest} />;
}

function SimilarList({ trace: given, letter, onChoose }: SimilarListProps<TraceModel>) {
  const { choose } = text.compare;
  const { columns } = given;
  const { rootService, rootName } = useMemo(() => summarizeTrace(given), [given]);
  const startMs = millisOfNanos(columns.startTimeUnixNano.toString());
  const found = useQuery({
    queryKey: ['similar', columns.traceId],
    queryFn: ({ signal }) => {
      const query = rootService === '' && rootName === '' ? '{ }' : similarQuery(rootService, rootName);
      const range = absoluteRange(startMs - AROUND_MS, startMs + AROUND_MS);
      return loadSearch({ query, ...range, limit: SIMILAR_TRACES_MAX }, signal);
    },
    staleTime: 60_000,
  });
  if (found.error !== null) return <ProblemMessage error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) {
    return (
      <p className="muted" role="status">
        {choose.looking}
      </p>
    );
  }
  const similar = pickSimilar(found.data.traces, columns.traceId);
  if (similar === undefined) return <p className="muted">{choose.noSimilar}</p>;
  const picks: (readonly [label: string, trace: FoundTrace])[] = [
    [choose.median, similar.median],
    [choose.fastest, similar.fastest],
    [choose.slowest, similar.slowest],
  ];
  const picked = new Set(picks.map(([, trace]) => trace.traceId));
  const rest = found.data.traces.filter((trace) => trace.traceId !== columns.traceId && !picked.has(trace.traceId));
  return (
    <section>
      <h2>{choose.otherLead(rootService, rootName)}</h2>
      <p className="muted">{choose.ofSimilar(similar.count)}</p>
      <ul className="compare-options">
        {picks.map(([label, trace], at) =>
          picks.findIndex(([, one]) => one.traceId === trace.traceId) < at ? null : (
            <TraceOption
              key={label}
              label={label}
              trace={trace}
              letters={[letter]}
              onTake={() => onChoose(trace.traceId)}
            />
          ),
        )}
        {rest.slice(0, SHOWN).map((trace) => (
          <TraceOption key={trace.traceId} trace={trace} letters={[letter]} onTake={() => onChoose(trace.traceId)} />
        ))}
      </ul>
    </section>
  );
}
