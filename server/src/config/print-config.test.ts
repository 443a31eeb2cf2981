import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readClientEnvironment } from './client-environment.ts';
import { resolveConfig } from './load-config.ts';
import { printConfig } from './print-config.ts';

describe('printConfig', () => {
  const resolved = resolveConfig({
    cwd: '/nowhere',
    env: { CLEW_CLICKHOUSE_URL: 'http://me:secret@ch:8123', CLEW_OTLP_CORS_ALLOWED_ORIGINS: 'https://a.example,*' },
    flags: { port: '9000', 'writer-flush-interval-ms': '2500ms' },
  });
  const printed = printConfig(resolved);

  it('says where each value comes from', () => {
    expect(printed).toMatch(/^ {2}port: 9000 +# flag --port$/m);
    expect(printed).toMatch(/^ {2}host: 127\.0\.0\.1 +# default$/m);
    expect(printed).toMatch(/^ {2}clickhouseUrl: .* # environment CLEW_CLICKHOUSE_URL$/m);
  });

  it('is YAML with the same values, in units people read', () => {
    const read = parse(printed) as Record<string, Record<string, unknown>>;
    expect(read.otlp.maxBodyBytes).toBe('64MiB');
    expect(read.otlp.corsAllowedOrigins).toEqual(['https://a.example', '*']);
    expect(read.writer.flushIntervalMs).toBe('2500ms');
    expect([...Object.keys(read), 'tenants']).toEqual(Object.keys(resolved.config));
  });

  it('hides passwords, also those behind the question mark of an address', () => {
    expect(printed).not.toContain('secret');
    const flags = { clickhouse: 'https://ch:8443/?password=hush&access_token=quiet&wait_end_of_query=1' };
    const address = printConfig(resolveConfig({ cwd: '/nowhere', env: {}, flags }));
    expect(address).not.toMatch(/hush|quiet/);
    expect(address).toContain('wait_end_of_query=1');
    const nodes = { clickhouse: 'http://a:8123,http://me:hush@b:8123', 'clickhouse-cluster': 'traces' };
    const several = printConfig(resolveConfig({ cwd: '/nowhere', env: {}, flags: nodes }));
    expect(several).toContain('clickhouseUrl: http://a:8123,http://me:***@b:8123/');
  });
});

describe('readClientEnvironment', () => {
  it('takes empty variables for absent ones', () => {
    expect(readClientEnvironment({ CLEW_URL: '', NO_COLOR: '' })).toEqual({
      url: undefined,
      noColor: false,
      forceColor: false,
      command: 'clew',
    });
    expect(readClientEnvironment({ CLEW_URL: 'http://x', NO_COLOR: '1', FORCE_COLOR: '1' })).toEqual({
      url: 'http://x',
      noColor: true,
      forceColor: true,
      command: 'clew',
    });
    expect(readClientEnvironment({ CLEW_COMMAND: 'npm start --' }).command).toBe('npm start --');
  });
});
