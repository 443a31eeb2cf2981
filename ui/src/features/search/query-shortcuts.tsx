import { readShortcuts, type ShortcutChanges, type Shortcuts, withShortcuts } from '@clew/traceql';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { loadServices, type TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { formatDuration, tryParseDuration } from '../../text/format-duration.ts';
import { Icon } from '../../widgets/icon.tsx';

/** Controls that read the query text and write into it: text and controls never say different things. */
export function QueryShortcuts(props: {
  readonly query: string;
  readonly range: TimeRange;
  /** Runs the changed query. */
  readonly onQuery: (query: string) => void;
}) {
  const { query, range, onQuery } = props;
  const shortcuts = tryReadShortcuts(query);
  const services = useQuery({
    queryKey: ['services', range],
    queryFn: ({ signal }) => loadServices(range, signal),
    staleTime: 30_000,
  });
  const off = shortcuts === undefined;
  const change = (changes: ShortcutChanges): void => {
    const changed = withShortcuts(query, changes);
    onQuery(changed === '{ }' ? '' : changed);
  };
  const known = (services.data?.services ?? []).map((service) => service.name);
  const chosen = shortcuts?.service;
  const names = chosen === undefined || known.includes(chosen) ? known : [chosen, ...known];
  return (
    <fieldset className="shortcuts" disabled={off} title={off ? text.explore.shortcutsOff : undefined}>
      <legend className="visually-hidden">{text.explore.query}</legend>
      <select
        className="field shortcuts-service"
        aria-label={text.explore.service}
        value={chosen ?? ''}
        onChange={(event) => change({ service: event.target.value === '' ? undefined : event.target.value })}
      >
        <option value="">{text.explore.anyService}</option>
        {names
          .toSorted((a, b) => a.localeCompare(b))
          .map((name) => (
            <option key={name}>{name}</option>
          ))}
      </select>
      <span className="shortcuts-durations">
        <Icon name="clock" />
        <DurationField
          label={text.explore.minDurationLabel}
          placeholder={text.explore.minDuration}
          nanos={shortcuts?.minDurationNano}
          onNanos={(nanos) => change({ minDurationNano: nanos })}
        />
        <span aria-hidden="true">–</span>
        <DurationField
          label={text.explore.maxDurationLabel}
          placeholder={text.explore.maxDuration}
          nanos={shortcuts?.maxDurationNano}
          onNanos={(nanos) => change({ maxDurationNano: nanos })}
        />
      </span>
      <button
        type="button"
        className="button"
        aria-pressed={shortcuts?.onlyErrors === true}
        onClick={() => change({ onlyErrors: shortcuts?.onlyErrors !== true })}
      >
        <Icon name="error" />
        {text.explore.errorsOnly}
      </button>
    </fieldset>
  );
}

function tryReadShortcuts(query: string): Shortcuts | undefined {
  try {
    return readShortcuts(query);
  } catch {
    return undefined; // Text that is no query (yet): the controls wait.
  }
}

function DurationField(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly nanos: bigint | undefined;
  readonly onNanos: (nanos: bigint | undefined) => void;
}) {
  const written = props.nanos === undefined ? '' : formatDuration(Number(props.nanos));
  const [typed, setTyped] = useState(written);
  useEffect(() => setTyped(written), [written]);
  const parsed = tryParseDuration(typed);
  const invalid = typed.trim() !== '' && parsed === undefined;
  const commit = (): void => {
    if (invalid || typed === written) return;
    props.onNanos(parsed === undefined ? undefined : BigInt(Math.round(parsed)));
  };
  return (
    <input
      className="field duration-field"
      aria-label={props.label}
      aria-invalid={invalid}
      title={invalid ? text.explore.durationInvalid : props.label}
      placeholder={props.placeholder}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}
