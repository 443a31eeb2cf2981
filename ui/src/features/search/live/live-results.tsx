import { memo, useMemo, useRef, useState } from 'react';
import { text } from '../../../text/catalogue.ts';
import { assignServiceColours } from '../../../timeline/service-colours.ts';
import { Icon } from '../../../widgets/icon.tsx';
import { useNow } from '../../../widgets/use-now.ts';
import { stepRow } from '../found/step-row.ts';
import { useResultCommands } from '../found/use-result-commands.ts';
import { ResultRow } from '../result-row.tsx';
import { servicesBySpans } from '../sort-traces.ts';
import { useLiveTail } from './use-live-tail.ts';
import './live-results.css';

const Row = memo(ResultRow);

/** Traces as they arrive. Whoever points at the list, or has a row in focus, holds it still. */
export function LiveResults(props: { readonly query: string; readonly hasSets: boolean }) {
  const words = text.controls.live;
  const [isPaused, setPaused] = useState(false);
  const [isLookedAt, setLookedAt] = useState(false);
  const [hasFocus, setFocus] = useState(false);
  const isHeld = isPaused || isLookedAt || hasFocus;
  const tail = useLiveTail(props.query, isHeld);
  const list = useRef<HTMLOListElement>(null);
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
    <section className="live-results" aria-label={words.label}>
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
      <ol
        ref={list}
        onPointerEnter={() => setLookedAt(true)}
        onPointerLeave={() => setLookedAt(false)}
        onFocus={() => setFocus(true)}
        onBlur={() => setFocus(false)}
      >
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
    </section>
  );
}
