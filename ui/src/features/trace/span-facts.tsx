import { SKEW_NONE } from '@clew/analysis';
import type { OtlpJsonSpan } from '@clew/contract';
import { FLAG_MISSING_PARENT } from '@clew/model';
import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { formatClock } from '../../text/format-time.ts';
import { receivedOffset, type TraceModel } from '../../timeline/trace-model.ts';
import { Icon } from '../../widgets/icon.tsx';
import './span-facts.css';

const STATUS_ERROR = 2;

/** The span in a few figures, its status, and what is odd about it. */
export function SpanFacts(props: {
  readonly trace: TraceModel;
  readonly row: number;
  readonly span: OtlpJsonSpan | undefined;
}) {
  const { trace, row, span } = props;
  const { columns, selfTime } = trace;
  const { dock } = text.trace;
  const duration = columns.duration[row];
  const flags = columns.flags[row];
  const status = columns.statusCode[row];
  const offset = receivedOffset(trace, row);
  const startMs = Number(trace.receivedStartUnixNano / 1000n) / 1000 + offset / 1e6;
  const skew = trace.skew.reason[row];
  const shift = trace.shift?.[row] ?? 0;
  return (
    <div className="facts">
      <dl>
        <Fact label={dock.duration} value={formatDuration(duration)} strong />
        <Fact
          label={dock.self}
          hint={dock.selfHint}
          value={formatDuration(selfTime[row])}
          extra={duration > 0 ? dock.share((selfTime[row] / duration) * 100) : ''}
        />
        <Fact
          label={dock.start}
          hint={`${formatClock(startMs)}, ${dock.startOffset(formatDuration(offset))}`}
          value={dock.atOffset(formatDuration(offset))}
        />
        <Fact label={dock.kind} value={text.trace.kinds[columns.kind[row]] ?? text.trace.kinds[0]} />
      </dl>
      {status === STATUS_ERROR && (
        <p className="facts-line is-error">
          <Icon name="error" />
          <span>
            {text.trace.statuses[STATUS_ERROR]}
            {span?.status?.message !== undefined && span.status.message !== '' && `: ${span.status.message}`}
          </span>
        </p>
      )}
      {(flags & FLAG_MISSING_PARENT) !== 0 && (
        <p className="facts-line is-warning">
          <Icon name="warning" />
          <span>
            {text.trace.missingParentMark}
            {span?.parentSpanId !== undefined && <code>{` (${span.parentSpanId})`}</code>}
          </span>
        </p>
      )}
      {skew !== SKEW_NONE && (
        <p className="facts-line is-warning">
          <Icon name="warning" />
          <span>{text.waterfall.skewReasons[skew]}</span>
        </p>
      )}
      {shift !== 0 && (
        <p className="facts-line">
          <Icon name="clock" />
          <span>{text.waterfall.shifted(formatDuration(Math.abs(shift)), shift > 0)}</span>
        </p>
      )}
    </div>
  );
}

function Fact(props: {
  readonly label: string;
  readonly value: string;
  readonly extra?: string;
  readonly hint?: string;
  readonly strong?: boolean;
}) {
  return (
    <div className="fact" title={props.hint}>
      <dt>{props.label}</dt>
      <dd className={props.strong === true ? 'is-strong' : ''}>
        {props.value}
        {props.extra !== undefined && props.extra !== '' && <small>{props.extra}</small>}
      </dd>
    </div>
  );
}
