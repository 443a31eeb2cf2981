import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import './combobox.css';

export interface ComboboxOption {
  readonly value: string;
  /** Beside it, such as how often it occurs. */
  readonly note?: string;
  /** Kept for who picks it. */
  readonly type?: string;
}

const DEBOUNCE_MS = 120;

/** A field with a list of what could stand in it, by the ARIA pattern: arrows choose, Enter takes, Escape closes. */
export function Combobox(props: {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly isWrong?: boolean;
  readonly focus?: boolean;
  /** What the list shows for a text; called a moment after the last key. */
  readonly loadOptions: (typed: string, signal: AbortSignal) => Promise<readonly ComboboxOption[]>;
  readonly onValue: (value: string) => void;
  readonly onPick: (option: ComboboxOption) => void;
}) {
  const { value } = props;
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const options = useOptions(isOpen, value, props.loadOptions);
  useEffect(() => {
    // The attribute itself: a popover focuses by it when it opens.
    field.current?.toggleAttribute('autofocus', props.focus === true);
  }, [props.focus]);
  const shown = isOpen && options.length > 0;
  const pick = (option: ComboboxOption): void => {
    setOpen(false);
    setAt(-1);
    props.onPick(option);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setOpen(true);
      if (options.length > 0)
        setAt((now) => (now + step + options.length + (now < 0 && step < 0 ? 1 : 0)) % options.length);
    } else if (event.key === 'Enter' && shown && at >= 0) {
      event.preventDefault();
      pick(options[Math.min(at, options.length - 1)]);
    } else if (event.key === 'Escape' && shown) {
      // Closes the list alone, not the panel around it.
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    }
  };
  return (
    <div className="combobox">
      <input
        ref={field}
        className="field"
        role="combobox"
        aria-label={props.label}
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={shown && at >= 0 ? `${id}-${at}` : undefined}
        aria-invalid={props.isWrong === true}
        autoCapitalize="off"
        autoComplete="off"
        spellCheck={false}
        placeholder={props.placeholder}
        value={value}
        onChange={(event) => {
          setOpen(true);
          setAt(-1);
          props.onValue(event.target.value);
        }}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={press}
      />
      <div id={`${id}-list`} role="listbox" aria-label={props.label} className="combobox-list" hidden={!shown}>
        {shown &&
          options.map((option, place) => (
            <div
              key={`${option.type ?? ''} ${option.value}`}
              id={`${id}-${place}`}
              ref={(element) => {
                if (place === at) element?.scrollIntoView({ block: 'nearest' });
              }}
              role="option"
              aria-selected={place === at}
              tabIndex={-1}
              className="combobox-option"
              // Before the field loses the focus, which closes the list.
              onPointerDown={(event) => {
                event.preventDefault();
                pick(option);
              }}
            >
              <span>{option.value}</span>
              {option.note !== undefined && <span className="is-muted">{option.note}</span>}
            </div>
          ))}
      </div>
    </div>
  );
}

const NOTHING = { typed: '', options: [] };

function useOptions(
  isOpen: boolean,
  typed: string,
  loadOptions: (typed: string, signal: AbortSignal) => Promise<readonly ComboboxOption[]>,
): readonly ComboboxOption[] {
  const [loaded, setLoaded] = useState<{ readonly typed: string; readonly options: readonly ComboboxOption[] }>(
    NOTHING,
  );
  const load = useRef(loadOptions);
  load.current = loadOptions;
  useEffect(() => {
    if (!isOpen) return;
    const leaving = new AbortController();
    const timer = setTimeout(() => {
      // Suggestions are help: without an answer the field goes on working.
      load
        .current(typed, leaving.signal)
        .then((options) => !leaving.signal.aborted && setLoaded({ typed, options }))
        .catch(() => undefined);
    }, DEBOUNCE_MS);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [isOpen, typed]);
  if (loaded.typed === typed) return loaded.options;
  // Until the answer for this text is there, what still fits of the one before.
  const wanted = typed.trim().toLowerCase();
  return loaded.options.filter(({ value }) => value.toLowerCase().includes(wanted));
}
