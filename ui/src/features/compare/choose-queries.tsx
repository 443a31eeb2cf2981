import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { loadAttributeValues, type TimeRange } from '../../client/api.ts';
import { servicesQuery } from '../../client/services-query.ts';
import { text } from '../../text/catalogue.ts';
import { localInputValue, parseLocalInput, zoneLabel } from '../../text/format-time.ts';
import { Tabs } from '../../widgets/tabs.tsx';
import { TimeRangePicker } from '../search/time-range-picker.tsx';
import type { SideQuery } from './attribute-differences.tsx';
import { beforeAndAfter, goodAndBad, serviceQuery, twoVersions } from './preset-queries.ts';
import { type QueriesChange, QueriesForm } from './queries-form.tsx';

const PRESETS = ['moment', 'versions', 'errors', 'queries'] as const;
type Preset = (typeof PRESETS)[number];

const LENGTHS_MS = [5, 15, 30, 60, 180].map((minutes) => minutes * 60_000);

/** Two sets of traces: ways to say which. */
export function ChooseQueries(props: {
  readonly sides: readonly [SideQuery, SideQuery];
  readonly onCompare: (change: QueriesChange) => void;
}) {
  const { populations } = text.compare;
  const [preset, setPreset] = useState<Preset>(props.sides.some(({ query }) => query !== '') ? 'queries' : 'moment');
  const forms: Readonly<Record<Preset, ReactNode>> = {
    moment: <MomentForm onCompare={props.onCompare} />,
    versions: <VersionsForm onCompare={props.onCompare} />,
    errors: <ErrorsForm onCompare={props.onCompare} />,
    queries: <QueriesForm sides={props.sides} onCompare={props.onCompare} />,
  };
  return (
    <div className="compare-presets">
      <Tabs
        label={populations.presets}
        tabs={PRESETS.map((key) => ({ key, label: populations.preset[key] }))}
        chosen={preset}
        onChoose={setPreset}
      >
        <p className="muted">{populations.presetLead[preset]}</p>
        {forms[preset]}
      </Tabs>
    </div>
  );
}

interface FormProps {
  readonly onCompare: (change: QueriesChange) => void;
}

function MomentForm({ onCompare }: FormProps) {
  const { populations } = text.compare;
  const [service, setService] = useState('');
  const [moment, setMoment] = useState(() => localInputValue(Date.now() - 15 * 60_000));
  const [lengthMs, setLengthMs] = useState(LENGTHS_MS[1]);
  const momentMs = parseLocalInput(moment);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (momentMs !== undefined) onCompare(beforeAndAfter(serviceQuery(service), momentMs, lengthMs));
  };
  return (
    <form className="compare-preset" onSubmit={submit}>
      <ServiceField value={service} onChange={setService} all={populations.allServices} />
      <label>
        {`${populations.moment} (${zoneLabel()})`}
        <input
          className="field"
          type="datetime-local"
          step="1"
          value={moment}
          onChange={(event) => setMoment(event.target.value)}
        />
      </label>
      <label>
        {populations.length}
        <select className="field" value={lengthMs} onChange={(event) => setLengthMs(Number(event.target.value))}>
          {LENGTHS_MS.map((one) => (
            <option key={one} value={one}>
              {populations.minutes(one / 60_000)}
            </option>
          ))}
        </select>
      </label>
      <Submit disabled={momentMs === undefined} />
    </form>
  );
}

function VersionsForm({ onCompare }: FormProps) {
  const { populations } = text.compare;
  const [service, setService] = useState('');
  const [range, setRange] = useState<TimeRange>({ from: 'now-1h', to: 'now' });
  const [versions, setVersions] = useState<{ readonly a?: string; readonly b?: string }>({});
  const found = useQuery({
    queryKey: ['compare-versions', service, range],
    queryFn: ({ signal }) => loadAttributeValues('resource.service.version', '', serviceQuery(service), range, signal),
    enabled: service !== '',
  });
  const names = (found.data?.values ?? []).map(({ value }) => value);
  // The most frequent version is the one that runs; the next is what it is to be compared with.
  const a = versions.a ?? names[0] ?? '';
  const b = versions.b ?? names.find((name) => name !== a) ?? '';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (a !== '' && b !== '') onCompare({ ...twoVersions(service, a, b), from: range.from, to: range.to });
  };
  return (
    <form className="compare-preset" onSubmit={submit}>
      <ServiceField
        value={service}
        all={populations.chooseService}
        onChange={(next) => {
          setService(next);
          setVersions({});
        }}
      />
      <VersionField letter="A" names={names} value={a} onChange={(next) => setVersions({ a: next, b })} />
      <VersionField letter="B" names={names} value={b} onChange={(next) => setVersions({ a, b: next })} />
      <TimeRangePicker range={range} onRange={setRange} />
      <Submit disabled={a === '' || b === '' || a === b} />
      {found.data !== undefined && names.length < 2 && (
        <p className="compare-wide muted" role="status">
          {populations.fewVersions(names)}
        </p>
      )}
    </form>
  );
}

function ErrorsForm({ onCompare }: FormProps) {
  const { populations } = text.compare;
  const [service, setService] = useState('');
  const [range, setRange] = useState<TimeRange>({ from: 'now-1h', to: 'now' });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onCompare({ ...goodAndBad(serviceQuery(service)), from: range.from, to: range.to });
  };
  return (
    <form className="compare-preset" onSubmit={submit}>
      <ServiceField value={service} onChange={setService} all={populations.allServices} />
      <TimeRangePicker range={range} onRange={setRange} />
      <Submit disabled={false} />
    </form>
  );
}

function Submit({ disabled }: { readonly disabled: boolean }) {
  return (
    <button type="submit" className="button is-primary" disabled={disabled}>
      {text.compare.choose.compare}
    </button>
  );
}

function ServiceField(props: {
  readonly value: string;
  /** What no service means. */
  readonly all: string;
  readonly onChange: (service: string) => void;
}) {
  const services = useQuery(servicesQuery);
  return (
    <label>
      {text.compare.populations.service}
      <select className="field" value={props.value} onChange={(event) => props.onChange(event.target.value)}>
        <option value="">{props.all}</option>
        {(services.data?.services ?? []).map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function VersionField(props: {
  readonly letter: 'A' | 'B';
  readonly names: readonly string[];
  readonly value: string;
  readonly onChange: (version: string) => void;
}) {
  return (
    <label>
      {text.compare.populations.version(props.letter)}
      <select
        className="field"
        value={props.value}
        disabled={props.names.length === 0}
        onChange={(event) => props.onChange(event.target.value)}
      >
        {props.names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
