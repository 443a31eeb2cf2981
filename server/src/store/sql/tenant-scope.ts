import { namesOfReadTenant } from '../../config/read-tenant.ts';
import { SqlParameters, type SqlValue } from './sql-parameters.ts';

/** Tables with rows of tenants. Every table of the schema is one. */
export type TenantTable =
  | 'spans'
  | 'resources'
  | 'scopes'
  | 'operations'
  | 'attribute_keys'
  | 'trace_times'
  | 'span_minutes'
  | 'span_minutes_since';

/** What `TenantScope.from` writes, up to something that cannot widen the condition. Before it nothing else is read. */
const SCOPED_SOURCE =
  /\bFROM [a-z_]+ (?:PREWHERE (?:(?!\b(?:FROM|JOIN)\b)[^'])+ )?WHERE tenant (?:= \{tenant:String\}|IN \{tenant:Array\(String\)\})(?=\s*$|\s*\)|\s+(?:AND|GROUP|ORDER|LIMIT)\b)/g;
const OTHER_SOURCE = /\b(?:FROM|JOIN)\s+(?!\()\S+/i;

/** Known to this module only: nobody else can make a TenantStatement. */
const MADE_BY_SCOPE = Symbol('made by TenantScope');

/** A statement all of whose tables are filtered by tenant. The reader runs nothing else. */
export class TenantStatement {
  readonly text: string;
  readonly parameters: Readonly<Record<string, SqlValue>>;

  constructor(key: typeof MADE_BY_SCOPE, text: string, parameters: Readonly<Record<string, SqlValue>>) {
    if (key !== MADE_BY_SCOPE) throw new TypeError('TenantStatement: made by TenantScope.statement() only.');
    this.text = text;
    this.parameters = parameters;
  }
}

/**
 * The one place where the tenant filter enters a statement. One scope per statement:
 *
 *     const scope = new TenantScope(tenant);
 *     scope.statement(`SELECT count() ${scope.from('spans', [`name = ${scope.parameters.string(name)}`])}`);
 *
 * A table can be named through `from()` only: `statement()` refuses text in which a FROM or JOIN reads anything else
 * than such a source or a subquery.
 */
export class TenantScope {
  readonly parameters = new SqlParameters();
  readonly #condition: string;

  /** @param tenant one name, or several joined by `|`, as read-tenant.ts makes it. */
  constructor(tenant: string) {
    const names = namesOfReadTenant(tenant);
    const [first] = names;
    this.#condition =
      names.length === 1
        ? `tenant = ${this.parameters.name('tenant', 'String', first)}`
        : `tenant IN ${this.parameters.name('tenant', 'Array(String)', names)}`;
  }

  /**
   * `FROM table WHERE tenant = … AND (condition) AND …`.
   * @param first a condition that leaves next to nothing: read before all others, which are then read of its rows only.
   * One with a subquery is a condition like the others.
   */
  from(table: TenantTable, conditions: readonly string[] = [], first?: string): string {
    const isFirst = first !== undefined && !OTHER_SOURCE.test(first);
    const all = first === undefined || isFirst ? conditions : [...conditions, first];
    const source = `FROM ${table}${isFirst ? ` PREWHERE ${first}` : ''} WHERE ${this.#condition}`;
    return [source, ...all.map((condition) => `(${condition})`)].join(' AND ');
  }

  /** @throws Error when the text reads a table that did not come from `from()`: a mistake in the caller. */
  statement(text: string): TenantStatement {
    const other = OTHER_SOURCE.exec(text.replace(SCOPED_SOURCE, ''));
    if (other !== null) throw new Error(`statement without tenant filter: "${other[0]}". Use TenantScope.from().`);
    return new TenantStatement(MADE_BY_SCOPE, text, this.parameters.values);
  }
}
