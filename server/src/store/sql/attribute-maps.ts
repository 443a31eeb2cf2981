import { PROMOTED_ATTRIBUTES, type PromotedAttribute } from '../schema/promoted-attributes.ts';
import type { SqlParameters } from './sql-parameters.ts';
import { anyOf, type Literal, type ValueBranch, type ValueLabel, type ValueType } from './value-branch.ts';

/** The typed maps of spans and of resources: the same names in both tables. */
const MAPS: readonly { readonly column: string; readonly type: ValueType; readonly label: ValueLabel }[] = [
  { column: 'attributes_string', type: 'string', label: 'string' },
  { column: 'attributes_int', type: 'number', label: 'int' },
  { column: 'attributes_double', type: 'number', label: 'double' },
  { column: 'attributes_bool', type: 'bool', label: 'bool' },
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

  /** @param hasPromoted whether the row has the promoted columns too: spans do, resources do not. */
  constructor(key: string, parameters: SqlParameters, hasPromoted: boolean) {
    this.#key = parameters.string(key);
    this.#parameters = parameters;
    this.#promoted = hasPromoted ? PROMOTED.get(key) : undefined;
  }

  /** Whether the attribute is there, of whatever type. */
  get exists(): string {
    const conditions = [...MAPS.map(({ column }) => column), OTHER_MAP].map((column) => this.#contains(column));
    const promoted = this.#promoted;
    if (promoted !== undefined) conditions.unshift(`${promoted.column} != ${isText(promoted) ? "''" : '0'}`);
    return anyOf(conditions);
  }

  branches(): ValueBranch[] {
    const promoted = this.#promoted;
    return MAPS.flatMap(({ column, type, label }): ValueBranch[] => {
      if (promoted !== undefined && isText(promoted) && column === 'attributes_string') {
        return this.#promotedText(promoted);
      }
      if (promoted !== undefined && !isText(promoted) && column === 'attributes_int') {
        return this.#promotedInt(promoted);
      }
      return [this.#mapBranch(column, type, label)];
    });
  }

  #contains(column: string): string {
    return `mapContains(${column}, ${this.#key})`;
  }

  #mapBranch(column: string, type: ValueType, label: ValueLabel): ValueBranch {
    const value = `${column}[${this.#key}]`;
    const branch = { type, label, when: this.#contains(column), value };
    if (type !== 'string') return branch;
    return {
      ...branch,
      // `has` is what the bloom filter over all values prunes by. A missing key reads as '', so any other text
      // proves that the key is there.
      equals: ({ constant, sql }) =>
        constant === '' ? undefined : `(has(mapValues(${column}), ${sql}) AND ${value} = ${sql})`,
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
      },
      {
        type: 'string',
        label: 'string',
        when: `(${column} = '' AND ${this.#contains('attributes_string')})`,
        // A literal: what compares it with a literal is folded, and often spares reading the map.
        value: "''",
        equals: ({ constant }) => (constant === '' ? undefined : 'false'),
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

function isText({ columnType }: PromotedAttribute): boolean {
  return columnType !== 'UInt16';
}
