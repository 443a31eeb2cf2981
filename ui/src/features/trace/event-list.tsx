import type { OtlpJsonSpan } from '@clew/contract';
import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { AttributeTable } from './attribute-table.tsx';
import { EXCEPTION_KEYS, eventsByTime, tryException } from './span-exceptions.ts';
import './event-list.css';

const SHOWN_APART: readonly string[] = [EXCEPTION_KEYS.type, EXCEPTION_KEYS.message, EXCEPTION_KEYS.stackTrace];

/** A span's events by time; stack traces have their own tab. */
export function EventList(props: { readonly span: OtlpJsonSpan; readonly onStack: () => void }) {
  const { span } = props;
  const events = eventsByTime(span);
  if (events.length === 0) return <p className="dock-none">{text.trace.dock.noEvents}</p>;
  const start = BigInt(span.startTimeUnixNano);
  return (
    <ol className="events">
      {events.map((event, index) => {
        const exception = tryException(event);
        const offset = formatDuration(Number(BigInt(event.timeUnixNano) - start));
        const attributes = event.attributes ?? [];
        const rest = exception === undefined ? attributes : attributes.filter(({ key }) => !SHOWN_APART.includes(key));
        return (
          <li key={index} className={`event${exception === undefined ? '' : ' is-exception'}`}>
            <h3>
              <span className="event-offset" title={text.trace.dock.seconds}>
                {text.trace.dock.atOffset(offset)}
              </span>
              <span>{event.name}</span>
            </h3>
            {exception !== undefined && (
              <p className="event-exception">
                <strong>{exception.type}</strong> {exception.message}{' '}
                {exception.stackTrace !== '' && (
                  <button type="button" className="link-button" onClick={props.onStack}>
                    {text.dock.tabs.stack}
                  </button>
                )}
              </p>
            )}
            {rest.length > 0 && (
              <AttributeTable attributes={rest} scope="event" dropped={event.droppedAttributesCount} />
            )}
          </li>
        );
      })}
    </ol>
  );
}
