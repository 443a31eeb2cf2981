import { TraceqlError } from '@clew/traceql';
import { type FormEvent, useState } from 'react';
import type { TimeRange } from '../../../client/api.ts';
import { text } from '../../../text/catalogue.ts';
import { Combobox } from '../../../widgets/combobox.tsx';
import { type ComparisonParts, parseCondition } from './chip-model.ts';
import { editableText, literalText, operatorsOf } from './literal-text.ts';
import { suggestKeys, suggestValues } from './suggest-parts.ts';

/** Key, operator and value of one condition, with what the store knows of both. */
export function FilterForm(props: {
  /** Undefined for a new one. */
  readonly parts: ComparisonParts | undefined;
  /** The query's other conditions: values are those of the spans that they find. */
  readonly others: string | undefined;
  readonly range: TimeRange;
  readonly onCondition: (condition: string) => void;
}) {
  const { parts, range } = props;
  const words = text.controls.filter;
  const [field, setField] = useState(parts?.field ?? '');
  const [operator, setOperator] = useState<string>(parts?.operator ?? '=');
  const [value, setValue] = useState(parts === undefined ? '' : editableText(parts.value));
  const [type, setType] = useState<string | undefined>(undefined);
  const [wrong, setWrong] = useState<string | undefined>(undefined);
  const operators = operatorsOf(field);
  const choose = (next: string): void => {
    setField(next);
    if (!operatorsOf(next).includes(operator)) setOperator(operatorsOf(next)[0]);
  };
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    const condition = `${field.trim()} ${operator} ${literalText(field.trim(), operator, value, type)}`;
    try {
      parseCondition(condition);
    } catch (error) {
      if (!(error instanceof TraceqlError)) throw error;
      setWrong([error.message, error.hint].filter((part) => part !== undefined).join(' '));
      return;
    }
    props.onCondition(condition);
  };
  return (
    <form className="filter-form" onSubmit={apply}>
      <Combobox
        label={words.key}
        placeholder={words.keyPlaceholder}
        value={field}
        focus={parts === undefined}
        loadOptions={(typed, signal) => suggestKeys(typed, range, signal)}
        onValue={choose}
        onPick={(option) => choose(option.value)}
      />
      <select
        className="field"
        aria-label={words.operator}
        value={operator}
        onChange={(event) => setOperator(event.target.value)}
      >
        {operators.map((one) => (
          <option key={one} value={one} title={words.operators[one]}>
            {one}
          </option>
        ))}
      </select>
      <Combobox
        label={words.value}
        placeholder={words.valuePlaceholder}
        value={value}
        focus={parts !== undefined}
        isWrong={wrong !== undefined}
        loadOptions={(typed, signal) => suggestValues(field, typed, props.others, range, signal)}
        onValue={(typed) => {
          setValue(typed);
          setType(undefined);
        }}
        onPick={(option) => {
          setValue(option.value);
          setType(option.type === 'keyword' ? undefined : option.type);
        }}
      />
      <button type="submit" className="button is-primary" disabled={field.trim() === ''}>
        {parts === undefined ? words.add : words.apply}
      </button>
      {wrong !== undefined && (
        <p className="filter-wrong" role="alert">
          {wrong}
        </p>
      )}
    </form>
  );
}
