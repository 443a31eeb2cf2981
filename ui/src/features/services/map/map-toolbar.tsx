import { useId, useState } from 'react';
import { text } from '../../../text/catalogue.ts';
import { Icon } from '../../../widgets/icon.tsx';
import { formatOpenGroups, GROUPINGS, type ServicesSearch } from '../services-search.ts';
import type { MapGraph } from './map-graph.ts';
import type { ShownGraph } from './shown-graph.ts';

const words = text.services.map;
/** Names offered by the search box. */
const MAX_OFFERED = 1_000;

/** Look for a service, how far around it, and how the others are grouped. */
export function MapToolbar(props: {
  readonly whole: MapGraph;
  readonly shown: ShownGraph;
  readonly search: ServicesSearch;
  readonly open: readonly string[];
  readonly onChange: (change: Partial<Record<keyof ServicesSearch, string>>) => void;
}) {
  const { shown, search, open, onChange } = props;
  const focus = props.whole.nodes.find(({ id }) => id === shown.focus);
  return (
    <div className="map-toolbar">
      <NodeSearch whole={props.whole} onNode={(id) => onChange({ focus: id })} />
      {focus === undefined ? (
        <label className="map-choice">
          {words.grouping}
          <select
            className="field"
            value={search.groups ?? 'auto'}
            onChange={(event) => onChange({ groups: event.target.value })}
          >
            {GROUPINGS.map((grouping) => (
              <option key={grouping} value={grouping}>
                {words.groups[grouping]}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <>
          <strong className="map-focus">{words.focusOf(focus.name)}</strong>
          <fieldset className="services-views">
            <legend className="visually-hidden">{words.distance}</legend>
            {([1, 2] as const).map((hops) => (
              <button
                key={hops}
                type="button"
                className="button"
                aria-pressed={(search.hops === '2') === (hops === 2)}
                onClick={() => onChange({ hops: hops === 2 ? '2' : '' })}
              >
                {words.neighbours(hops)}
              </button>
            ))}
          </fieldset>
          <button type="button" className="button" onClick={() => onChange({ focus: '', hops: '' })}>
            {words.clearFocus}
          </button>
        </>
      )}
      {shown.grouped.groups > 0 && (
        <span className="services-count" role="status">
          {words.grouped(shown.grouped.groups, shown.grouped.services)}
        </span>
      )}
      {focus === undefined && open.length > 0 && <OpenGroups open={open} onChange={onChange} />}
    </div>
  );
}

/** Groups that are opened, to be closed. */
function OpenGroups(props: {
  readonly open: readonly string[];
  readonly onChange: (change: { readonly open: string }) => void;
}) {
  const { open, onChange } = props;
  return (
    <ul className="map-open" aria-label={words.opened}>
      {open.map((name) => (
        <li key={name}>
          <button
            type="button"
            className="button is-small"
            aria-label={words.closeGroup(name)}
            onClick={() => onChange({ open: formatOpenGroups(open.filter((one) => one !== name)) })}
          >
            {name}
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A name typed or chosen in full leads to the surroundings of its node. */
function NodeSearch({ whole, onNode }: { readonly whole: MapGraph; readonly onNode: (id: string) => void }) {
  const list = useId();
  const [typed, setTyped] = useState('');
  const find = (name: string): string | undefined => whole.nodes.find((node) => node.name === name)?.id;
  const type = (name: string): void => {
    const id = find(name);
    setTyped(id === undefined ? name : '');
    if (id !== undefined) onNode(id);
  };
  const choose = (): void => {
    const wanted = typed.trim().toLowerCase();
    const first = wanted === '' ? undefined : whole.nodes.find((node) => node.name.toLowerCase().includes(wanted));
    if (first === undefined) return;
    setTyped('');
    onNode(first.id);
  };
  return (
    <label className="services-find field">
      <Icon name="search" />
      <span className="visually-hidden">{text.services.find}</span>
      <input
        type="search"
        list={list}
        placeholder={text.services.find}
        value={typed}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') choose();
        }}
      />
      <datalist id={list}>
        {whole.nodes.slice(0, MAX_OFFERED).map(({ id, name }) => (
          <option key={id} value={name} />
        ))}
      </datalist>
    </label>
  );
}
