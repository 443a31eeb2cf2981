import type { OtlpJsonAttribute } from '@clew/contract';
import { type AttributeScope, printAttribute } from '@clew/traceql';
import { Link } from '@tanstack/react-router';
import { createContext, useContext } from 'react';
import { text } from '../../text/catalogue.ts';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { Icon } from '../../widgets/icon.tsx';
import { queryForAttribute } from './attribute-value.ts';
import { useTraceSource } from './trace-source.ts';

/** The columns of the waterfall, as TraceQL names of attributes, and the way to change them. */
export interface ColumnChoice {
  readonly columns: readonly string[];
  /** At most so many. */
  readonly most: number;
  readonly onToggle: (name: string) => void;
}

export const ColumnChoiceContext = createContext<ColumnChoice | undefined>(undefined);

/** What can be done with one attribute: copy it, look for others with and without it, show it in every row. */
export function AttributeActions(props: {
  readonly attribute: OtlpJsonAttribute;
  readonly value: string;
  readonly scope: AttributeScope | undefined;
}) {
  const { attribute, scope } = props;
  const { isStored } = useTraceSource();
  const words = text.dock.attribute;
  return (
    <span className="attribute-actions">
      <CopyButton value={props.value} label={text.trace.dock.copyValue(attribute.key)} />
      {scope !== undefined && isStored && (
        <>
          <SearchLink query={queryForAttribute(scope, attribute)} icon="filter" label={words.include(attribute.key)} />
          <SearchLink
            query={queryForAttribute(scope, attribute, '!=')}
            icon="exclude"
            label={words.exclude(attribute.key)}
          />
        </>
      )}
      {(scope === 'span' || scope === 'resource') && <ColumnToggle name={printAttribute(scope, attribute.key)} />}
    </span>
  );
}

function SearchLink(props: {
  readonly query: string | undefined;
  readonly icon: 'filter' | 'exclude';
  readonly label: string;
}) {
  if (props.query === undefined) return null;
  return (
    <Link
      to="/explore"
      search={{ q: props.query }}
      className="button is-quiet is-small is-icon"
      aria-label={props.label}
      title={props.label}
    >
      <Icon name={props.icon} />
    </Link>
  );
}

function ColumnToggle({ name }: { readonly name: string }) {
  const choice = useContext(ColumnChoiceContext);
  if (choice === undefined) return null;
  const isShown = choice.columns.includes(name);
  const isFull = !isShown && choice.columns.length >= choice.most;
  const words = text.dock.attribute;
  const label = isFull ? words.columnsFull(choice.most) : isShown ? words.removeColumn(name) : words.addColumn(name);
  return (
    <button
      type="button"
      className="button is-quiet is-small is-icon"
      aria-label={label}
      aria-pressed={isShown}
      aria-disabled={isFull}
      title={label}
      onClick={() => {
        if (!isFull) choice.onToggle(name);
      }}
    >
      <Icon name="column" />
    </button>
  );
}
