/**
 * Descriptions of protobuf messages, small enough to write by hand: what a message has, under which number and name.
 * One description serves the binary form and the JSON form (protobuf.dev, "ProtoJSON Format").
 */

export type FieldType =
  | 'string'
  | 'bytes'
  | 'bool'
  | 'uint32'
  /** As bigint. */
  | 'uint64'
  /** As bigint. */
  | 'int64'
  | 'double'
  /** As a number; `names` by number. */
  | { readonly names: readonly string[] }
  /** AttributeValue of @clew/model, as OTLP's AnyValue. */
  | 'any-value'
  | MessageShape
  /** ReadonlyMap with string keys. */
  | { readonly valuesOf: 'string' | MessageShape };

export interface FieldShape {
  readonly number: number;
  readonly type: FieldType;
  readonly repeated?: true;
}

/** Fields by their JSON name, in the order in which they are written. */
export interface MessageShape {
  readonly fields: Readonly<Record<string, FieldShape>>;
}

/** A message as an object: a field that is absent, zero or empty is not written; a message that is there is. */
export type Message = Readonly<Record<string, unknown>>;
