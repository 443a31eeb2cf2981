import { Link } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { formatInstant, millisOfNanos, zoneLabel } from '../../text/format-time.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { Icon } from '../../widgets/icon.tsx';
import type { TraceSummary } from '../trace/trace-summary.ts';
import { SideLetter } from './side-letter.tsx';

/** Which trace a side is. */
export function TraceSide(props: {
  readonly letter: 'A' | 'B';
  readonly trace: TraceModel;
  readonly summary: TraceSummary;
  readonly onChange: () => void;
}) {
  const { letter, trace, summary } = props;
  const { columns } = trace;
  const startMs = millisOfNanos(columns.startTimeUnixNano.toString());
  return (
    <div className="compare-side">
      <SideLetter letter={letter} />
      <div className="compare-side-text">
        <Link to="/trace/$traceId" params={{ traceId: columns.traceId }} title={text.compare.openTrace} preload={false}>
          {summary.rootService !== '' && <span className="compare-side-service">{summary.rootService}</span>}{' '}
          {summary.rootName === '' ? text.compare.noRoot : summary.rootName}
        </Link>
        <span className="muted">
          <code title={columns.traceId}>{columns.traceId.slice(0, 8)}…</code>{' '}
          <time dateTime={new Date(startMs).toISOString()}>{`${formatInstant(startMs)} ${zoneLabel(startMs)}`}</time>
        </span>
      </div>
      <button
        type="button"
        className="button is-quiet is-small is-icon"
        aria-label={`${text.compare.sideName(letter)}: ${text.compare.change}`}
        title={text.compare.change}
        onClick={props.onChange}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
