import type { SpanAnswer } from '@clew/contract';
import { useState } from 'react';
import { text } from '../../text/catalogue.ts';
import { AttributeTable } from './attribute-table.tsx';

/** Attributes of the span, its resource and its scope, with one filter over all. */
export function SpanAttributes({ answer }: { readonly answer: SpanAnswer }) {
  const [filter, setFilter] = useState('');
  const { span, resource, scope } = answer;
  const { groups } = text.trace.dock;
  const scopeName = [scope.name, scope.version].filter((part) => part !== undefined && part !== '').join(' ');
  return (
    <>
      <input
        type="search"
        className="field attribute-filter"
        placeholder={text.trace.dock.filter}
        aria-label={text.trace.dock.filter}
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
      />
      <section>
        <h3 className="dock-group">{groups.span}</h3>
        <AttributeTable
          attributes={span.attributes ?? []}
          scope="span"
          filter={filter}
          dropped={span.droppedAttributesCount}
        />
      </section>
      <section>
        <h3 className="dock-group">{groups.resource}</h3>
        <AttributeTable
          attributes={resource.attributes}
          scope="resource"
          filter={filter}
          dropped={resource.droppedAttributesCount}
        />
      </section>
      {(scopeName !== '' || (scope.attributes ?? []).length > 0) && (
        <section>
          <h3 className="dock-group">
            {groups.scope} <code>{scopeName}</code>
          </h3>
          {(scope.attributes ?? []).length > 0 && (
            <AttributeTable
              scope="instrumentation"
              attributes={scope.attributes ?? []}
              filter={filter}
              dropped={scope.droppedAttributesCount}
            />
          )}
        </section>
      )}
    </>
  );
}
