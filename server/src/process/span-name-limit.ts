import {
  ATTRIBUTE_KEY_TYPE,
  ATTRIBUTE_VALUE,
  ATTRIBUTE_WORDS,
  RESOURCE_ATTRIBUTES,
  RESOURCE_WORDS,
  SCOPE_RESOURCE,
  SCOPE_WORDS,
  SPAN_ATTRIBUTES,
  SPAN_NAME,
  SPAN_SCOPE,
  SPAN_WORDS,
  type SpanBatch,
  TYPE_STRING,
} from '@clew/model';
import type { AdmittedNames } from './admitted-names.ts';
import type { LimitCounts } from './limit-counts.ts';
import type { ProcessStage } from './pipeline.ts';
import type { Rejections } from './rejections.ts';
import type { TenantContext } from './tenant-context.ts';

/** The name of spans whose own is one too many for their service. */
export const OTHER_NAME = '{other}';
/** Where the name such a span came with is kept: an attribute costs only its spans, a name every list of names. */
export const ORIGINAL_NAME_KEY = 'clew.original_name';

/** Holds a service to `limits.spanNamesPerService` different span names, as ids in names have no end. */
export class SpanNameLimit implements ProcessStage {
  readonly name = 'span name limit';
  readonly #names: AdmittedNames;
  readonly #hits: LimitCounts;
  #generation = -1;
  #serviceNameId = 0;
  #otherNameId = 0;
  #originalNameId = 0;

  constructor(names: AdmittedNames, hits: LimitCounts) {
    this.#names = names;
    this.#hits = hits;
  }

  process(batch: SpanBatch, _rejections: Rejections, { tenant, limits }: TenantContext): void {
    const limit = limits.spanNamesPerService;
    if (limit === 0) return;
    const { dictionary, spans, spanCount } = batch;
    if (dictionary.generation !== this.#generation) this.#enterGeneration(batch);
    const names = this.#names;
    names.prepare(dictionary);
    const { admittedIn } = names;
    let renamed = 0;
    let scope = -1;
    for (let at = 0; at < spanCount * SPAN_WORDS; at += SPAN_WORDS) {
      if (spans[at + SPAN_SCOPE] !== scope) {
        scope = spans[at + SPAN_SCOPE];
        this.#enterService(batch, scope, tenant);
      }
      const name = spans[at + SPAN_NAME];
      if (admittedIn[name] === names.place || names.admit(dictionary, name, limit)) continue;
      this.#rename(batch, at);
      renamed++;
    }
    this.#hits.add('span_names_per_service', tenant, renamed);
  }

  #enterGeneration({ dictionary }: SpanBatch): void {
    this.#generation = dictionary.generation;
    this.#serviceNameId = dictionary.internString('service.name');
    this.#otherNameId = dictionary.internString(OTHER_NAME);
    this.#originalNameId = dictionary.internString(ORIGINAL_NAME_KEY);
  }

  #enterService(batch: SpanBatch, scope: number, tenant: string): void {
    const { resources, nestedAttributes: records } = batch;
    const resource = batch.scopes[scope * SCOPE_WORDS + SCOPE_RESOURCE] * RESOURCE_WORDS + RESOURCE_ATTRIBUTES;
    const first = resources[resource] * ATTRIBUTE_WORDS;
    const end = first + resources[resource + 1] * ATTRIBUTE_WORDS;
    for (let at = first; at < end; at += ATTRIBUTE_WORDS) {
      const word = records[at + ATTRIBUTE_KEY_TYPE];
      if (word >>> 4 !== this.#serviceNameId) continue;
      if ((word & 15) !== TYPE_STRING) break;
      const length = records[at + ATTRIBUTE_VALUE + 1];
      this.#names.enterPlace('s', tenant, batch.view, records[at + ATTRIBUTE_VALUE], length);
      return;
    }
    this.#names.enterPlace('s', tenant);
  }

  /** The span's attributes move to the end of the table, where there is room for one more. */
  #rename(batch: SpanBatch, at: number): void {
    const { spans, dictionary } = batch;
    const name = spans[at + SPAN_NAME];
    const start = dictionary.offsets[name];
    const length = dictionary.lengths[name];
    const offset = batch.appendBytes(dictionary.bytes.subarray(start, start + length));
    const count = spans[at + SPAN_ATTRIBUTES + 1];
    const records = batch.reserveAttributes(count + 1);
    const from = spans[at + SPAN_ATTRIBUTES] * ATTRIBUTE_WORDS;
    const first = batch.attributeCount;
    records.copyWithin(first * ATTRIBUTE_WORDS, from, from + count * ATTRIBUTE_WORDS);
    const added = (first + count) * ATTRIBUTE_WORDS;
    records[added + ATTRIBUTE_KEY_TYPE] = (this.#originalNameId << 4) | TYPE_STRING;
    records[added + ATTRIBUTE_VALUE] = offset;
    records[added + ATTRIBUTE_VALUE + 1] = length;
    records[added + 3] = 0;
    batch.attributeCount = first + count + 1;
    spans[at + SPAN_ATTRIBUTES] = first;
    spans[at + SPAN_ATTRIBUTES + 1] = count + 1;
    spans[at + SPAN_NAME] = this.#otherNameId;
  }
}
