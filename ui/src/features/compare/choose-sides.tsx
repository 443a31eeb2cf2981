import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { loadSearch } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { ChooseQueries } from './choose-queries.tsx';
import { type CompareSearch, type CompareUpdate, rangesOf } from './compare-search.ts';
import { TraceIdForm } from './trace-id-form.tsx';
import { TraceOption } from './trace-option.tsx';
import './population-pair.css';

const RECENT = 12;

/** Nothing is chosen yet, or one query: what can be compared, and ways to begin. */
export function ChooseSides({ search, update }: { readonly search: CompareSearch; readonly update: CompareUpdate }) {
  const { choose, populations } = text.compare;
  const ranges = rangesOf(search);
  return (
    <div className="compare-choose">
      <h1>{text.compare.page}</h1>
      <p>{choose.lead}</p>
      <section>
        <h2>{populations.title}</h2>
        <ChooseQueries
          sides={[
            { letter: 'A', query: search.a ?? '', ...ranges.a },
            { letter: 'B', query: search.b ?? '', ...ranges.b },
          ]}
          onCompare={update}
        />
      </section>
      <section>
        <h2>{choose.traces}</h2>
        <p className="muted">{choose.tracesLead}</p>
        <TraceIdForm letters={['A', 'B']} onChoose={([a, b]) => update({ a, b })} />
        <RecentTraces onChoose={(a, b) => update({ a, b })} />
      </section>
    </div>
  );
}

function RecentTraces({ onChoose }: { readonly onChoose: (a: string, b: string) => void }) {
  const { choose } = text.compare;
  const [taken, setTaken] = useState<{ readonly A?: string | undefined; readonly B?: string | undefined }>({});
  const recent = useQuery({
    queryKey: ['compare-recent'],
    queryFn: ({ signal }) => loadSearch({ query: '{ }', from: 'now-1h', to: 'now', limit: RECENT }, signal),
  });
  const take = (letter: 'A' | 'B', traceId: string): void => {
    const next = { ...taken, [letter]: taken[letter] === traceId ? undefined : traceId };
    if (next.A !== undefined && next.B !== undefined) onChoose(next.A, next.B);
    else setTaken(next);
  };
  if (recent.error !== null) return <ProblemMessage error={recent.error} onRetry={() => void recent.refetch()} />;
  if (recent.data === undefined) return null;
  if (recent.data.traces.length === 0) return <p className="muted">{choose.noRecent}</p>;
  return (
    <>
      <h3>{choose.recent}</h3>
      <p className="muted">{choose.recentLead}</p>
      <ul className="compare-options">
        {recent.data.traces.map((trace) => (
          <TraceOption
            key={trace.traceId}
            trace={trace}
            letters={['A', 'B']}
            taken={(['A', 'B'] as const).filter((letter) => taken[letter] === trace.traceId)}
            onTake={(letter) => take(letter, trace.traceId)}
          />
        ))}
      </ul>
    </>
  );
}
