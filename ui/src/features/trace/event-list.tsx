import type { OtlpJsonAttribute, OtlpJsonSpan } from '@clew/contract';
import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { AttributeTable } from './attribute-table.tsx';
import { valueText } from './attribute-value.ts';
import './event-list.css';

/** OpenTelemetry semantic conventions, "Exceptions on spans". */
const STACK_TRACE = 'exception.stacktrace';
const EXCEPTION_TYPE = 'exception.type';
const EXCEPTION_MESSAGE = 'exception.message';

/** A span's events by time, exceptions with a stack trace one can read. */
export function EventList({ span }: { readonly span: OtlpJsonSpan }) {
  const events = (span.events ?? []).toSorted((a, b) => Number(BigInt(a.timeUnixNano) - BigInt(b.timeUnixNano)));
  if (events.length === 0) return <p className="dock-none">{text.trace.dock.noEvents}</p>;
  const start = BigInt(span.startTimeUnixNano);
  return (
    <ol className="events">
      {events.map((event, index) => {
        const attributes = event.attributes ?? [];
        const stack = textOf(attributes, STACK_TRACE);
        const type = textOf(attributes, EXCEPTION_TYPE);
        const offset = formatDuration(Number(BigInt(event.timeUnixNano) - start));
        const rest = attributes.filter(
          ({ key }) => type === '' || ![STACK_TRACE, EXCEPTION_TYPE, EXCEPTION_MESSAGE].includes(key),
        );
        return (
          <li key={index} className={`event${type === '' ? '' : ' is-exception'}`}>
            <h3>
              <span className="event-offset" title={text.trace.dock.seconds}>
                {text.trace.dock.atOffset(offset)}
              </span>
              <span>{event.name}</span>
            </h3>
            {type !== '' && (
              <p className="event-exception">
                <strong>{type}</strong> {textOf(attributes, EXCEPTION_MESSAGE)}
              </p>
            )}
            {stack !== '' && (
              <div className="stack">
                <CopyButton value={stack} label={text.trace.dock.copyValue(STACK_TRACE)} />
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so from the keyboard. */}
                <pre tabIndex={0}>{stack}</pre>
              </div>
            )}
            {rest.length > 0 && <AttributeTable attributes={rest} dropped={event.droppedAttributesCount} />}
          </li>
        );
      })}
    </ol>
  );
}

function textOf(attributes: readonly OtlpJsonAttribute[], key: string): string {
  const found = attributes.find((attribute) => attribute.key === key);
  return found === undefined ? '' : valueText(found.value);
}
