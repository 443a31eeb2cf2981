import {
  ATTRIBUTE_KEY_TYPE,
  ATTRIBUTE_VALUE,
  ATTRIBUTE_WORDS,
  EVENT_ATTRIBUTES,
  EVENT_DROPPED_ATTRIBUTES,
  EVENT_WORDS,
  LINK_ATTRIBUTES,
  LINK_DROPPED_ATTRIBUTES,
  LINK_WORDS,
  RESOURCE_ATTRIBUTES,
  RESOURCE_DROPPED_ATTRIBUTES,
  RESOURCE_WORDS,
  SCOPE_ATTRIBUTES,
  SCOPE_DROPPED_ATTRIBUTES,
  SCOPE_WORDS,
  SPAN_ATTRIBUTES,
  SPAN_DROPPED_ATTRIBUTES,
  SPAN_WORDS,
  type SpanBatch,
  TYPE_ARRAY,
  TYPE_BYTES,
  TYPE_KVLIST,
  TYPE_STRING,
} from '@clew/model';
import type { AdmittedNames } from './admitted-names.ts';
import { tryCutComposite } from './cut-composite.ts';
import type { LimitCounts } from './limit-counts.ts';
import type { ProcessStage } from './pipeline.ts';
import type { Rejections } from './rejections.ts';
import type { TenantContext } from './tenant-context.ts';
import { utf8Cut } from './utf8-cut.ts';

const NO_LIMIT = 0x7fffffff;
/** Types whose second word is a length, as bits. */
const LENGTH_TYPES = (1 << TYPE_STRING) | (1 << TYPE_BYTES) | (1 << TYPE_ARRAY) | (1 << TYPE_KVLIST);
const SERVICE_NAME = 'service.name';

/**
 * OpenTelemetry's attribute limits (specification, "Attribute Limits"): long values are cut, surplus attributes are
 * dropped and counted in dropped_attributes_count. So are attributes whose key is one too many for the tenant.
 *
 * Both attribute tables are looked through once, without asking whose the attributes are; only when something is to be
 * dropped are the records of their owners visited.
 */
export class AttributeLimits implements ProcessStage {
  readonly name = 'attribute limits';
  readonly #keys: AdmittedNames;
  readonly #hits: LimitCounts;
  #serviceNameId = 0;
  #generation = -1;
  // Of the batch at hand.
  #maxValueBytes = NO_LIMIT;
  #maxKeys = 0;
  #maxCount = NO_LIMIT;
  #cutValues = 0;
  #surplus = 0;
  #unknownKeys = 0;

  constructor(keys: AdmittedNames, hits: LimitCounts) {
    this.#keys = keys;
    this.#hits = hits;
  }

  process(batch: SpanBatch, _rejections: Rejections, { tenant, limits }: TenantContext): void {
    this.#maxValueBytes = limits.attributeValueBytes === 0 ? NO_LIMIT : limits.attributeValueBytes;
    this.#maxCount = limits.attributeCount === 0 ? NO_LIMIT : limits.attributeCount;
    this.#maxKeys = limits.attributeKeys;
    this.#cutValues = 0;
    this.#surplus = 0;
    this.#unknownKeys = 0;
    this.#prepareKeys(batch, tenant);
    let hasUnknownKeys = this.#lookThrough(batch, batch.attributes, batch.attributeCount);
    if (this.#lookThrough(batch, batch.nestedAttributes, batch.nestedAttributeCount)) hasUnknownKeys = true;
    this.#visitOwners(batch, hasUnknownKeys);
    this.#hits.add('attribute_value_bytes', tenant, this.#cutValues);
    this.#hits.add('attribute_count', tenant, this.#surplus);
    this.#hits.add('attribute_keys', tenant, this.#unknownKeys);
  }

  #prepareKeys({ dictionary }: SpanBatch, tenant: string): void {
    if (dictionary.generation !== this.#generation) {
      this.#generation = dictionary.generation;
      this.#serviceNameId = dictionary.internString(SERVICE_NAME);
    }
    const keys = this.#keys;
    keys.prepare(dictionary);
    if (this.#maxKeys === 0) return;
    keys.enterPlace('k', tenant);
    // What would nobody know whose spans they are?
    keys.admittedIn[this.#serviceNameId] = keys.place;
  }

  /** Cuts values. @returns whether there are keys the tenant may not have. */
  #lookThrough(batch: SpanBatch, records: Int32Array, count: number): boolean {
    const keys = this.#keys;
    const { admittedIn, place } = keys;
    const isGuarded = this.#maxKeys !== 0;
    const maxBytes = this.#maxValueBytes;
    const end = count * ATTRIBUTE_WORDS;
    let unknown = false;
    for (let at = 0; at < end; at += ATTRIBUTE_WORDS) {
      const word = records[at + ATTRIBUTE_KEY_TYPE];
      // Of a string this is the length; of a number half of it, which may look as large as it likes.
      if (records[at + ATTRIBUTE_VALUE + 1] > maxBytes && (LENGTH_TYPES & (1 << (word & 15))) !== 0) {
        this.#cutValue(batch, records, at);
      }
      if (isGuarded && admittedIn[word >>> 4] !== place && !keys.admit(batch.dictionary, word >>> 4, this.#maxKeys)) {
        unknown = true;
      }
    }
    return unknown;
  }

  #cutValue(batch: SpanBatch, records: Int32Array, at: number): void {
    const type = records[at + ATTRIBUTE_KEY_TYPE] & 15;
    const offset = records[at + ATTRIBUTE_VALUE];
    const length = records[at + ATTRIBUTE_VALUE + 1];
    const maxBytes = this.#maxValueBytes;
    if (type === TYPE_STRING || type === TYPE_BYTES) {
      records[at + ATTRIBUTE_VALUE + 1] = type === TYPE_STRING ? utf8Cut(batch.bytes, offset, maxBytes) : maxBytes;
      this.#cutValues++;
    } else if (type === TYPE_ARRAY || type === TYPE_KVLIST) {
      const content = batch.bytes.subarray(offset, offset + length);
      const cut = tryCutComposite(content, type === TYPE_ARRAY, maxBytes);
      if (cut === undefined) return;
      // In its own place: it has become shorter, and nothing else refers to it.
      batch.bytes.set(cut.content, offset);
      records[at + ATTRIBUTE_VALUE + 1] = cut.content.length;
      this.#cutValues += cut.count;
    }
  }

  #visitOwners(batch: SpanBatch, hasUnknownKeys: boolean): void {
    const { attributes, nestedAttributes: nested } = batch;
    const visit = (
      owners: Int32Array,
      ownerCount: number,
      words: number,
      runAt: number,
      droppedAt: number,
      records: Int32Array,
    ): void => {
      for (let at = 0; at < ownerCount * words; at += words) {
        const count = owners[at + runAt + 1];
        if (count <= this.#maxCount && !hasUnknownKeys) continue;
        const kept = this.#keep(records, owners[at + runAt], count, hasUnknownKeys);
        owners[at + runAt + 1] = kept;
        owners[at + droppedAt] = raised(owners[at + droppedAt], count - kept);
      }
    };
    visit(batch.spans, batch.spanCount, SPAN_WORDS, SPAN_ATTRIBUTES, SPAN_DROPPED_ATTRIBUTES, attributes);
    visit(batch.events, batch.eventCount, EVENT_WORDS, EVENT_ATTRIBUTES, EVENT_DROPPED_ATTRIBUTES, nested);
    visit(batch.links, batch.linkCount, LINK_WORDS, LINK_ATTRIBUTES, LINK_DROPPED_ATTRIBUTES, nested);
    visit(
      batch.resources,
      batch.resourceCount,
      RESOURCE_WORDS,
      RESOURCE_ATTRIBUTES,
      RESOURCE_DROPPED_ATTRIBUTES,
      nested,
    );
    visit(batch.scopes, batch.scopeCount, SCOPE_WORDS, SCOPE_ATTRIBUTES, SCOPE_DROPPED_ATTRIBUTES, nested);
  }

  /** Keeps the first attributes of a run that may stay, and service.name wherever it is. @returns how many. */
  #keep(records: Int32Array, first: number, count: number, hasUnknownKeys: boolean): number {
    const { admittedIn, place } = this.#keys;
    let kept = 0;
    for (let row = 0; row < count; row++) {
      const at = (first + row) * ATTRIBUTE_WORDS;
      const key = records[at + ATTRIBUTE_KEY_TYPE] >>> 4;
      let target = kept;
      if (hasUnknownKeys && admittedIn[key] !== place) {
        this.#unknownKeys++;
        continue;
      }
      if (kept >= this.#maxCount) {
        this.#surplus++;
        if (key !== this.#serviceNameId) continue;
        target = kept - 1;
      } else kept++;
      if (target !== row) records.copyWithin((first + target) * ATTRIBUTE_WORDS, at, at + ATTRIBUTE_WORDS);
    }
    return kept;
  }
}

/** An unsigned 32-bit counter in a signed word. */
function raised(counter: number, by: number): number {
  return Math.min((counter >>> 0) + by, 0xffffffff) | 0;
}
