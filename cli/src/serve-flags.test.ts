import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@clew/server/config/load-config';
import { NAMED_SETTINGS } from '@clew/server/config/settings';
import { TEST_CERTIFICATE, TEST_KEY } from '@clew/testkit/test-certificate';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configFlagsOf, withConfigFlags } from './serve-flags.ts';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'clew-flags-'));
  writeFileSync(join(cwd, 'cert.pem'), TEST_CERTIFICATE);
  writeFileSync(join(cwd, 'key.pem'), TEST_KEY);
});
afterAll(() => rmSync(cwd, { recursive: true }));

function parse(argv: readonly string[]): Record<string, string | boolean> {
  const command = withConfigFlags(new Command('serve'), NAMED_SETTINGS).exitOverride();
  command.parse([...argv], { from: 'user' });
  return configFlagsOf(command.opts(), NAMED_SETTINGS);
}

describe('flags of serve', () => {
  it.each(NAMED_SETTINGS.map((named) => [named.flag, named] as const))(
    '--%s reaches the configuration',
    (flag, named) => {
      const samples: Readonly<Record<string, string>> = {
        host: 'localhost',
        'store-database': 'spans',
        clickhouse: 'http://ch:8123',
        'otlp-cors-allowed-origins': '*',
        'log-level': 'warn',
        'log-format': 'json',
        'store-engine-memory-bytes': '2GiB',
        'journal-segment-bytes': '32MiB',
        'journal-memory-bytes': '32MiB',
        memory: '2GB',
        'journal-max-bytes': '3GiB',
        'otlp-max-body-bytes': '4MiB',
        'store-query-memory-bytes': '64MiB',
        'ingest-max-in-flight-bytes': '128MiB',
        'ingest-workers': '3',
        'writer-flush-interval-ms': '2s',
        'store-query-timeout-ms': '9s',
        'store-max-disk-bytes': '1GiB',
        'tempo-cors-allowed-origins': '*',
        'tls-cert': 'cert.pem',
        'tls-key': 'key.pem',
        'query-memory-bytes': '64MiB',
        'query-max-threads': '7',
        'query-max-running': '9',
        'query-max-running-per-tenant': '2',
      };
      const isSwitch = typeof named.setting.defaultValue === 'boolean';
      const flags = parse(isSwitch ? [`--${flag}`] : [`--${flag}`, samples[flag] ?? '1234']);
      expect(Object.keys(flags)).toEqual([flag]);
      const section = (config: unknown) =>
        (config as Record<string, Record<string, unknown>>)[named.section][named.key];
      const companions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
        // A cluster is reached through one of its nodes.
        'clickhouse-cluster': { clickhouse: 'http://ch:8123' },
        'tls-cert': { 'tls-key': 'key.pem' },
        'tls-key': { 'tls-cert': 'cert.pem' },
      };
      const along = companions[flag] ?? {};
      const given = section(loadConfig({ cwd, env: {}, flags: { ...along, ...flags } }));
      expect(given).not.toEqual(named.setting.defaultValue);
    },
  );

  it('are none when none is given', () => {
    expect(parse([])).toEqual({});
  });

  it('show their default and their environment variable', () => {
    const help = withConfigFlags(new Command('serve'), NAMED_SETTINGS)
      .configureHelp({ helpWidth: 400 })
      .helpInformation();
    expect(help).toMatch(/--otlp-max-body-bytes <size> +.*\(default 64MiB, CLEW_OTLP_MAX_BODY_BYTES\)/);
    expect(help).toMatch(/--data <value> +.*\(default \.\/clew-data, CLEW_DATA\)/);
    expect(help).toMatch(/Journal:\n/);
  });
});
