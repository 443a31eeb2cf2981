import { parseTraceId } from '@clew/model';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { text } from '../../text/catalogue.ts';
import { useImportedFiles } from '../../tracefile/imported-files.ts';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { useTitle } from '../../widgets/use-title.ts';
import { LoadedTrace } from '../trace/loaded-trace.tsx';
import { TraceSourceContext } from '../trace/trace-source.ts';
import { FileChooser } from './file-chooser.tsx';
import { importedTraces } from './imported-traces.ts';
import '../trace/trace.css';
import './import.css';

/** One trace of the opened files, by the same page as a stored one. */
export function ImportedTracePage() {
  const { traceId: given } = useParams({ from: '/import/$traceId' });
  const traceId = parseTraceId(given);
  useTitle(text.import.page);
  const state = useImportedFiles();
  const open = state.kind === 'open' ? state : undefined;
  const listed = useMemo(() => open?.summary.traces.find((one) => one.traceId === traceId), [open, traceId]);
  const source = useMemo(
    () => (open === undefined ? undefined : importedTraces(open, listed?.fileNames ?? [])),
    [open, listed],
  );
  const trace = useQuery({
    queryKey: ['imported-trace', open?.number, traceId],
    queryFn: () => {
      if (open === undefined || traceId === undefined) throw new Error(text.import.closed.title);
      return open.desk.call('columns', traceId);
    },
    enabled: listed !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    structuralSharing: false,
  });
  if (open !== undefined && listed === undefined) {
    return (
      <div className="notice">
        <h1>{text.import.page}</h1>
        <p>{text.import.notInFiles(given, text.import.filesOf(open.summary.files.map(({ name }) => name)))}</p>
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
