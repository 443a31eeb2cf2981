import type { FoundTrace } from '@clew/contract';
import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { formatInstant, millisOfNanos } from '../../text/format-time.ts';
import { sideName } from './side-letter.tsx';

/** A trace that may be taken as a side. */
export function TraceOption(props: {
  readonly trace: FoundTrace;
  /** Why it is offered: "Median". */
  readonly label?: string;
  readonly letters: readonly ('A' | 'B')[];
  /** The letters it is already taken as. */
  readonly taken?: readonly ('A' | 'B')[];
  readonly onTake: (letter: 'A' | 'B') => void;
}) {
  const { trace } = props;
  const name = trace.rootName === '' ? text.compare.noRoot : trace.rootName;
  const startMs = millisOfNanos(trace.startTimeUnixNano);
  return (
    <li className="compare-option">
      <span className="compare-option-buttons">
        {props.letters.map((letter) => (
          <button
            key={letter}
            type="button"
            className="button is-small"
            aria-pressed={props.taken === undefined ? undefined : props.taken.includes(letter)}
            aria-label={text.compare.choose.as(
              letter,
              `${trace.rootService} ${name} ${formatDuration(Number(trace.durationNano))}`,
            )}
            onClick={() => props.onTake(letter)}
          >
            {sideName(letter)}
          </button>
        ))}
      </span>
      <strong>{props.label}</strong>
      <span className="compare-option-name">
        {trace.rootService !== '' && <span className="muted">{trace.rootService} </span>}
        {name}
      </span>
      <span className="compare-option-figure">{formatDuration(Number(trace.durationNano))}</span>
      <span className="compare-option-figure is-spans muted">{text.trace.spans(trace.spanCount)}</span>
      <span className="compare-option-figure is-error">
        {trace.errorCount > 0 ? text.trace.errors(trace.errorCount) : ''}
      </span>
      <time className="muted" dateTime={new Date(startMs).toISOString()}>
        {formatInstant(startMs)}
      </time>
    </li>
  );
}
