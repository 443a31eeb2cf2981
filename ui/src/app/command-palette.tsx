import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { servicesQuery } from '../client/services-query.ts';
import { spansQuery } from '../features/services/explore-queries.ts';
import { readRecentTraces } from '../features/trace/recent-traces.ts';
import { text } from '../text/catalogue.ts';
import { availableCommands, commandsVersion, watchCommands } from '../widgets/command.ts';
import { Icon } from '../widgets/icon.tsx';
import { KeyCaps } from '../widgets/key-caps.tsx';
import { readKeptQueries } from './kept-queries.ts';
import { type PaletteAnswer, type PaletteEntry, paletteEntries } from './palette-entries.ts';
import { useModal } from './use-modal.ts';
import './command-palette.css';

/** Everything there is, found by typing: commands of the page, pages, services, recent traces, a pasted trace id. */
export function CommandPalette({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { dialog, close, events } = useModal(open, onClose);
  const run = (entry: PaletteEntry): void => {
    // Closed first: the focus goes back to where it was, and from there where the command wants it.
    close();
    entry.run();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the backdrop is for the pointer; Escape closes it from the keyboard.
    <dialog
      ref={dialog}
      className="palette"
      aria-label={text.commands.palette}
      {...events}
      onClick={(event) => event.target === dialog.current && close()}
    >
      {open && <PaletteSearch onRun={run} />}
    </dialog>
  );
}

function PaletteSearch({ onRun }: { readonly onRun: (entry: PaletteEntry) => void }) {
  const id = useId();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const { entries, note } = usePaletteEntries(typed);
  const at = Math.min(active, entries.length - 1);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const press = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && entries.length > 0) {
      event.preventDefault();
      setActive((at + step + entries.length) % entries.length);
    } else if (event.key === 'Enter' && at >= 0) {
      event.preventDefault();
      onRun(entries[at]);
    }
  };
  return (
    <>
      <div className="palette-field">
        <Icon name="search" />
        <input
          // biome-ignore lint/a11y/noAutofocus: it is why the palette was opened.
          autoFocus
          role="combobox"
          aria-label={text.commands.palette}
          aria-expanded={entries.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder={text.shell.palettePlaceholder}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setActive(0);
          }}
          onKeyDown={press}
        />
      </div>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={text.commands.palette} className="palette-list">
        {entries.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the field's.
          <div
            key={entry.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            tabIndex={-1}
            className="palette-entry"
            onPointerMove={() => setActive(index)}
            onClick={() => onRun(entry)}
          >
            <span className="palette-label">{entry.label}</span>
            <span className="palette-hint">{entry.hint}</span>
            <span className="palette-keys">
              {entry.keys.slice(0, 1).map((keys) => (
                <KeyCaps key={keys} keys={keys} />
              ))}
            </span>
          </div>
        ))}
      </div>
      {entries.length === 0 && <p className="palette-none">{text.shell.paletteNone}</p>}
      {note !== '' && <p className="palette-note">{note}</p>}
      <p className="visually-hidden" aria-live="polite">
        {`${text.shell.paletteCount(entries.length)} ${note}`}
      </p>
    </>
  );
}

function usePaletteEntries(typed: string): Pick<PaletteAnswer, 'entries'> & { readonly note: string } {
  const navigate = useNavigate();
  const version = useSyncExternalStore(watchCommands, commandsVersion);
  const recent = useMemo(() => ({ traces: readRecentTraces(), queries: readKeptQueries() }), []);
  const commands = useMemo(() => availableCommands(), [version]);
  const { data, isError } = useQuery(servicesQuery);
  const services = useMemo(() => (data?.services ?? []).map(({ name }) => name), [data]);
  const { entries, omittedServices } = paletteEntries(
    {
      commands,
      services,
      ...recent,
      openTrace: (traceId, span) =>
        void navigate({ to: '/trace/$traceId', params: { traceId }, search: span === undefined ? {} : { span } }),
      openQuery: (query) => void navigate({ to: '/explore', search: { q: query } }),
      openService: (name) => void navigate({ to: '/services/$name', params: { name } }),
      openTracesOf: (service) => void navigate({ to: '/explore', search: { q: spansQuery({ service }) } }),
    },
    typed,
  );
  const notes = [
    ...(omittedServices > 0 ? [text.shell.paletteMoreServices(omittedServices)] : []),
    ...(isError && typed.trim() !== '' ? [text.shell.paletteNoServices] : []),
  ];
  return { entries, note: notes.join(' ') };
}
