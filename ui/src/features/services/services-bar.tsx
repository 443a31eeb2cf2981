import { useEffect, useRef, useState } from 'react';
import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';
import { useCommands } from '../../widgets/use-commands.ts';
import { TimeRangePicker } from '../search/time-range-picker.tsx';
import type { ServicesSearch } from './services-search.ts';

const words = text.services;
/** What is typed goes to the URL after a pause this long. */
const SETTLED_MS = 250;

/** List or map, part of the names, time. */
export function ServicesBar(props: {
  readonly search: ServicesSearch;
  readonly range: TimeRange;
  readonly count: { readonly shown: number; readonly all: number };
  readonly onChange: (change: Partial<Record<keyof ServicesSearch, string>>, replace?: boolean) => void;
}) {
  const { search, onChange } = props;
  const isMap = search.view === 'map';
  return (
    <search className="services-bar">
      <fieldset className="services-views">
        <legend className="visually-hidden">{words.views}</legend>
        {(['list', 'map'] as const).map((view) => (
          <button
            key={view}
            type="button"
            className="button"
            aria-pressed={isMap === (view === 'map')}
            onClick={() => onChange({ view: view === 'map' ? 'map' : '' })}
          >
            {words.view[view]}
          </button>
        ))}
      </fieldset>
      {!isMap && <FindField value={search.find ?? ''} onValue={(find) => onChange({ find }, true)} />}
      {!isMap && (
        <span className="services-count" role="status">
          {words.counted(props.count.shown, props.count.all)}
        </span>
      )}
      <TimeRangePicker range={props.range} onRange={({ from, to }) => onChange({ from, to })} />
    </search>
  );
}

function FindField({ value, onValue }: { readonly value: string; readonly onValue: (value: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(value);
  const latest = useRef(onValue);
  latest.current = onValue;
  useEffect(() => setDraft(value), [value]);
  useEffect(() => {
    if (draft.trim() === value) return;
    const timer = setTimeout(() => latest.current(draft.trim()), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [draft, value]);
  useCommands([
    { id: 'services.find', group: 'services', label: words.keys.find, keys: ['/'], run: () => field.current?.focus() },
  ]);
  return (
    <label className="services-find field" title={words.findHint}>
      <Icon name="search" />
      <span className="visually-hidden">{words.find}</span>
      <input
        ref={field}
        type="search"
        placeholder={words.find}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') latest.current(draft.trim());
        }}
      />
    </label>
  );
}
