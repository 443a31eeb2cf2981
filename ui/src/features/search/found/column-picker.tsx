import { type FormEvent, useState } from 'react';
import type { TimeRange } from '../../../client/api.ts';
import { text } from '../../../text/catalogue.ts';
import { Combobox } from '../../../widgets/combobox.tsx';
import { Icon } from '../../../widgets/icon.tsx';
import { IconButton } from '../../../widgets/icon-button.tsx';
import { PopoverButton } from '../../../widgets/popover-button.tsx';
import { suggestKeys } from '../chips/suggest-parts.ts';
import { isColumn, MAX_COLUMNS } from './columns.ts';

/** Which attributes are columns of the span rows. */
export function ColumnPicker(props: {
  readonly columns: readonly string[];
  readonly range: TimeRange;
  readonly onColumns: (columns: readonly string[]) => void;
}) {
  const { columns } = props;
  const words = text.found.columns;
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  const isFull = columns.length >= MAX_COLUMNS;
  const add = (name: string): void => {
    const isGood = isColumn(name.trim());
    setWrong(!isGood);
    if (!isGood) return;
    setTyped('');
    if (!columns.includes(name.trim())) props.onColumns([...columns, name.trim()]);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add(typed);
  };
  return (
    <PopoverButton
      className="button is-small"
      panelClass="column-panel"
      label={words.label}
      caption={
        <>
          <Icon name="compare" />
          {words.caption(columns.length)}
        </>
      }
    >
      {() => (
        <>
          <form className="column-form" onSubmit={submit}>
            <Combobox
              label={words.add}
              placeholder={words.placeholder}
              value={typed}
              isWrong={isWrong}
              loadOptions={(wanted, signal) => suggestKeys(wanted, props.range, signal)}
              onValue={(value) => {
                setTyped(value);
                setWrong(false);
              }}
              onPick={(option) => add(option.value)}
            />
            <button type="submit" className="button" disabled={isFull || typed.trim() === ''}>
              {words.addShort}
            </button>
          </form>
          {isFull && <p className="is-muted">{words.full(MAX_COLUMNS)}</p>}
          {isWrong && (
            <p className="filter-wrong" role="alert">
              {words.wrong}
            </p>
          )}
          <ul className="column-list">
            {columns.map((name) => (
              <li key={name}>
                <code>{name}</code>
                <IconButton
                  icon="close"
                  label={words.remove(name)}
                  onClick={() => props.onColumns(columns.filter((one) => one !== name))}
                />
              </li>
            ))}
          </ul>
        </>
      )}
    </PopoverButton>
  );
}
