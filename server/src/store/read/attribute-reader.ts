import type { Attribute, AttributeValue } from '@clew/model';
import { decodeAnyValue } from '@clew/wire/otlp/decode-any-value';
import { TextColumn } from '../native/column.ts';
import { Int64Column } from '../native/int64-column.ts';
import { MapColumn } from '../native/map-column.ts';
import type { NativeBlock } from '../native/native-block.ts';
import { NumberColumn } from '../native/number-column.ts';
import { StringColumn } from '../native/string-column.ts';
import { PROMOTED_ATTRIBUTES } from '../schema/promoted-attributes.ts';

/** Columns `AttributeReader` reads, for a statement's list. */
export const ATTRIBUTE_MAP_COLUMNS = [
  'attributes_string',
  'attributes_int',
  'attributes_double',
  'attributes_bool',
  'attributes_other',
] as const;

export const PROMOTED_COLUMNS: readonly string[] = PROMOTED_ATTRIBUTES.map(({ column }) => column);

type ReadRow = (row: number, into: Attribute[]) => void;

/**
 * The attributes of a row from its typed maps and promoted columns. Values are exact; the order in which they were
 * sent is not kept across types.
 */
export class AttributeReader {
  readonly #parts: readonly ReadRow[];

  /** @param hasPromoted whether the block has the promoted columns: spans do. */
  constructor(block: NativeBlock, hasPromoted: boolean) {
    const promoted = hasPromoted ? PROMOTED_ATTRIBUTES.map(({ key, column }) => promotedPart(block, key, column)) : [];
    this.#parts = [
      ...promoted,
      mapPart(block, 'attributes_string', StringColumn, (values, row) => ({ type: 'string', value: values.text(row) })),
      mapPart(block, 'attributes_int', Int64Column, (values, row) => ({ type: 'int', value: values.bigint(row) })),
      mapPart(block, 'attributes_double', NumberColumn, (values, row) => ({
        type: 'double',
        value: values.number(row),
      })),
      mapPart(block, 'attributes_bool', NumberColumn, (values, row) => ({ type: 'bool', value: values.boolean(row) })),
      mapPart(block, 'attributes_other', StringColumn, (values, row) => decodeAnyValue(values.bytesAt(row))),
    ];
  }

  read(row: number): Attribute[] {
    const attributes: Attribute[] = [];
    for (const part of this.#parts) part(row, attributes);
    return attributes;
  }
}

function promotedPart(block: NativeBlock, key: string, name: string): ReadRow {
  const column = block.columns.get(name);
  if (column instanceof NumberColumn) {
    return (row, into) => {
      const value = column.number(row);
      if (value !== 0) into.push({ key, value: { type: 'int', value: BigInt(value) } });
    };
  }
  const texts = block.column(name, TextColumn);
  return (row, into) => {
    const value = texts.text(row);
    if (value !== '') into.push({ key, value: { type: 'string', value } });
  };
}

function mapPart<C extends StringColumn | Int64Column | NumberColumn>(
  block: NativeBlock,
  name: string,
  valuesClass: abstract new (...args: never[]) => C,
  valueAt: (values: C, row: number) => AttributeValue,
): ReadRow {
  const map = block.column(name, MapColumn);
  const keys = map.keysAs(TextColumn);
  const values = map.valuesAs(valuesClass);
  return (row, into) => {
    for (let i = map.from(row); i < map.to(row); i++) into.push({ key: keys.text(i), value: valueAt(values, i) });
  };
}
