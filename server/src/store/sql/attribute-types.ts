import type { FieldExpression } from '@clew/traceql';
import { TenantScope, type TenantStatement } from './tenant-scope.ts';

/** The scopes of the catalogue of keys; instrumentation: attributes of instrumentation scopes. */
export type AttributeOwner = 'span' | 'resource' | 'event' | 'link' | 'instrumentation';

/** A row of the answer to `attributeTypesStatement`. */
export interface AttributeTypesRow {
  readonly owner: AttributeOwner;
  readonly key: string;
  readonly types: readonly number[];
}

/**
 * The types (OTLP AnyValue field numbers) each key of a filter was ever stored with. The catalogue of keys is written
 * before the spans, so what it does not have no span has: places where a value cannot be need not be read.
 */
export class AttributeTypes {
  readonly #types: ReadonlyMap<string, ReadonlySet<number>>;

  constructor(rows: readonly AttributeTypesRow[]) {
    this.#types = new Map(rows.map(({ owner, key, types }) => [`${owner} ${key}`, new Set(types)]));
  }

  of(owner: AttributeOwner, key: string): ReadonlySet<number> {
    return this.#types.get(`${owner} ${key}`) ?? NONE;
  }
}

const NONE: ReadonlySet<number> = new Set();

export function attributeTypesStatement(tenant: string, keys: readonly string[]): TenantStatement {
  const scope = new TenantScope(tenant);
  const source = scope.from('attribute_keys', [`key IN (SELECT arrayJoin(${scope.parameters.strings(keys)}))`]);
  return scope.statement(
    `SELECT toString(scope) AS owner, key, groupUniqArray(type) AS types ${source} GROUP BY owner, key`,
  );
}

/** The attribute keys an expression names, each once. */
export function attributeKeysOf(expression: FieldExpression): string[] {
  const keys = new Set<string>();
  const open: FieldExpression[] = [expression];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    switch (next.kind) {
      case 'attribute':
        keys.add(next.key);
        break;
      case 'not':
      case 'negate':
        open.push(next.operand);
        break;
      case 'comparison':
      case 'logical':
      case 'arithmetic':
        open.push(next.left, next.right);
        break;
    }
  }
  return [...keys];
}
