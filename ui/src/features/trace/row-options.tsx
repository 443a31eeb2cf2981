import { useId, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { Icon } from '../../widgets/icon.tsx';
import { IconButton } from '../../widgets/icon-button.tsx';
import { PopoverButton } from '../../widgets/popover-button.tsx';
import type { ColumnChoice } from './attribute-actions.tsx';
import { AttributeNameField } from './attribute-name-field.tsx';
import type { TraceSearch } from './trace-search.ts';
import { useTraceSource } from './trace-source.ts';
import './row-options.css';

interface RowOptionsProps {
  readonly trace: TraceModel;
  readonly search: TraceSearch;
  readonly columns: ColumnChoice;
  readonly onChange: (change: { [Name in 'color' | 'group' | 'self' | 'adjust']?: string | undefined }) => void;
}

/** How rows are shown: colour, columns, grouping, self time, clocks. All of it is in the address. */
export function RowOptions(props: RowOptionsProps) {
  return (
    <PopoverButton
      className="button is-quiet is-small"
      panelClass="row-options"
      label={text.waterfall.options.label}
      caption={
        <>
          <Icon name="column" />
          <span className="trace-action-text">{text.waterfall.options.button}</span>
        </>
      }
    >
      {() => (
        <>
          <ColourChoice {...props} />
          <ColumnList {...props} />
          <Switches {...props} />
        </>
      )}
    </PopoverButton>
  );
}

const FIXED = ['service', 'kind', 'status'] as const;

function ColourChoice({ search, onChange }: RowOptionsProps) {
  const { loadValues } = useTraceSource();
  const name = useId();
  const by = search.color ?? 'service';
  const isAttribute = !FIXED.some((fixed) => fixed === by);
  const [isChoosing, setChoosing] = useState(isAttribute);
  const chosen = isAttribute || isChoosing ? 'attribute' : by;
  return (
    <fieldset>
      <legend>{text.waterfall.options.colour}</legend>
      {[...FIXED, 'attribute' as const].map((option) => (
        <label key={option} className="row-option">
          <input
            type="radio"
            name={name}
            checked={chosen === option}
            disabled={option === 'attribute' && loadValues === undefined}
            onChange={() => {
              setChoosing(option === 'attribute');
              if (option !== 'attribute') onChange({ color: option });
            }}
          />
          {text.waterfall.options.colours[option]}
        </label>
      ))}
      {chosen === 'attribute' && (
        <AttributeNameField
          label={text.waterfall.options.attribute}
          value={isAttribute ? by : ''}
          button={text.waterfall.options.colour}
          onName={(color) => onChange({ color })}
        />
      )}
    </fieldset>
  );
}

function ColumnList({ columns }: RowOptionsProps) {
  const { loadValues } = useTraceSource();
  return (
    <fieldset>
      <legend>{text.waterfall.options.columns}</legend>
      <ul className="row-columns">
        {columns.columns.map((name) => (
          <li key={name}>
            <code>{name}</code>
            <IconButton
              icon="close"
              label={text.waterfall.options.removeColumn(name)}
              onClick={() => columns.onToggle(name)}
            />
          </li>
        ))}
      </ul>
      {loadValues === undefined ? (
        <p className="row-hint">{text.waterfall.options.onlyStored}</p>
      ) : columns.columns.length >= columns.most ? (
        <p className="row-hint">{text.waterfall.options.columnsFull(columns.most)}</p>
      ) : (
        <AttributeNameField
          label={text.waterfall.options.addColumn}
          value=""
          button={text.waterfall.options.add}
          onName={(name) => {
            if (!columns.columns.includes(name)) columns.onToggle(name);
          }}
        />
      )}
    </fieldset>
  );
}

function Switches({ trace, search, onChange }: RowOptionsProps) {
  const { runs, skew } = trace;
  const { options } = text.waterfall;
  const canAdjust = skew.shift !== undefined;
  return (
    <fieldset>
      <legend className="visually-hidden">{options.label}</legend>
      <Switch
        label={options.grouped}
        hint={options.groupedHint(runs.count)}
        isOn={search.group !== '0'}
        onToggle={(isOn) => onChange({ group: isOn ? undefined : '0' })}
      />
      <Switch
        label={options.self}
        isOn={search.self === '1'}
        onToggle={(isOn) => onChange({ self: isOn ? '1' : undefined })}
      />
      <Switch
        label={options.adjust}
        hint={canAdjust ? options.adjustHint(skew.count, formatDuration(skew.largestShift)) : options.noSkew}
        isOn={search.adjust === '1'}
        isDisabled={!canAdjust}
        onToggle={(isOn) => onChange({ adjust: isOn ? '1' : undefined })}
      />
    </fieldset>
  );
}

function Switch(props: {
  readonly label: string;
  readonly hint?: string;
  readonly isOn: boolean;
  readonly isDisabled?: boolean;
  readonly onToggle: (isOn: boolean) => void;
}) {
  const hint = useId();
  return (
    <div className="row-switch">
      <label className="row-option">
        <input
          type="checkbox"
          checked={props.isOn}
          disabled={props.isDisabled}
          aria-describedby={props.hint === undefined ? undefined : hint}
          onChange={(event) => props.onToggle(event.target.checked)}
        />
        {props.label}
      </label>
      {props.hint !== undefined && (
        <p id={hint} className="row-hint">
          {props.hint}
        </p>
      )}
    </div>
  );
}
