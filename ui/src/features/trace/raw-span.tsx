import type { SpanAnswer } from '@clew/contract';
import { useMemo } from 'react';
import { text } from '../../text/catalogue.ts';
import { CopyButton } from '../../widgets/copy-button.tsx';

/** A span as OTLP JSON, whole enough to be sent to any receiver. */
export function RawSpan({ answer }: { readonly answer: SpanAnswer }) {
  const json = useMemo(() => JSON.stringify(tracesDataOf(answer), undefined, 2), [answer]);
  return (
    <div className="raw">
      <p className="raw-head">
        <span className="dock-none">{text.dock.raw.hint}</span>
        <CopyButton value={json} label={text.dock.raw.copy} caption={text.shell.copy} />
      </p>
      <pre>{json}</pre>
    </div>
  );
}

function tracesDataOf({ resource, resourceSchemaUrl, scope, scopeSchemaUrl, span }: SpanAnswer): object {
  const scopeSpans = { scope, spans: [span], ...(scopeSchemaUrl === '' ? {} : { schemaUrl: scopeSchemaUrl }) };
  const schemaUrl = resourceSchemaUrl === '' ? {} : { schemaUrl: resourceSchemaUrl };
  return { resourceSpans: [{ resource, scopeSpans: [scopeSpans], ...schemaUrl }] };
}
