import { type AttributeValue, findAttribute, type Resource } from '@clew/model';
import { buildStatic, type FieldExpression, normalizeValue } from '@clew/traceql';
import { attributeText, type PlainValue } from '@clew/traceql/evaluate';
import { decodeAnyValue } from '@clew/wire/otlp/decode-any-value';
import { TextColumn } from '../../native/column.ts';
import { Int64Column } from '../../native/int64-column.ts';
import type { NativeBlock } from '../../native/native-block.ts';
import { NullableColumn } from '../../native/nullable-column.ts';
import { NumberColumn } from '../../native/number-column.ts';
import type { CompileContext } from '../../sql/compile-context.ts';
import { tryCompileValue } from '../../sql/compile-expression.ts';
import { COLUMN_TYPES, type ColumnType, type TypedValue } from '../../sql/typed-value.ts';
import type { StoredResource } from '../load-catalogue.ts';

const SQL_TYPES: Readonly<Record<ColumnType | 'other', string>> = {
  string: 'String',
  int: 'Int64',
  double: 'Float64',
  bool: 'UInt8',
  status: 'Int32',
  kind: 'Int32',
  other: 'String',
};

const NIL: PlainValue = { type: 'nil' };
const NOTHING = buildStatic({ type: 'nil' });

/** The value of an expression of any type, as nullable columns of a statement: `prefix_string`, `prefix_int`, … */
export class ValueColumns {
  readonly #prefix: string;
  readonly #value: TypedValue;
  readonly #types: readonly (ColumnType | 'other')[];

  /** The resource's attribute that counts where the columns have no value. */
  readonly resourceKey: string | undefined;

  /**
   * The value of an expression where that of a resource is looked up beside the statement: resources are few and most
   * are remembered, while a look-up inside the statement costs as much as a statement of its own.
   */
  static beside(prefix: string, expression: FieldExpression, context: CompileContext): ValueColumns {
    if (expression.kind !== 'attribute' || expression.ofParent === true) {
      return new ValueColumns(prefix, expression, context);
    }
    const { scope, key } = expression;
    // Nothing of a resource is in the columns: nil stands for them.
    if (scope === 'resource') return new ValueColumns(prefix, NOTHING, context, key);
    if (scope === 'any') return new ValueColumns(prefix, { ...expression, scope: 'span' }, context, key);
    return new ValueColumns(prefix, expression, context);
  }

  /** @throws TypeError for an expression that SQL cannot say: `SpanSearch.reads` tells. */
  constructor(prefix: string, expression: FieldExpression, context: CompileContext, resourceKey?: string) {
    const value = tryCompileValue(normalizeValue(expression), { ...context, isDecided: true });
    if (value === undefined) throw new TypeError('an expression that SQL cannot say: the planner should have seen it.');
    this.#prefix = prefix;
    this.resourceKey = resourceKey;
    this.#value = value;
    const columns = value.single ?? value.columns;
    this.#types = [
      ...COLUMN_TYPES.filter((type) => columns[type] !== undefined),
      ...(value.other ? ['other' as const] : []),
    ];
  }

  get isDuration(): boolean {
    return this.#value.isDuration === true;
  }

  has(type: ColumnType | 'other'): boolean {
    return this.#types.includes(type);
  }

  /** For a statement's list. */
  select(types: readonly (ColumnType | 'other')[] = this.#types): string[] {
    return types.filter((type) => this.has(type)).map((type) => `${this.#sql(type)} AS ${this.name(type)}`);
  }

  name(type: ColumnType | 'other'): string {
    return `${this.#prefix}_${type}`;
  }

  /** `(type, text)` of the value for a JSON answer; other values are hex digits. */
  get labelled(): string {
    const cases = this.#types.map((type) => {
      const text = type === 'other' ? 'hex(assumeNotNull($))' : 'toString(assumeNotNull($))';
      return `isNotNull(${this.#sql(type)}), ('${type}', ${text.replace('$', () => this.#sql(type))})`;
    });
    return cases.length === 0 ? "('nil', '')" : `multiIf(${cases.join(', ')}, ('nil', ''))`;
  }

  /** @param resource of the span, where it is known. */
  fromLabelled(type: string, text: string, resource: Resource | undefined): PlainValue {
    const value = this.#fromLabelled(type, text);
    return value.type === 'nil' ? this.#inherited(resource) : value;
  }

  #fromLabelled(type: string, text: string): PlainValue {
    switch (type) {
      case 'string':
        return { type, value: text };
      case 'int':
        return { type: this.isDuration ? 'duration' : 'int', value: BigInt(text) };
      case 'double':
        return { type: 'float', value: doubleOf(text) };
      case 'bool':
        return { type, value: text === '1' };
      case 'status':
      case 'kind':
        return { type, value: Number(text) };
      case 'other':
        return otherValue(Buffer.from(text, 'hex'));
      default:
        return NIL;
    }
  }

  /** Reads the value of a row of a block. @param resources by id, decimal. */
  reader(block: NativeBlock, resources: ReadonlyMap<string, StoredResource>): (row: number) => PlainValue {
    const reads = this.#types.map((type) => this.#readerOf(block, type));
    const inherited = this.#inheritedReader(block, resources);
    return (row) => {
      for (const read of reads) {
        const value = read(row);
        if (value !== undefined) return value;
      }
      return inherited(row);
    };
  }

  #inheritedReader(block: NativeBlock, resources: ReadonlyMap<string, StoredResource>): (row: number) => PlainValue {
    if (this.resourceKey === undefined) return () => NIL;
    const ids = block.column('resource_id', Int64Column);
    const known = new Map<bigint, PlainValue>();
    return (row) => {
      const id = ids.bigint(row);
      let value = known.get(id);
      if (value === undefined) known.set(id, (value = this.#inherited(resources.get(id.toString())?.resource)));
      return value;
    };
  }

  #inherited(resource: Resource | undefined): PlainValue {
    if (resource === undefined || this.resourceKey === undefined) return NIL;
    const value = findAttribute(resource.attributes, this.resourceKey);
    return value === undefined ? NIL : plainAttribute(value);
  }

  #sql(type: ColumnType | 'other'): string {
    const sql = type === 'other' ? this.#value.other : (this.#value.single ?? this.#value.columns)[type];
    return `CAST(${sql ?? 'NULL'}, 'Nullable(${SQL_TYPES[type]})')`;
  }

  #readerOf(block: NativeBlock, type: ColumnType | 'other'): (row: number) => PlainValue | undefined {
    const column = block.column(this.name(type), NullableColumn);
    const read = this.#valueReader(column, type);
    return (row) => (column.isNull(row) ? undefined : read(row));
  }

  #valueReader(column: NullableColumn, type: ColumnType | 'other'): (row: number) => PlainValue {
    switch (type) {
      case 'string': {
        const texts = column.valuesAs(TextColumn);
        return (row) => ({ type: 'string', value: texts.text(row) });
      }
      case 'other': {
        const texts = column.valuesAs(TextColumn);
        return (row) => otherValue(texts.bytesAt(row));
      }
      case 'int': {
        const ints = column.valuesAs(Int64Column);
        const intType = this.isDuration ? 'duration' : 'int';
        return (row) => ({ type: intType, value: ints.bigint(row) });
      }
      case 'double': {
        const doubles = column.valuesAs(NumberColumn);
        return (row) => ({ type: 'float', value: doubles.number(row) + 0 });
      }
      case 'bool': {
        const bools = column.valuesAs(NumberColumn);
        return (row) => ({ type: 'bool', value: bools.boolean(row) });
      }
      default: {
        const numbers = column.valuesAs(NumberColumn);
        return (row) => ({ type, value: numbers.number(row) });
      }
    }
  }
}

function plainAttribute(value: AttributeValue): PlainValue {
  switch (value.type) {
    case 'string':
    case 'int':
    case 'bool':
      return value;
    case 'double':
      return { type: 'float', value: value.value + 0 };
    default:
      return { type: 'other', value: attributeText(value) };
  }
}

function otherValue(bytes: Uint8Array): PlainValue {
  return { type: 'other', value: attributeText(decodeAnyValue(bytes)) };
}

/** −0 is shown as 0. */
function doubleOf(text: string): number {
  if (text === 'nan' || text === '-nan') return Number.NaN;
  if (text === 'inf') return Number.POSITIVE_INFINITY;
  return text === '-inf' ? Number.NEGATIVE_INFINITY : Number(text) + 0;
}
