import { parseTraceId, type TraceId } from '@clew/model';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { ProblemError } from '../../client/problem-error.ts';
import { text } from '../../text/catalogue.ts';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { useTitle } from '../../widgets/use-title.ts';
import { AbsentTrace } from './absent-trace.tsx';
import { LoadedTrace } from './loaded-trace.tsx';
import { traceQuery } from './trace-query.ts';
import { refreshAfterMs } from './trace-refresh.ts';
import './trace.css';

/** One trace: loads it, waits for it when it is not here yet, shows it. */
export function TracePage() {
  const { traceId: given } = useParams({ from: '/trace/$traceId' });
  const traceId = parseTraceId(given);
  useTitle(text.trace.page);
  if (traceId !== undefined) return <KnownTrace key={traceId} traceId={traceId} />;
  return (
    <div className="notice">
      <h1>{text.trace.page}</h1>
      <p>{text.trace.absent.badId(given)}</p>
      <Link to="/explore" className="button">
        {text.shell.toExplore}
      </Link>
    </div>
  );
}

function KnownTrace({ traceId }: { readonly traceId: TraceId }) {
  const trace = useQuery({
    ...traceQuery(traceId),
    refetchInterval: ({ state }) =>
      state.data === undefined ? false : (refreshAfterMs(state.data, Date.now()) ?? false),
  });
  // Looking again clears the error for a moment; the page must not forget meanwhile that it is waiting.
  const missing = trace.error instanceof ProblemError && trace.error.status === 404;
  const [waiting, setWaiting] = useState(false);
  if (missing && !waiting) setWaiting(true);
  if (trace.data !== undefined) return <LoadedTrace key={traceId} columns={trace.data} />;
  if (missing || (waiting && trace.error === null)) {
    return <AbsentTrace traceId={traceId} onLook={() => void trace.refetch()} />;
  }
  if (trace.error !== null) {
    return (
      <div className="notice">
        <ProblemMessage error={trace.error} onRetry={() => void trace.refetch()} />
      </div>
    );
  }
  return (
    <div className="trace-loading">
      <div className="progress" />
      <p className="visually-hidden" role="status">
        {text.shell.loading}
      </p>
    </div>
  );
}
