import type { OtlpJsonAttribute } from '@clew/contract';
import type { AttributeScope } from '@clew/traceql';
import { Link } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { Icon } from '../../widgets/icon.tsx';
import { queryForAttribute, valueText, valueType } from './attribute-value.ts';
import './attribute-table.css';

/** Attributes as rows of key, value and what can be done with them. */
export function AttributeTable(props: {
  readonly attributes: readonly OtlpJsonAttribute[];
  /** Where TraceQL finds them; undefined when it cannot. */
  readonly scope?: AttributeScope;
  readonly dropped?: number | undefined;
  /** Text keys or values must contain. */
  readonly filter?: string;
}) {
  const wanted = (props.filter ?? '').toLowerCase();
  const shown = props.attributes
    .filter(
      (attribute) =>
        wanted === '' ||
        attribute.key.toLowerCase().includes(wanted) ||
        valueText(attribute.value).toLowerCase().includes(wanted),
    )
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return (
    <>
      <dl className="attributes">
        {shown.map((attribute) => (
          <AttributeRow key={attribute.key} attribute={attribute} scope={props.scope} />
        ))}
      </dl>
      {shown.length === 0 && (
        <p className="dock-none">
          {props.attributes.length === 0 ? text.trace.dock.noAttributes : text.trace.dock.noneMatch}
        </p>
      )}
      {props.dropped !== undefined && props.dropped > 0 && (
        <p className="dock-none">{text.trace.dock.dropped(props.dropped)}</p>
      )}
    </>
  );
}

function AttributeRow(props: { readonly attribute: OtlpJsonAttribute; readonly scope: AttributeScope | undefined }) {
  const { attribute, scope } = props;
  const value = valueText(attribute.value);
  const type = valueType(attribute.value);
  const query = scope === undefined ? undefined : queryForAttribute(scope, attribute);
  return (
    <div className="attribute">
      <dt>{attribute.key}</dt>
      <dd>
        <span className="attribute-value">{value}</span>
        {type !== '' && <span className="attribute-type">{type}</span>}
        <span className="attribute-actions">
          <CopyButton value={value} label={text.trace.dock.copyValue(attribute.key)} />
          {query !== undefined && (
            <Link
              to="/explore"
              search={{ q: query }}
              className="button is-quiet is-small is-icon"
              aria-label={text.trace.dock.filterBy(attribute.key)}
              title={text.trace.dock.filterBy(attribute.key)}
            >
              <Icon name="filter" />
            </Link>
          )}
        </span>
      </dd>
    </div>
  );
}
