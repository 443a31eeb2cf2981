/**
 * Resources and scopes that were read lately. Their ids are hashes of what they say, so what is remembered never
 * becomes wrong, and the many traces of few services need not ask for them again.
 */
import type { AttributeValue, InstrumentationScope, Resource } from '@clew/model';

export interface StoredResource {
  readonly resource: Resource;
  readonly schemaUrl: string;
}

export interface StoredScope {
  readonly scope: InstrumentationScope;
  readonly schemaUrl: string;
}

/** Of all resources, and of all scopes, as estimated. */
const MAX_BYTES = 8 * 2 ** 20;
const ENTRY_BYTES = 300;
const ATTRIBUTE_BYTES = 120;

export class CatalogueMemory {
  readonly resources = new ContentMemory<StoredResource>(({ resource }) => bytesOf(resource.attributes));
  readonly scopes = new ContentMemory<StoredScope>(({ scope }) => bytesOf(scope.attributes));
}

/** By tenant and id, the least recently used forgotten first. */
export class ContentMemory<T> {
  readonly #kept = new Map<string, { readonly content: T; readonly bytes: number }>();
  readonly #bytesOf: (content: T) => number;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(estimateBytes: (content: T) => number, maxBytes = MAX_BYTES) {
    this.#bytesOf = estimateBytes;
    this.#maxBytes = maxBytes;
  }

  get(tenant: string, id: string): T | undefined {
    const key = keyOf(tenant, id);
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept.content;
  }

  set(tenant: string, id: string, content: T): void {
    const key = keyOf(tenant, id);
    const bytes = ENTRY_BYTES + this.#bytesOf(content);
    if (this.#kept.has(key) || bytes > this.#maxBytes) return;
    this.#kept.set(key, { content, bytes });
    this.#bytes += bytes;
    for (const [oldest, { bytes: freed }] of this.#kept) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#kept.delete(oldest);
      this.#bytes -= freed;
    }
  }
}

function keyOf(tenant: string, id: string): string {
  return `${id} ${tenant}`;
}

function bytesOf(attributes: Resource['attributes']): number {
  return attributes.reduce((sum, { key, value }) => sum + ATTRIBUTE_BYTES + 2 * key.length + valueBytes(value), 0);
}

function valueBytes(value: AttributeValue): number {
  switch (value.type) {
    case 'string':
      return 2 * value.value.length;
    case 'bytes':
      return value.value.byteLength;
    case 'array':
      return value.value.reduce((sum, one) => sum + ATTRIBUTE_BYTES + valueBytes(one), 0);
    case 'kvlist':
      return bytesOf(value.value);
    default:
      return 0;
  }
}
