import type { TailTrace } from '@clew/contract';
import { memo, useMemo, useRef, useState } from 'react';
import { text } from '../../../text/catalogue.ts';
import { assignServiceColours } from '../../../timeline/service-colours.ts';
import { Icon } from '../../../widgets/icon.tsx';
import { useNow } from '../../../widgets/use-now.ts';
import { selectColumns } from '../found/columns.ts';
import { SpanRows } from '../found/span-rows.tsx';
import { stepRow } from '../found/step-row.ts';
import { useResultCommands } from '../found/use-result-commands.ts';
import { ResultRow } from '../result-row.tsx';
import { servicesBySpans } from '../sort-traces.ts';
import { LIVE_SPANS_PER_TRACE, liveSpans } from './live-spans.ts';
import { useLiveTail } from './use-live-tail.ts';
import './live-results.css';

const Row = memo(ResultRow);

interface LiveProps {
  readonly query: string;
  readonly hasSets: boolean;
  /** Of spans, where they are the rows; traces are where it is left out. */
  readonly columns: readonly string[] | undefined;
  readonly onColumns: (columns: readonly string[]) => void;
}

/** Traces, or their matching spans, as they arrive. Whoever points at the list, or has a row in focus, holds it still. */
export function LiveResults(props: LiveProps) {
  const { columns } = props;
  const words = text.controls.live;
  const [isPaused, setPaused] = useState(false);
  const [isLookedAt, setLookedAt] = useState(false);
  const [hasFocus, setFocus] = useState(false);
  const isHeld = isPaused || isLookedAt || hasFocus;
  const asked = columns === undefined ? props.query : selectColumns(props.query, columns);
  const tail = useLiveTail(asked, isHeld, columns === undefined ? 1 : LIVE_SPANS_PER_TRACE);
  const list = useRef<HTMLDivElement>(null);
  const nowMs = useNow(1_000);
  const services = servicesBySpans(tail.traces).join('\n');
  const colours = useMemo(() => assignServiceColours(services === '' ? [] : services.split('\n')), [services]);
  const longestNano = tail.traces.reduce((longest, trace) => Math.max(longest, Number(trace.durationNano)), 0);
  useResultCommands({ step: (direction) => stepRow(list.current, direction) });
  const status =
    tail.state === 'open'
      ? isHeld
        ? words.held
        : words.connected
      : tail.state === 'lost'
        ? words.lost
        : words.connecting;
  return (
    <section className="live-results" aria-label={columns === undefined ? words.label : words.spansLabel}>
      <header className="live-head">
        <p className={`live-state is-${tail.state}${isHeld ? ' is-held' : ''}`} role="status">
          <span className="live-mark" aria-hidden="true" />
          {status}
        </p>
        <button
          type="button"
          className="button is-small"
          aria-pressed={isPaused}
          onClick={() => setPaused((now) => !now)}
        >
          {isPaused ? words.resume : words.pause}
        </button>
        {tail.waitingCount > 0 && (
          <button type="button" className="button is-small is-primary" onClick={tail.showAll}>
            <Icon name="chevronUp" />
            {words.fresh(tail.waitingCount)}
          </button>
        )}
      </header>
      {tail.problem !== undefined && (
        <p className="live-note is-problem" role="alert">
          {words.problem(tail.problem.detail)}
        </p>
      )}
      {tail.skippedCount > 0 && <p className="live-note">{words.skipped(tail.skippedCount)}</p>}
      {tail.droppedCount > 0 && <p className="live-note">{words.dropped(tail.droppedCount)}</p>}
      {tail.traces.length === 0 && tail.problem === undefined && <p className="live-waiting">{words.waiting}</p>}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only waits while somebody is at its rows, which are the controls. */}
      <div
        ref={list}
        onPointerEnter={() => setLookedAt(true)}
        onPointerLeave={() => setLookedAt(false)}
        onFocus={() => setFocus(true)}
        onBlur={() => setFocus(false)}
      >
        {columns === undefined ? (
          <ol>
            {tail.traces.map((trace) => (
              <Row
                key={trace.traceId}
                trace={trace}
                colours={colours}
                longestNano={longestNano}
                nowMs={Math.floor(nowMs / 5_000) * 5_000}
                filtered={props.query !== ''}
                hasSets={props.hasSets}
              />
            ))}
          </ol>
        ) : (
          <Spans traces={tail.traces} columns={columns} nowMs={nowMs} onColumns={props.onColumns} />
        )}
      </div>
    </section>
  );
}

function Spans(props: {
  readonly traces: readonly TailTrace[];
  readonly columns: readonly string[];
  readonly nowMs: number;
  readonly onColumns: (columns: readonly string[]) => void;
}) {
  const { traces, columns } = props;
  const { rows, omittedCount } = useMemo(() => liveSpans(traces), [traces]);
  if (rows.length === 0) return null;
  return (
    <>
      {omittedCount > 0 && <p className="live-note">{text.controls.live.omittedSpans(omittedCount)}</p>}
      <SpanRows
        spans={rows}
        columns={columns}
        nowMs={props.nowMs}
        isStale={false}
        onRemoveColumn={(name) => props.onColumns(columns.filter((one) => one !== name))}
      />
    </>
  );
}
