import { parseTraceId } from '@clew/model';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { text } from '../../text/catalogue.ts';
import { useImportedFile } from '../../tracefile/imported-file.ts';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { LoadedTrace } from '../trace/loaded-trace.tsx';
import { TraceSourceContext } from '../trace/trace-source.ts';
import { FileChooser } from './file-chooser.tsx';
import { importedTraces } from './imported-traces.ts';
import '../trace/trace.css';
import './import.css';

/** One trace of the opened file, by the same page as a stored one. */
export function ImportedTracePage() {
  const { traceId: given } = useParams({ from: '/import/$traceId' });
  const traceId = parseTraceId(given);
  const state = useImportedFile();
  const file = state.kind === 'open' ? state : undefined;
  const source = useMemo(() => (file === undefined ? undefined : importedTraces(file)), [file]);
  const held = traceId !== undefined && file?.summary.traces.some((trace) => trace.traceId === traceId);
  const trace = useQuery({
    queryKey: ['imported-trace', file?.number, traceId],
    queryFn: () => {
      if (file === undefined || traceId === undefined) throw new Error(text.import.closed.title);
      return file.desk.call('columns', traceId);
    },
    enabled: held === true,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    structuralSharing: false,
  });
  if (file !== undefined && !held) {
    return (
      <div className="notice">
        <h1>{text.import.page}</h1>
        <p>{text.import.notInFile(given, file.name)}</p>
        <Link to="/import" className="button">
          {text.import.toList}
        </Link>
      </div>
    );
  }
  if (source === undefined) {
    return (
      <div className="import">
        <h1>{text.import.closed.title}</h1>
        <p className="import-lead">{text.import.closed.why}</p>
        <FileChooser />
      </div>
    );
  }
  if (trace.error !== null) {
    return (
      <div className="notice">
        <ProblemMessage error={trace.error} onRetry={() => void trace.refetch()} />
      </div>
    );
  }
  if (trace.data === undefined) {
    return (
      <div className="trace-loading">
        <div className="progress" />
      </div>
    );
  }
  return (
    <TraceSourceContext value={source}>
      <LoadedTrace key={`${source.key} ${trace.data.traceId}`} columns={trace.data} />
    </TraceSourceContext>
  );
}
