import { type FieldExpression, parseFilterSyntax } from '@clew/traceql';
import { describe, expect, it } from 'vitest';
import { candidatesStatement } from '../read/search/candidate-walk.ts';
import { AttributeTypes, attributeKeysOf } from './attribute-types.ts';
import { compileBounds, compileFilter, decisionContext } from './compile-filter.ts';
import { TenantScope } from './tenant-scope.ts';

const RANGE = { fromUnixNano: 1_760_000_000_000_000_000n, toUnixNano: 1_760_000_300_000_000_000n };

/** To rewrite the files after an intended change: npx vitest run -u --project unit compile-filter */
const GOLDEN: Readonly<Record<string, string>> = {
  everything: '{ }',
  'promoted-text': '{ span.http.route = "/cart" }',
  'promoted-empty-text': '{ span.http.route = "" }',
  'promoted-number': '{ span.http.response.status_code >= 500 }',
  'promoted-number-equal': '{ span.http.response.status_code = 404 }',
  'unpromoted-text': '{ span.cart.id = "c-1" }',
  'unpromoted-number': '{ span.items > 3.5 }',
  unscoped: '{ .region = "eu" }',
  'service-name': '{ resource.service.name = "cart" && duration > 1s && status = error }',
  'service-name-pattern': '{ resource.service.name =~ "ca.*" }',
  existence: '{ span.user.id != nil && resource.region = nil }',
  negation: '{ !(name = "GET /" || kind = server) }',
  'span-ids': '{ trace:id = "1f" || span:parentID = "abc" }',
  'trace-facts': '{ rootName = "checkout" && traceDuration > 2s }',
};

/** Further shapes of the field language. */
const GOLDEN_FURTHER: Readonly<Record<string, string>> = {
  arithmetic: '{ span.items * 2 + 1 > duration / 1ms }',
  'field-against-field': '{ span.a = resource.a }',
  'condition-as-value': '{ (name = "a") != (status = error) }',
  'event-attribute': '{ event.level = "warn" }',
  'event-attribute-none': '{ event.level != "warn" }',
  'event-intrinsics': '{ event:name =~ "ex.*" && event:timeSinceStart < 1ms }',
  links: '{ link:traceID = "1f" || link.kind != nil }',
  instrumentation: '{ instrumentation:name = "net/http" && instrumentation.lang = "go" }',
  parent: '{ parent != nil && parent.span.region = "eu" }',
  'nested-set-root': '{ nestedSetParent < 0 }',
  'texts-of-one-field': '{ span.cart.id = "a" || span.cart.id = "b" || resource.service.name =~ "x|y" }',
  'text-with-gaps': '{ name =~ ".*foo.*|GET_/.*" && span.cart.id !~ "a[0-9]+" }',
  'trace-fact-against-field': '{ rootName = name }',
};

/** The same as stored with these types only, as the catalogue of keys tells. */
const GOLDEN_TYPED: Readonly<Record<string, string>> = {
  'typed-promoted-number': '{ span.http.response.status_code = 404 }',
  'typed-unscoped': '{ .region = "eu" }',
  'typed-never-stored': '{ .nothing = "x" || .nothing != nil }',
};

const TYPES = new AttributeTypes([
  { owner: 'span', key: 'http.response.status_code', types: [3] },
  { owner: 'resource', key: 'region', types: [1] },
]);

const SCALARS = [1, 2, 3, 4, 6];

/** Every attribute of the filter stored with these types; without more, with every type but arrays. */
function typesOf(filter: FieldExpression, types: readonly number[] = SCALARS): AttributeTypes {
  const owners = ['span', 'resource', 'event', 'link', 'instrumentation'] as const;
  const keys = attributeKeysOf(filter);
  return new AttributeTypes(owners.flatMap((owner) => keys.map((key) => ({ owner, key, types }))));
}

function printed(text: string, types?: AttributeTypes): string {
  const filter = parseFilterSyntax(text).expression;
  const slice = { range: RANGE, position: undefined, count: 20 };
  const { text: sql, parameters } = candidatesStatement('acme', filter, slice, types ?? typesOf(filter));
  const values = Object.entries(parameters).map(([name, value]) => `-- ${name}: ${JSON.stringify(value)}`);
  const broken = sql.replaceAll(/ (FROM|WHERE|GROUP BY|ORDER BY|HAVING) /g, '\n$1 ').replaceAll(' AND (', '\n  AND (');
  return `-- ${text}\n${broken}\n${values.join('\n')}\n`;
}

describe('the SQL of a search', () => {
  it.each(Object.entries(GOLDEN))('is as recorded: %s', async (name, text) => {
    await expect(printed(text)).toMatchFileSnapshot(`golden/${name}.golden.sql`);
  });

  it.each(Object.entries(GOLDEN_FURTHER))('is as recorded in further shapes: %s', async (name, text) => {
    const { expression } = parseFilterSyntax(text);
    const scope = new TenantScope('acme');
    const { sql, exact } = compileBounds(expression, { scope, range: RANGE, types: typesOf(expression, [1, 3]) });
    const values = Object.entries(scope.parameters.values).map(([key, value]) => `-- ${key}: ${JSON.stringify(value)}`);
    const recorded = `-- ${text}: ${exact ? 'exact' : 'necessary'}\n${sql}\n${values.join('\n')}\n`;
    await expect(recorded).toMatchFileSnapshot(`golden/${name}.golden.sql`);
  });

  it('reads arrays only where the catalogue has some', async () => {
    const { expression } = parseFilterSyntax('{ span.tags = "x" }');
    const sqlFor = (types: readonly number[]): string =>
      compileBounds(expression, { scope: new TenantScope('t'), range: RANGE, types: typesOf(expression, types) }).sql;
    expect(sqlFor([1])).not.toContain('attributes_other');
    expect(sqlFor([5])).toContain('attributes_other');
  });

  it('gives up exactness rather than outgrow the engine', () => {
    const chain = Array.from({ length: 300 }, (_, i) => `.a${i} = .b${i}`).join(' || ');
    const { expression } = parseFilterSyntax(`{ ${chain} }`);
    const scope = new TenantScope('t');
    expect(compileBounds(expression, { scope, range: RANGE })).toEqual({ sql: 'true', exact: false });
    expect(() => compileFilter(expression, { scope, range: RANGE })).toThrow(/cannot be decided in the store/);
  });

  it('says in every statement what it decided to say, however long the names of parameters are in it', () => {
    const isDecided = (filter: FieldExpression): boolean => compileBounds(filter, decisionContext('t')).exact;
    const longestOf = (part: (index: number) => string, before: string): string => {
      let chain = before;
      for (let i = 0; i < 200; i++) {
        const next = `${chain} || ${part(i)}`;
        if (!isDecided(parseFilterSyntax(`{ ${next} }`).expression)) return chain;
        chain = next;
      }
      return expect.fail('there is no limit');
    };
    const parts = [
      (i: number) => `.a${i} = span.b${i}`,
      (i: number) => `.c${i} < 1`,
      (i: number) => `duration > ${i}ns`,
    ];
    const chain = parts.reduce((before, part) => longestOf(part, before), 'status = error');
    const longest = parseFilterSyntax(`{ ${chain} }`).expression;
    const scope = new TenantScope('t');
    for (let others = 0; others < 20_000; others++) scope.parameters.int64(BigInt(others));
    expect(compileBounds(longest, { scope, range: RANGE }).exact).toBe(false);
    expect(compileFilter(longest, { scope, range: RANGE })).toContain(' OR ');
  });

  it.each(Object.entries(GOLDEN_TYPED))('reads no place where a value cannot be: %s', async (name, text) => {
    await expect(printed(text, TYPES)).toMatchFileSnapshot(`golden/${name}.golden.sql`);
  });

  it('holds no text of the query, only bound values', () => {
    const evil = "x' OR 1=1 --";
    const texts = [
      'span."KEY" = "VALUE"',
      '."KEY" =~ "VALUE"',
      'name = "VALUE"',
      'rootName != "VALUE"',
      'resource."KEY" != nil',
    ];
    for (const text of texts) {
      const scope = new TenantScope(evil);
      const filter = parseFilterSyntax(`{ ${text.replace('KEY', evil).replace('VALUE', evil)} }`).expression;
      expect(compileFilter(filter, { scope, range: RANGE })).not.toContain('1=1');
      expect(JSON.stringify(scope.parameters.values)).toContain('1=1');
    }
  });

  it('keeps a chain of hundreds of conditions flat', () => {
    const chain = Array.from({ length: 400 }, (_, i) => `name = "${i}"`).join(' || ');
    const scope = new TenantScope('t');
    const sql = compileFilter(parseFilterSyntax(`{ ${chain} }`).expression, { scope, range: RANGE });
    expect(sql.match(/\(/g)).toHaveLength(1);
  });
});
