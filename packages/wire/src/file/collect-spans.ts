import type { Attribute, InstrumentationScope, Resource, ResourceSpans, Span, TraceData } from '@clew/model';

interface Gathered {
  readonly resource: Resource;
  readonly scopes: Map<string, { readonly scope: InstrumentationScope; readonly spans: Span[] }>;
}

/** Puts spans that come one by one under their resources and scopes. */
export class SpanCollector {
  readonly #resources = new Map<string, Gathered>();

  /** @param key the same for all spans of a resource */
  add(
    span: Span,
    key: string,
    resourceAttributes: () => readonly Attribute[],
    scope: { name: string; version: string },
  ) {
    let gathered = this.#resources.get(key);
    if (gathered === undefined) {
      gathered = { resource: { attributes: resourceAttributes(), droppedAttributesCount: 0 }, scopes: new Map() };
      this.#resources.set(key, gathered);
    }
    const scopeKey = `${scope.name}\n${scope.version}`;
    let spans = gathered.scopes.get(scopeKey);
    if (spans === undefined) {
      spans = { scope: { ...scope, attributes: [], droppedAttributesCount: 0 }, spans: [] };
      gathered.scopes.set(scopeKey, spans);
    }
    spans.spans.push(span);
  }

  finish(): TraceData {
    const resourceSpans: ResourceSpans[] = [];
    for (const { resource, scopes } of this.#resources.values()) {
      const scopeSpans = [...scopes.values()].map((found) => ({ ...found, schemaUrl: '' }));
      resourceSpans.push({ resource, scopeSpans, schemaUrl: '' });
    }
    return { resourceSpans };
  }
}
