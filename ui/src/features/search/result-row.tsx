import type { FoundTrace } from '@clew/contract';
import { Link } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { formatCompact } from '../../text/format-count.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { formatAgo, formatInstant, formatShortInstant, millisOfNanos } from '../../text/format-time.ts';
import type { ServiceColour } from '../../timeline/service-colours.ts';
import { Icon } from '../../widgets/icon.tsx';
import { ServiceDot } from '../../widgets/service-dot.tsx';
import { SpansetList } from './spanset-list.tsx';
import './result-list.css';

const SERVICES_SHOWN = 6;

/** One found trace; the whole row is its link. */
export function ResultRow(props: {
  readonly trace: FoundTrace;
  readonly colours: ReadonlyMap<string, ServiceColour>;
  /** Of the longest trace in the list, nanoseconds. */
  readonly longestNano: number;
  readonly nowMs: number;
  /** Whether the query asks for something: then it matters how many spans match. */
  readonly filtered: boolean;
  /** The query groups, relates or selects spans: what it found is shown. */
  readonly hasSets: boolean;
  /** Chosen to be compared. */
  readonly isPicked?: boolean;
  /** Absent where rows are not picked. */
  readonly onPick?: (traceId: string) => void;
}) {
  const { trace, colours, nowMs, onPick } = props;
  const startMs = millisOfNanos(trace.startTimeUnixNano);
  const durationNano = Number(trace.durationNano);
  const root = colours.get(trace.rootService);
  const hidden = trace.services.length - SERVICES_SHOWN;
  const first = trace.matched[0];
  return (
    <li className={`result${trace.errorCount > 0 ? ' has-error' : ''}`}>
      {onPick !== undefined && (
        <label className="result-pick" title={text.found.compare.pick}>
          <input
            type="checkbox"
            checked={props.isPicked === true}
            aria-label={text.found.compare.pickOf(trace.rootName === '' ? trace.traceId : trace.rootName)}
            onChange={() => onPick(trace.traceId)}
          />
        </label>
      )}
      <div className="result-what">
        <p className="result-title">
          {root !== undefined && <ServiceDot colour={root.colour} monogram={root.monogram} />}
          <Link
            to="/trace/$traceId"
            params={{ traceId: trace.traceId }}
            {...(props.filtered && first !== undefined ? { search: { span: first.spanId } } : {})}
            className="result-link"
            data-trace={trace.traceId}
            preload={false}
          >
            {trace.rootService !== '' && <span className="result-service">{trace.rootService}</span>}
            <span className={trace.rootName === '' ? 'is-muted' : ''}>
              {trace.rootName === '' ? text.explore.results.noRoot : trace.rootName}
            </span>
          </Link>
          {trace.errorCount > 0 && (
            <span className="chip is-error">
              <Icon name="error" />
              {text.explore.results.errorCount(trace.errorCount)}
            </span>
          )}
        </p>
        <p className="result-services">
          <span className="result-chips">
            {trace.services.slice(0, SERVICES_SHOWN).map((service) => {
              const colour = colours.get(service.name) ?? { colour: 0, monogram: '' };
              return (
                <span key={service.name} className="result-chip">
                  <ServiceDot colour={colour.colour} monogram={colour.monogram} />
                  {service.name}
                  <span className="is-muted">{formatCompact(service.spanCount)}</span>
                </span>
              );
            })}
          </span>
          {hidden > 0 && <span className="is-muted">{text.explore.results.moreServices(hidden)}</span>}
        </p>
      </div>
      <div className="result-duration">
        <span className="result-bar">
          <i
            ref={(element) => {
              const part = props.longestNano > 0 ? durationNano / props.longestNano : 0;
              element?.style.setProperty('width', `${Math.max(0.5, part * 100)}%`);
            }}
          />
        </span>
        <span>{formatDuration(durationNano)}</span>
      </div>
      <div className="result-count">
        <span>{text.explore.results.spans(trace.spanCount)}</span>
        {props.filtered && (
          <span className="result-matched" title={text.explore.results.matchedHint(trace.matchedCount)}>
            {text.explore.results.matched(trace.matchedCount)}
          </span>
        )}
      </div>
      <time className="result-time" dateTime={new Date(startMs).toISOString()} title={formatInstant(startMs)}>
        <span>{formatAgo(startMs, nowMs)}</span>
        <span className="is-muted">{formatShortInstant(startMs, nowMs)}</span>
      </time>
      {props.hasSets && <SpansetList traceId={trace.traceId} spansets={trace.spansets} />}
    </li>
  );
}
