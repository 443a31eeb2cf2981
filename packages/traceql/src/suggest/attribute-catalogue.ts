import type { AttributeScope } from '../tree.ts';

/** An attribute that stored spans have. */
export interface KnownAttribute {
  readonly scope: AttributeScope;
  readonly key: string;
  /** Types of its values, for people to read. */
  readonly types: readonly string[];
}

/** A value of an attribute or intrinsic; a `keyword` is written without quotes. */
export interface KnownValue {
  readonly type: 'string' | 'int' | 'double' | 'bool' | 'keyword';
  readonly value: string;
  /** How often it was seen. */
  readonly count: number;
}

/** Where attribute keys and values come from: a server's catalogue. Both may reject; keywords are offered anyway. */
export interface AttributeCatalogue {
  /** @param contains part of the key, in any case; empty for all. */
  loadAttributes(contains: string, signal: AbortSignal): Promise<readonly KnownAttribute[]>;
  /**
   * @param name a field as TraceQL writes it: `resource.service.name`, `.user.id`, `name`
   * @param prefix start of the value
   */
  loadValues(name: string, prefix: string, signal: AbortSignal): Promise<readonly KnownValue[]>;
}
