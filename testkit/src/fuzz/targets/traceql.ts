import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  completionContext,
  formatQuery,
  isSameExpression,
  isSameQuery,
  normalizeFilter,
  parseQuery,
  parseSyntax,
  printQuery,
  soleFilter,
  TraceqlError,
} from '@clew/traceql';
import { checkRegex } from '@clew/traceql/validate-regex';
import { compileFilter } from '../../../../server/src/store/sql/compile-filter.ts';
import { TenantScope } from '../../../../server/src/store/sql/tenant-scope.ts';
import { type CorpusInput, FuzzFinding, type FuzzTarget, magnitude, utf8 } from '../fuzz-target.ts';

const RANGE = { fromUnixNano: 0n, toUnixNano: 2n ** 63n };
const WORDS = [
  ...[
    '{',
    '}',
    '(',
    ')',
    '"',
    '`',
    "'",
    '\\',
    '/*',
    '*/',
    '//',
    '&&',
    '||',
    '!',
    '-',
    '=~',
    '!~',
    '!=',
    '>>',
    '|',
    ' by ',
  ],
  ...[
    '.a',
    'span.',
    'resource.',
    'parent.',
    'event:name',
    'trace:id',
    'span:duration',
    'status',
    'kind',
    'nil',
    'true',
  ],
  ...[
    '1h30m',
    '1e309',
    '0x1f',
    '9223372036854775808',
    '-0.0',
    'minInt',
    '\\u{110000}',
    '\\xff',
    'count()',
    'rate()',
    'select',
  ],
  ...[' && ', ' || ', '&>>', '!~', ' | ', '} | {', ') && (', 'by(name)', 'coalesce()', 'avg(duration)', ' > 2'],
  ...['quantile_over_time(', 'compare({', 'topk(', ' with (sample=true)', 'parent.span.', 'event.', 'link:spanID'],
];

/** Lexer, parser, checks, printer, completion and the compiler to SQL. */
export function traceqlTarget(): FuzzTarget {
  return {
    name: 'traceql',
    style: 'text',
    dictionary: WORDS.map(utf8),
    seeds,
    check(input) {
      const text = new TextDecoder().decode(input);
      completionContext(text, input.length % (text.length + 1));
      try {
        const query = parseQuery(text, { checkRegex });
        const printed = printQuery(query);
        if (!isSameQuery(parseSyntax(printed), query)) {
          throw new FuzzFinding(`printed and read back it is another query: "${printed}"`);
        }
        if (!isSameQuery(parseSyntax(formatQuery(text)), query))
          throw new FuzzFinding(`formatted differently: "${text}"`);
        const filter = soleFilter(query);
        if (filter === undefined) return `accepted ${query.kind}`;
        const normal = normalizeFilter(filter.expression);
        if (!isSameExpression(normalizeFilter(normal), normal)) throw new FuzzFinding(`normal twice: "${printed}"`);
        const scope = new TenantScope('acme');
        const sql = compileFilter(filter.expression, { scope, range: RANGE });
        // Throws when text of the query has got into the SQL and reads a table.
        scope.statement(`SELECT count() ${scope.from('spans', [sql])}`);
        // Two fields of unknown types are compared type by type: 150,000 characters for `.a != .b`. More than in
        // proportion would be too much.
        if (sql.length > 25_000 * (text.length + 1)) throw new FuzzFinding(`SQL of ${sql.length} characters`);
        return `accepted ${filter.expression.kind} ${magnitude(sql.length)}`;
      } catch (error) {
        if (!(error instanceof TraceqlError)) throw error;
        if (!(0 <= error.from && error.from <= error.to && error.to <= text.length)) {
          throw new FuzzFinding(`${error.from} to ${error.to} is not in the text: ${error.message}`);
        }
        // The messages quote the query: how far it was read tells more.
        return `${error.code} ${magnitude(error.from)} ${magnitude(text.length)}`;
      }
    },
  };
}

/** One line in ten of the language's own corpus (to be run from the root), and what parsers stumble over. */
function seeds(): CorpusInput[] {
  const folder = join(process.cwd(), 'packages/traceql/corpus');
  const lines = ['valid', 'not-yet', 'syntax-errors', 'type-errors'].flatMap((name) =>
    readFileSync(join(folder, `${name}.txt`), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !/^(?:#| {2}[>=] )/.test(line))
      .map((line) => line.replace(/^\d+-\d+ {2}/, '')),
  );
  const queries = [
    ...lines.filter((_, i) => i % 10 === 0),
    `{ ${'('.repeat(120)}true${')'.repeat(120)} }`,
    `{ ${'!'.repeat(200)}true }`,
    '{ .a =~ "(a+)+$" && name =~ "x{1000}{1000}" }',
    '{ ."\\u{1f600}" = "\\x00\\xff" }',
  ];
  return queries.map((query, i) => ({ name: String(i).padStart(3, '0'), bytes: utf8(query) }));
}
