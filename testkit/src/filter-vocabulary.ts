import {
  type Attribute,
  type AttributeValue,
  durationNano,
  type InstrumentationScope,
  type Resource,
  type Span,
  serviceName,
  type TraceData,
} from '@clew/model';
import type { AttributeScope, Intrinsic, Static } from '@clew/traceql';

/** An attribute and values that traces hold for it. */
export interface KnownAttribute<Scope extends AttributeScope> {
  readonly scope: Scope;
  readonly key: string;
  readonly values: readonly AttributeValue[];
}

/** Fields and the values that traces hold for them. */
export interface FilterVocabulary {
  readonly attributes: readonly KnownAttribute<'span' | 'resource'>[];
  /** Of events, links and instrumentation scopes. */
  readonly further: readonly KnownAttribute<'event' | 'link' | 'instrumentation'>[];
  readonly intrinsics: Readonly<Record<Intrinsic, readonly Static[]>>;
}

/** Values of one field that are remembered, so that large data does not drown in one key. */
const MAX_VALUES = 50;

/** Everything that occurs in the data. */
export function buildVocabulary(data: TraceData): FilterVocabulary {
  const near = new AttributeNotes<'span' | 'resource'>();
  const further = new AttributeNotes<'event' | 'link' | 'instrumentation'>();
  const intrinsics = emptyIntrinsics();
  for (const { resource, scopeSpans } of data.resourceSpans) {
    near.note('resource', resource.attributes);
    for (const { scope, spans } of scopeSpans) {
      further.note('instrumentation', scope.attributes);
      for (const span of spans) {
        near.note('span', span.attributes);
        for (const event of span.events) further.note('event', event.attributes);
        for (const link of span.links) further.note('link', link.attributes);
        noteIntrinsics(intrinsics, span, resource, scope);
      }
    }
  }
  return { attributes: near.known(), further: further.known(), intrinsics };
}

class AttributeNotes<Scope extends AttributeScope> {
  readonly #notes = new Map<string, { scope: Scope; key: string; values: AttributeValue[] }>();

  note(scope: Scope, list: readonly Attribute[]): void {
    for (const { key, value } of list) {
      const known = this.#notes.get(`${scope} ${key}`) ?? { scope, key, values: [] };
      if (known.values.length < MAX_VALUES) known.values.push(value);
      this.#notes.set(`${scope} ${key}`, known);
    }
  }

  known(): readonly KnownAttribute<Scope>[] {
    return [...this.#notes.values()];
  }
}

function emptyIntrinsics(): Record<Intrinsic, Static[]> {
  return {
    name: [],
    duration: [],
    status: [],
    statusMessage: [],
    kind: [],
    traceDuration: [],
    rootName: [],
    rootServiceName: [],
    'trace:id': [],
    'span:id': [],
    'span:parentID': [],
    parent: [],
    nestedSetLeft: [],
    nestedSetRight: [],
    nestedSetParent: [],
    'span:childCount': [],
    'event:name': [],
    'event:timeSinceStart': [],
    'link:traceID': [],
    'link:spanID': [],
    'instrumentation:name': [],
    'instrumentation:version': [],
  };
}

function noteIntrinsics(
  intrinsics: Record<Intrinsic, Static[]>,
  span: Span,
  resource: Resource,
  scope: InstrumentationScope,
): void {
  const note = (intrinsic: Intrinsic, literal: Static) => {
    if (intrinsics[intrinsic].length < MAX_VALUES) intrinsics[intrinsic].push(literal);
  };
  const noteText = (intrinsic: Intrinsic, value: string) => note(intrinsic, { type: 'string', value });
  const duration: Static = { type: 'duration', value: durationNano(span) };
  noteText('name', span.name);
  note('duration', duration);
  note('traceDuration', duration);
  noteText('statusMessage', span.status.message);
  noteText('trace:id', span.traceId);
  noteText('span:id', span.spanId);
  noteText('instrumentation:name', scope.name);
  noteText('instrumentation:version', scope.version);
  for (const { name, timeUnixNano } of span.events) {
    noteText('event:name', name);
    const value = BigInt.asIntN(64, timeUnixNano - span.startTimeUnixNano);
    note('event:timeSinceStart', { type: 'duration', value });
  }
  for (const { traceId, spanId } of span.links) {
    noteText('link:traceID', traceId);
    noteText('link:spanID', spanId);
  }
  if (span.parentSpanId !== '') noteText('span:parentID', span.parentSpanId);
  else {
    noteText('rootName', span.name);
    noteText('rootServiceName', serviceName(resource));
  }
}
