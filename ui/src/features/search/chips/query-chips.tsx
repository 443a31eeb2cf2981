import { TraceqlError } from '@clew/traceql';
import { type FormEvent, useMemo, useState } from 'react';
import type { TimeRange } from '../../../client/api.ts';
import { text } from '../../../text/catalogue.ts';
import { Icon } from '../../../widgets/icon.tsx';
import { PopoverButton } from '../../../widgets/popover-button.tsx';
import { addChip, type Chip, negateChip, parseCondition, readChips, replaceChip } from './chip-model.ts';
import { FilterForm } from './filter-form.tsx';
import './query-chips.css';

/** The query's conditions one by one: to be changed, turned around and taken away without writing TraceQL. */
export function QueryChips(props: {
  readonly query: string;
  readonly range: TimeRange;
  /** Runs the changed query. */
  readonly onQuery: (query: string) => void;
}) {
  const { query, range, onQuery } = props;
  const words = text.controls.chips;
  const view = useMemo(() => readChips(query), [query]);
  if (view.kind === 'mistake') return null;
  if (view.kind === 'rich') {
    return (
      <p className="chips-rich">
        <Icon name="filter" />
        {words.rich}
      </p>
    );
  }
  return (
    <ul className="chips" aria-label={words.label}>
      {view.chips.map((chip, at) => (
        <li key={`${at} ${chip.text}`}>
          <ChipButton chip={chip} at={at} query={query} range={range} onQuery={onQuery} />
        </li>
      ))}
      <li>
        <PopoverButton
          className="button is-small chips-add"
          panelClass="chip-panel"
          label={words.add}
          caption={
            <>
              <Icon name="plus" />
              {words.add}
            </>
          }
        >
          {(close) => (
            <FilterForm
              key={query}
              parts={undefined}
              others={query === '' ? undefined : query}
              range={range}
              onCondition={(condition) => {
                close();
                onQuery(addChip(query, condition));
              }}
            />
          )}
        </PopoverButton>
      </li>
    </ul>
  );
}

function ChipButton(props: {
  readonly chip: Chip;
  readonly at: number;
  readonly query: string;
  readonly range: TimeRange;
  readonly onQuery: (query: string) => void;
}) {
  const { chip, at, query, range, onQuery } = props;
  const words = text.controls.chips;
  const others = replaceChip(query, at, undefined);
  return (
    <span className={`query-chip${chip.isNegative ? ' is-negative' : ''}`}>
      <PopoverButton
        className="query-chip-text"
        panelClass="chip-panel"
        label={words.edit(chip.text)}
        caption={
          <>
            {chip.isNegative && <Icon name="minus" />}
            <code>{chip.text}</code>
          </>
        }
      >
        {(close) => {
          const change = (next: string): void => {
            close();
            onQuery(next);
          };
          return (
            <>
              {chip.parts === undefined ? (
                <ConditionForm chip={chip} onCondition={(condition) => change(replaceChip(query, at, condition))} />
              ) : (
                <FilterForm
                  key={chip.text}
                  parts={chip.parts}
                  others={others === '' ? undefined : others}
                  range={range}
                  onCondition={(condition) => change(replaceChip(query, at, condition))}
                />
              )}
              <div className="chip-actions">
                <button type="button" className="button is-small" onClick={() => change(negateChip(query, at))}>
                  {chip.isNegative ? words.include : words.exclude}
                </button>
                <button type="button" className="button is-small" onClick={() => change(others)}>
                  {words.remove}
                </button>
              </div>
            </>
          );
        }}
      </PopoverButton>
      <button
        type="button"
        className="query-chip-close"
        aria-label={words.removeThis(chip.text)}
        title={words.removeThis(chip.text)}
        onClick={() => onQuery(others)}
      >
        <Icon name="close" />
      </button>
    </span>
  );
}

/** A condition that is more than key, operator and value, as text. */
function ConditionForm({ chip, onCondition }: { readonly chip: Chip; readonly onCondition: (text: string) => void }) {
  const [value, setValue] = useState(chip.text);
  const [wrong, setWrong] = useState<string | undefined>(undefined);
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    try {
      parseCondition(value);
    } catch (error) {
      if (!(error instanceof TraceqlError)) throw error;
      setWrong(error.message);
      return;
    }
    onCondition(value);
  };
  return (
    <form className="filter-form" onSubmit={apply}>
      <textarea
        className="field chip-text"
        rows={3}
        aria-label={text.controls.filter.condition}
        aria-invalid={wrong !== undefined}
        value={value}
        spellCheck={false}
        onChange={(event) => setValue(event.target.value)}
      />
      <button type="submit" className="button is-primary">
        {text.controls.filter.apply}
      </button>
      {wrong !== undefined && (
        <p className="filter-wrong" role="alert">
          {wrong}
        </p>
      )}
    </form>
  );
}
