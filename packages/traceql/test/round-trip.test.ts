import { generateTraceData } from '@clew/testkit/generate-trace-data';
import { Random } from '@clew/testkit/random';
import { buildVocabulary, randomExpression, randomFilter } from '@clew/testkit/random-filter';
import { describe, expect, it } from 'vitest';
import { layoutQuery } from '../src/format.ts';
import {
  buildQuery,
  completionContext,
  isSameExpression,
  isSameQuery,
  normalizeFilter,
  parseFilterQuery,
  parseFilterSyntax,
  parseQuery,
  parseSyntax,
  printQuery,
  TraceqlError,
  validateFilter,
} from '../src/index.ts';
import { checkRegex } from '../src/validate-regex.ts';
import { randomTree } from './random-tree.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? 20_260_821);

describe(`random queries (seed ${SEED})`, () => {
  const vocabulary = buildVocabulary(generateTraceData({ seed: SEED, maxResources: 8 }));

  it('print and read back as the same tree, whatever the language allows', () => {
    const random = new Random(SEED);
    const different: string[] = [];
    for (let i = 0; i < 1_500; i++) {
      const expression = randomExpression(random, vocabulary);
      const printed = printQuery(buildQuery(expression));
      const again = parseFilterSyntax(printed).expression;
      if (!isSameExpression(again, expression)) different.push(printed);
    }
    expect(different).toEqual([]);
  });

  it('are valid where they are meant to be, and keep their meaning through normalizing and printing', () => {
    const random = new Random(SEED + 1);
    const different: string[] = [];
    for (let i = 0; i < 1_500; i++) {
      const filter = randomFilter(random, vocabulary);
      validateFilter(filter, { checkRegex });
      const printed = printQuery(buildQuery(filter));
      if (!isSameExpression(parseFilterQuery(printed, { checkRegex }).expression, filter)) different.push(printed);
      const normal = normalizeFilter(filter);
      if (!isSameExpression(normalizeFilter(normal), normal)) different.push(printed);
    }
    expect(different).toEqual([]);
  });
});

describe(`random trees of the whole language (seed ${SEED})`, () => {
  it('print and read back as the same tree, on one line and on many', () => {
    const random = new Random(SEED + 3);
    const different: string[] = [];
    for (let i = 0; i < 1_000; i++) {
      const tree = randomTree(random);
      const printed = printQuery(tree);
      const texts = [printed, layoutQuery(tree, random.between(1, 100))];
      for (const text of texts) {
        const again = parseSyntax(text);
        if (!isSameQuery(again, tree) || printQuery(again) !== printed) different.push(text);
      }
    }
    expect(different).toEqual([]);
  });
});

const FRAGMENTS = [
  ...['{', '}', '(', ')', '{ ', ' }', ' ', '\n', '.a', 'span.b', 'resource.service.name', '."q', '"', '`', "'", '\\'],
  ...['=', '!=', '<', '<=', '>', '>=', '=~', '!~', '&&', '||', '!', '-', '+', '*', '/', '%', '^', '|', '>>', '&<<'],
  ...['name', 'duration', 'status', 'error', 'kind', 'nil', 'true', 'parent', 'span:id', 'trace:', 'event:name', 'foo'],
  ...[
    '1',
    '1.5',
    '1s',
    '1h30m',
    '9223372036854775808',
    '1e999',
    '5x',
    '.5',
    ',',
    'count()',
    'by(',
    'select(',
    'rate()',
  ],
  ...[
    'topk(5)',
    'with(',
    'coalesce()',
    ...[
      '&&',
      '!>>',
      '~',
      '&>',
      'avg(',
      'compare(',
      'bottomk(',
      'sample=true',
      'parent.span.',
      'event.',
      ') | ',
      '} >> {',
    ],
    'quantile_over_time(',
    'compare({',
    '//',
    '/*',
    '*/',
    '\ud800',
    '\u0000',
    '😀',
    ' ',
  ],
];

describe(`garbage (seed ${SEED})`, () => {
  it.each([
    ['fragments of the language', (random: Random) => random.list(0, 14, () => random.pick(FRAGMENTS)).join('')],
    ['characters', (random: Random) => String.fromCharCode(...random.list(0, 30, () => random.below(0x10000)))],
    [
      'a query with one character changed',
      (random: Random) => {
        const query =
          '({ resource."a b" =~ "x\\d" && !(duration > 1h30m || parent.c = nil) } &>> { .d } | by(name) | count() > 2 ' +
          '| quantile_over_time(duration, .5) by(.x) > 3 | topk(5)) / ({ } | rate()) with (sample=true)';
        const at = random.below(query.length);
        return query.slice(0, at) + random.pick(FRAGMENTS) + query.slice(at + random.below(3));
      },
    ],
  ])('of %s is a query or a TraceqlError inside the text, and never stops completion', (_, make) => {
    const random = new Random(SEED + 2);
    const wrong: string[] = [];
    for (let i = 0; i < 2_000; i++) {
      const text = make(random);
      try {
        const query = parseQuery(text, { checkRegex });
        const again = parseQuery(printQuery(query));
        if (!isSameQuery(again, query)) wrong.push(text);
      } catch (error) {
        if (!(error instanceof TraceqlError))
          throw new Error(`${JSON.stringify(text)} breaks the parser`, { cause: error });
        const isInside = 0 <= error.from && error.from <= error.to && error.to <= text.length;
        if (!isInside || !error.message.endsWith('.') || error.detail.length > 1_000) wrong.push(text);
      }
      completionContext(text, random.below(text.length + 1));
    }
    expect(wrong).toEqual([]);
  });
});
