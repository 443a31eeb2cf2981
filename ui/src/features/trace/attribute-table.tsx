import type { OtlpJsonAttribute } from '@clew/contract';
import type { AttributeScope } from '@clew/traceql';
import { text } from '../../text/catalogue.ts';
import { AttributeActions } from './attribute-actions.tsx';
import { valueText, valueType } from './attribute-value.ts';
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
  return (
    <div className="attribute">
      <dt>{attribute.key}</dt>
      <dd>
        <span className="attribute-value">{value}</span>
        {type !== '' && <span className="attribute-type">{type}</span>}
        <AttributeActions attribute={attribute} value={value} scope={scope} />
      </dd>
    </div>
  );
}
