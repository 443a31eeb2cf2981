import { TYPE_ARRAY, TYPE_BOOL, TYPE_DOUBLE, TYPE_INT, TYPE_STRING } from '@clew/model';
import { PROMOTED_ATTRIBUTES, type PromotedAttribute } from '../schema/promoted-attributes.ts';
import { arrayElements } from './any-value-array.ts';
import type { AttributeOwner, AttributeTypes } from './attribute-types.ts';
import type { ManyValues } from './many-values.ts';
import type { SqlParameters } from './sql-parameters.ts';
import { columnsOf, type TypedValue } from './typed-value.ts';
import { anyOf, type Literal, type ValueBranch, type ValueLabel, type ValueType } from './value-branch.ts';

interface TypedMap {
  readonly column: string;
  readonly type: ValueType;
  readonly label: ValueLabel;
  /** Field number in OTLP's AnyValue. */
  readonly stored: number;
}

/** The typed maps of spans and of resources: the same names in both tables. */
const MAPS: readonly TypedMap[] = [
  { column: 'attributes_string', type: 'string', label: 'string', stored: TYPE_STRING },
  { column: 'attributes_int', type: 'number', label: 'int', stored: TYPE_INT },
  { column: 'attributes_double', type: 'number', label: 'double', stored: TYPE_DOUBLE },
  { column: 'attributes_bool', type: 'bool', label: 'bool', stored: TYPE_BOOL },
];
/** Values TraceQL has no type for: there, but equal to nothing. */
const OTHER_MAP = 'attributes_other';

const PROMOTED: ReadonlyMap<string, PromotedAttribute> = new Map(
  PROMOTED_ATTRIBUTES.map((attribute) => [attribute.key, attribute]),
);

/** The SQL of one attribute, in the row of a table that has the typed maps. */
export class AttributeMaps {
  readonly #key: string;
  readonly #parameters: SqlParameters;
  readonly #promoted: PromotedAttribute | undefined;
  readonly #maps: readonly TypedMap[];
  readonly #mayBeOther: boolean;
  readonly #mayBeArray: boolean;

  /**
   * @param owner spans have the promoted columns too, resources do not.
   * @param types with which the key is stored; left out, every type is looked for.
   */
  constructor(key: string, parameters: SqlParameters, owner: AttributeOwner, types?: AttributeTypes) {
    this.#key = parameters.string(key);
    this.#parameters = parameters;
    const stored = types?.of(owner, key);
    this.#maps = MAPS.filter((map) => stored === undefined || stored.has(map.stored));
    this.#mayBeOther = stored === undefined || [...stored].some((type) => !MAPS.some((map) => map.stored === type));
    this.#mayBeArray = stored === undefined || stored.has(TYPE_ARRAY);
    const promoted = owner === 'span' ? PROMOTED.get(key) : undefined;
    const isStored = promoted !== undefined && this.#maps.some(({ column }) => column === mapOf(promoted));
    this.#promoted = isStored ? promoted : undefined;
  }

  /** Whether the attribute is there, of whatever type. */
  get exists(): string {
    const columns = this.#maps.map(({ column }) => column);
    if (this.#mayBeOther) columns.push(OTHER_MAP);
    const conditions = columns.map((column) => this.#contains(column));
    const promoted = this.#promoted;
    if (promoted !== undefined) conditions.unshift(`${promoted.column} != ${isText(promoted) ? "''" : '0'}`);
    return anyOf(conditions);
  }

  /** The elements of arrays, or undefined where the attribute is none. */
  get many(): ManyValues | undefined {
    return this.#mayBeArray ? { ...arrayElements(this.#other), when: this.#contains(OTHER_MAP) } : undefined;
  }

  /** Nullable(String): the bytes of values that are no branch, or undefined where there are none. */
  get other(): string | undefined {
    return this.#mayBeOther ? `if(${this.#contains(OTHER_MAP)}, ${this.#other}, NULL)` : undefined;
  }

  get value(): TypedValue {
    const { many, other } = this;
    return {
      columns: columnsOf(this.branches()),
      exists: this.exists,
      ...(many !== undefined && { many }),
      ...(other !== undefined && { other }),
    };
  }

  get #other(): string {
    return `${OTHER_MAP}[${this.#key}]`;
  }

  branches(): ValueBranch[] {
    const promoted = this.#promoted;
    return this.#maps.flatMap((map): ValueBranch[] => {
      if (promoted === undefined || map.column !== mapOf(promoted)) return [this.#mapBranch(map)];
      return isText(promoted) ? this.#promotedText(promoted) : this.#promotedInt(promoted);
    });
  }

  #contains(column: string): string {
    return `mapContains(${column}, ${this.#key})`;
  }

  #mapBranch({ column, type, label }: TypedMap): ValueBranch {
    const value = `${column}[${this.#key}]`;
    const branch = { type, label, when: this.#contains(column), value };
    if (type !== 'string') return branch;
    return {
      ...branch,
      // `has` is what the bloom filter over all values prunes by. A missing key reads as '', so any other text
      // proves that the key is there.
      equals: ({ constant, sql }) =>
        constant === '' ? undefined : `(has(mapValues(${column}), ${sql}) AND ${value} = ${sql})`,
      oneOf: ({ texts, sql }) =>
        texts.includes('') ? undefined : `(hasAny(mapValues(${column}), ${sql}) AND ${value} IN ${sql})`,
    };
  }

  /** The column has every text but the empty one, which stays in the map. */
  #promotedText({ column }: PromotedAttribute): ValueBranch[] {
    return [
      {
        type: 'string',
        label: 'string',
        when: `${column} != ''`,
        value: column,
        equals: ({ constant, sql }) => (constant === '' ? 'false' : `${column} = ${sql}`),
        oneOf: ({ texts, sql }) => (texts.includes('') ? undefined : `${column} IN ${sql}`),
      },
      {
        type: 'string',
        label: 'string',
        when: `(${column} = '' AND ${this.#contains('attributes_string')})`,
        // A literal: what compares it with a literal is folded, and often spares reading the map.
        value: "''",
        equals: ({ constant }) => (constant === '' ? undefined : 'false'),
        oneOf: ({ texts }) => (texts.includes('') ? undefined : 'false'),
      },
    ];
  }

  /** The column has the numbers 1 to 65535, the others stay in the map. */
  #promotedInt({ column }: PromotedAttribute): ValueBranch[] {
    return [
      {
        type: 'number',
        label: 'int',
        when: `${column} != 0`,
        value: column,
        equals: ({ constant }) =>
          isPromotedInt(constant) ? `${column} = ${this.#parameters.uint64(constant)}` : undefined,
      },
      {
        type: 'number',
        label: 'int',
        when: `(${column} = 0 AND ${this.#contains('attributes_int')})`,
        value: `attributes_int[${this.#key}]`,
        equals: ({ constant }) => (isPromotedInt(constant) ? 'false' : undefined),
      },
    ];
  }
}

function isPromotedInt(constant: Literal['constant']): constant is bigint {
  return typeof constant === 'bigint' && constant >= 1n && constant <= 65_535n;
}

/** Where values of a promoted attribute lie that the column cannot hold. */
function mapOf(promoted: PromotedAttribute): string {
  return isText(promoted) ? 'attributes_string' : 'attributes_int';
}

function isText({ columnType }: PromotedAttribute): boolean {
  return columnType !== 'UInt16';
}
