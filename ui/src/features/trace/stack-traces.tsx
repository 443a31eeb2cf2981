import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { CopyButton } from '../../widgets/copy-button.tsx';
import type { SpanException } from './span-exceptions.ts';

/** The exceptions of a span with their stack traces, as one can read and copy them. */
export function StackTraces(props: { readonly exceptions: readonly SpanException[]; readonly startUnixNano: string }) {
  if (props.exceptions.length === 0) return <p className="dock-none">{text.dock.stack.none}</p>;
  const start = BigInt(props.startUnixNano);
  return (
    <ol className="events">
      {props.exceptions.map((exception, index) => {
        const { type, message, stackTrace, escaped, event } = exception;
        const offset = formatDuration(Number(BigInt(event.timeUnixNano) - start));
        return (
          <li key={index} className="event is-exception">
            <p className="event-exception">
              <strong>{type}</strong>
              {type !== '' && message !== '' && ': '}
              {message}
            </p>
            <p className="stack-head">
              <span className="event-offset" title={text.trace.dock.seconds}>
                {text.trace.dock.atOffset(offset)}
              </span>
              {escaped && <span>{text.dock.stack.escaped}</span>}
              {stackTrace !== '' && (
                <CopyButton value={stackTrace} label={text.dock.stack.copy} caption={text.shell.copy} />
              )}
            </p>
            {stackTrace === '' ? (
              <p className="dock-none">{text.dock.stack.noStack}</p>
            ) : (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so from the keyboard.
              <pre className="stack-text" tabIndex={0}>
                {stackTrace}
              </pre>
            )}
          </li>
        );
      })}
    </ol>
  );
}
