import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { limitsOf } from './config.ts';
import { ConfigError } from './config-error.ts';
import { type ResolvedConfig, resolveConfig } from './load-config.ts';
import { MEMORY_SHARES } from './memory-shares.ts';
import { printConfig } from './print-config.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'clew-tenants-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true });
});

function resolve(source: string, flags: Record<string, string> = {}): ResolvedConfig {
  writeFileSync(join(cwd, 'clew.yaml'), source);
  return resolveConfig({ cwd, env: {}, flags });
}

function problemsOf(source: string): readonly string[] {
  try {
    resolve(source);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ where, message }) => `${where}: ${message}`);
    throw error;
  }
  return [];
}

const SHOP = `limits:
  spansPerSecond: 500
  bodyBytes: 2MiB
tenants:
  shop:
    limits:
      spansPerSecond: 20000
      attributeValueBytes: 4KiB
    retentionDays: 7
  __proto__:
    retentionDays: 1
  quiet:
`;

describe('section tenants', () => {
  it("puts a tenant's own limits on top of everyone's", () => {
    const { config } = resolve(SHOP);
    expect(config.tenants.get('shop')).toMatchObject({
      limits: { spansPerSecond: 20_000, attributeValueBytes: 4096, bodyBytes: 2 * 2 ** 20, spansPerTrace: 1_000_000 },
      retentionDays: 7,
    });
    expect(limitsOf(config, 'shop').spansPerSecond).toBe(20_000);
    expect(limitsOf(config, 'quiet')).toEqual(config.limits);
    expect(limitsOf(config, 'never heard of')).toBe(config.limits);
    expect(limitsOf(config, 'constructor')).toBe(config.limits);
    expect([...config.tenants.keys()]).toEqual(['shop', '__proto__', 'quiet']);
    expect(config.tenants.get('__proto__')?.retentionDays).toBe(1);
  });

  it('takes everyone’s limits from flags and the environment, tenants from the file alone', () => {
    const { config } = resolve(SHOP, { 'limits-spans-per-second': '9', 'limits-body-bytes': '3m' });
    expect(config.limits).toMatchObject({ spansPerSecond: 9, bodyBytes: 3 * 2 ** 20 });
    expect(limitsOf(config, 'shop')).toMatchObject({ spansPerSecond: 20_000, bodyBytes: 3 * 2 ** 20 });
  });

  it('prints what a tenant has of its own, and reads it back', () => {
    const printed = printConfig(resolve(SHOP));
    expect(printed).toMatch(/^ {6}spansPerSecond: 20000 +# clew\.yaml:7:23$/m);
    expect(printed).toMatch(/^ {6}attributeValueBytes: 4KiB +# /m);
    const again = resolve(printed.replaceAll(/^ *dataDir.*$/gm, ''));
    expect([...again.config.tenants]).toEqual([...resolve(SHOP).config.tenants]);
    expect(Object.keys(parse(printed) as object)).toContain('tenants');
  });

  it('says place, value, bound and what to do about every mistake', () => {
    expect(
      problemsOf(
        'tenants:\n  shop:\n    limits:\n      spansPerSecond: many\n      bodyBites: 1\n    retentionDays: -1\n' +
          '    spansPerSecond: 5\n  "a b": {}\n  other: 7\n',
      ),
    ).toEqual([
      'clew.yaml:5:7: there is no setting "tenants.shop.limits.bodyBites". Did you mean "tenants.shop.limits.bodyBytes"?',
      'clew.yaml:7:5: there is no setting "tenants.shop.spansPerSecond". Did you mean "tenants.shop.limits.spansPerSecond"?',
      `clew.yaml:8:3: tenants: "a b" is not a tenant name (1 to 150 of a-z, A-Z, 0-9 and !_.*'()-). Correct it.`,
      'clew.yaml:9:10: tenants.other is not a mapping. Write its keys indented below.',
      'clew.yaml:4:23: tenants.shop.limits.spansPerSecond is "many", must be a whole number from 0 to 1000000000. Change it or remove it.',
      'clew.yaml:6:20: tenants.shop.retentionDays is -1, must be a whole number from 0 to 36500. Change it or remove it.',
    ]);
    expect(problemsOf('tenants:\n  shop:\n    colour: red\n')).toEqual([
      'clew.yaml:3:5: there is no setting "tenants.shop.colour". tenants.shop has limits, retentionDays.',
    ]);
    expect(problemsOf('tenant:\n  shop: {}\n')[0]).toContain('Did you mean "tenants"?');
  });
});

describe('memory.limitBytes', () => {
  it('divides itself among the settings nobody set', () => {
    const { config, origins } = resolve(
      'memory: { limitBytes: 4GiB }\nstore: { engineMemoryBytes: 1GiB, queryMemoryBytes: 512MiB }\n',
    );
    expect(config.store.engineMemoryBytes).toBe(2 ** 30);
    expect(config.ingest.maxInFlightBytes).toBe(MEMORY_SHARES.inFlight(2 ** 32));
    expect(config.journal.memoryBytes).toBe(MEMORY_SHARES.journal(2 ** 32));
    expect(origins.get('journal.memoryBytes')).toBe('from memory.limitBytes');
    expect(origins.get('store.engineMemoryBytes')).toMatch(/^clew\.yaml:2/);
  });

  it('leaves room for the processes themselves at every size', () => {
    for (const limitBytes of [10 ** 9, 2 * 10 ** 9, 64 * 10 ** 9]) {
      const { engine, inFlight, journal } = MEMORY_SHARES;
      expect(engine(limitBytes) + inFlight(limitBytes) + journal(limitBytes)).toBeLessThan(
        limitBytes * 0.92 - 200 * 2 ** 20,
      );
    }
    expect(problemsOf('memory: { limitBytes: 512MiB }\n')).toEqual([]);
  });
});

describe('retention', () => {
  it('is thirty days, and what a tenant has of its own', () => {
    const { config } = resolve('tenants:\n  audit: { retentionDays: 0 }\n  shop: { retentionDays: 7 }\n  quiet:\n');
    expect(config.store.retentionDays).toBe(30);
    expect([...config.tenants].map(([name, { retentionDays }]) => [name, retentionDays])).toEqual([
      ['audit', 0],
      ['shop', 7],
      ['quiet', undefined],
    ]);
  });

  it('has a limit of different values, since each makes a part of every insert', () => {
    const tenants = (count: number) =>
      `tenants:\n${Array.from({ length: count }, (_, i) => `  t${i}: { retentionDays: ${i % 20} }\n`).join('')}`;
    expect(problemsOf(tenants(11))).toEqual([]);
    expect(problemsOf(tenants(40))).toEqual([
      'clew.yaml:13:25: this is one more than 12 different values of retentionDays (limit 12): every insert makes a ' +
        'part for each. Give tenants with similar retention the same one.',
    ]);
  });
});
