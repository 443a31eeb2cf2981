import type { TraceColumns, TraceId } from '@clew/model';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { ProblemError } from '../../client/problem-error.ts';
import { text } from '../../text/catalogue.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { Icon } from '../../widgets/icon.tsx';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { useContentTitle } from '../../widgets/use-title.ts';
import { traceQuery } from '../trace/trace-query.ts';
import { summarizeTrace } from '../trace/trace-summary.ts';
import { useTraceModel } from '../trace/use-trace-model.ts';
import type { CompareSearch, CompareUpdate } from './compare-search.ts';
import { TraceDiff } from './trace-diff.tsx';
import { TraceSide } from './trace-side.tsx';
import { TraceTotals } from './trace-totals.tsx';

interface TracePairProps {
  readonly a: TraceId;
  readonly b: TraceId;
  readonly search: CompareSearch;
  readonly update: CompareUpdate;
}

/** Two traces: loads both, says what is missing, compares them. */
export function TracePair({ a, b, search, update }: TracePairProps) {
  const traceA = useQuery(traceQuery(a));
  const traceB = useQuery(traceQuery(b));
  if (traceA.data !== undefined && traceB.data !== undefined) {
    return <ModelledPair a={traceA.data} b={traceB.data} {...{ search, update }} />;
  }
  const failed = [
    { letter: 'A', ...traceA, traceId: a },
    { letter: 'B', ...traceB, traceId: b },
  ].filter(({ error }) => error !== null);
  if (failed.length === 0) return <Loading />;
  return (
    <div className="notice">
      <h1>{text.compare.page}</h1>
      {failed.map(({ letter, error, traceId, refetch }) =>
        error instanceof ProblemError && error.status === 404 ? (
          <Notice key={letter}>
            <strong>{text.compare.sideName(letter)}</strong> {text.compare.absent(traceId)}
          </Notice>
        ) : (
          error !== null && <ProblemMessage key={letter} error={error} onRetry={() => void refetch()} />
        ),
      )}
      <div className="notice-actions">
        <button
          type="button"
          className="button is-primary"
          onClick={() => void Promise.all([traceA, traceB].map((trace) => trace.refetch()))}
        >
          {text.shell.retry}
        </button>
        {failed.map(({ letter }) => (
          <button
            key={letter}
            type="button"
            className="button"
            onClick={() => update({ [letter === 'A' ? 'a' : 'b']: undefined })}
          >
            {`${text.compare.sideName(letter)}: ${text.compare.change}`}
          </button>
        ))}
      </div>
    </div>
  );
}

function Notice({ children }: { readonly children: ReactNode }) {
  return (
    <p className="compare-notice" role="alert">
      <Icon name="warning" />
      <span>{children}</span>
    </p>
  );
}

function Loading() {
  return (
    <div className="compare">
      <div className="progress" />
      <p className="visually-hidden" role="status">
        {text.shell.loading}
      </p>
    </div>
  );
}

/** The models of large traces come from a worker; times are compared as they were received. */
function ModelledPair({ a, b, ...rest }: LoadedPairProps<TraceColumns>) {
  const modelA = useTraceModel(a, false);
  const modelB = useTraceModel(b, false);
  return modelA === undefined || modelB === undefined ? <Loading /> : <LoadedPair a={modelA} b={modelB} {...rest} />;
}

interface LoadedPairProps<Trace> {
  readonly a: Trace;
  readonly b: Trace;
  readonly search: CompareSearch;
  readonly update: CompareUpdate;
}

function LoadedPair({ a, b, search, update }: LoadedPairProps<TraceModel>) {
  const summaryA = useMemo(() => summarizeTrace(a), [a]);
  const summaryB = useMemo(() => summarizeTrace(b), [b]);
  useContentTitle(text.compare.title(summaryA.rootName || a.columns.traceId, summaryB.rootName || b.columns.traceId));
  const swap = (): void => {
    const at = search.at === undefined ? undefined : `${search.at.startsWith('a') ? 'b' : 'a'}${search.at.slice(1)}`;
    update({ a: search.b, b: search.a, at });
  };
  return (
    <div className="compare">
      <header className="compare-head">
        <h1 className="visually-hidden">{text.compare.page}</h1>
        <TraceSide letter="A" trace={a} summary={summaryA} onChange={() => update({ a: undefined, at: undefined })} />
        <button
          type="button"
          className="button is-quiet is-icon"
          aria-label={text.compare.swap}
          title={text.compare.swap}
          onClick={swap}
        >
          <Icon name="swap" />
        </button>
        <TraceSide letter="B" trace={b} summary={summaryB} onChange={() => update({ b: undefined, at: undefined })} />
      </header>
      <TraceTotals a={a} b={b} />
      {a.columns.traceId === b.columns.traceId && <Notice>{text.compare.same}</Notice>}
      <TraceDiff {...{ a, b, search, update }} />
    </div>
  );
}
