import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { type ConfigSources, loadConfig, resolveConfig } from './load-config.ts';
import { NAMED_SETTINGS } from './settings.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'clew-config-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true });
});

function write(source: string, name = 'clew.yaml'): void {
  writeFileSync(join(cwd, name), source);
}

function problemsOf(sources: ConfigSources): readonly string[] {
  try {
    loadConfig({ cwd, env: {}, ...sources });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ where, message }) => `${where}: ${message}`);
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('has defaults for everything and satisfies its own rules', () => {
    const config = loadConfig({ cwd, env: {} });
    expect(config.server).toEqual({ host: '127.0.0.1', port: 8317, insecure: false, allowedHosts: [] });
    expect(config.otlp).toMatchObject({ grpcPort: 4317, httpPort: 4318, maxBodyBytes: 64 * 2 ** 20 });
    expect(config.store).toMatchObject({ dataDir: join(cwd, 'clew-data'), clickhouseUrl: undefined, database: 'clew' });
    expect(config.writer).toEqual({ flushSpans: 100_000, flushIntervalMs: 500 });
  });

  it('has defaults that its own schemas accept', () => {
    for (const { setting, path } of NAMED_SETTINGS) {
      if (setting.defaultValue === undefined) continue;
      expect(setting.schema.safeParse(setting.defaultValue).success, path).toBe(true);
    }
  });

  it('is frozen to the last list', () => {
    const config = loadConfig({ cwd, env: { CLEW_OTLP_CORS_ALLOWED_ORIGINS: 'https://a.example' } });
    expect(Object.isFrozen(config)).toBe(true);
    const { tenants, ...sections } = config;
    for (const section of Object.values(sections)) expect(Object.isFrozen(section)).toBe(true);
    expect(tenants.size).toBe(0);
    expect(Object.isFrozen(config.otlp.corsAllowedOrigins)).toBe(true);
  });

  it('lets the file beat defaults, the environment beat the file and flags beat all', () => {
    write('server:\n  port: 1001\notlp:\n  grpcPort: 1002\n  httpPort: 1003\n');
    const { config, origins } = resolveConfig({
      cwd,
      env: { CLEW_OTLP_GRPC_PORT: '2002', CLEW_OTLP_HTTP_PORT: '2003' },
      flags: { 'otlp-http-port': '3003' },
    });
    expect([config.server.port, config.otlp.grpcPort, config.otlp.httpPort]).toEqual([1001, 2002, 3003]);
    expect(origins.get('server.host')).toBe('default');
    expect(origins.get('server.port')).toBe('clew.yaml:2:9');
    expect(origins.get('otlp.grpcPort')).toBe('environment CLEW_OTLP_GRPC_PORT');
    expect(origins.get('otlp.httpPort')).toBe('flag --otlp-http-port');
  });

  it('reads sizes and durations with units or as numbers in the unit of the key', () => {
    write('otlp:\n  maxBodyBytes: 32 MiB\nwriter:\n  flushIntervalMs: 5s\nstore:\n  queryTimeoutMs: 1500\n');
    const config = loadConfig({
      cwd,
      env: { CLEW_JOURNAL_MAX_BYTES: '1GiB' },
      flags: { 'journal-segment-bytes': '8m' },
    });
    expect(config.otlp.maxBodyBytes).toBe(32 * 2 ** 20);
    expect(config.writer.flushIntervalMs).toBe(5000);
    expect(config.store.queryTimeoutMs).toBe(1500);
    expect(config.journal).toMatchObject({ maxBytes: 2 ** 30, segmentBytes: 8 * 2 ** 20 });
  });

  it('reads another file with --config or CLEW_CONFIG and says when it is missing', () => {
    write('server: {port: 7}\n', 'other.yaml');
    expect(loadConfig({ cwd, env: {}, flags: { config: 'other.yaml' } }).server.port).toBe(7);
    expect(loadConfig({ cwd, env: { CLEW_CONFIG: join(cwd, 'other.yaml') } }).server.port).toBe(7);
    expect(problemsOf({ flags: { config: 'absent.yaml' } })).toEqual([
      `absent.yaml: there is no such file: ${join(cwd, 'absent.yaml')}. Correct --config or CLEW_CONFIG.`,
    ]);
  });

  it('takes a data folder in the file from where the file lies, elsewhere from where the process started', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'clew-config-'));
    writeFileSync(join(elsewhere, 'c.yaml'), 'store:\n  dataDir: ./spans\n');
    const flags = { config: join(elsewhere, 'c.yaml') };
    expect(loadConfig({ cwd, env: {}, flags }).store.dataDir).toBe(join(elsewhere, 'spans'));
    expect(loadConfig({ cwd, env: { CLEW_DATA: 'd' }, flags }).store.dataDir).toBe(join(cwd, 'd'));
    rmSync(elsewhere, { recursive: true });
  });

  it('accepts empty files, empty sections, anchors and empty variables', () => {
    write('x-size: &size 16MiB\notlp:\njournal:\n  segmentBytes: *size\n');
    const config = loadConfig({ cwd, env: { CLEW_SERVER_PORT: '' } });
    expect(config.journal.segmentBytes).toBe(16 * 2 ** 20);
    expect(config.server.port).toBe(8317);
    write('');
    expect(loadConfig({ cwd, env: {} }).server.port).toBe(8317);
  });
});

describe('the limit of memory', () => {
  it('may be any that is allowed: what follows from it fits together', () => {
    for (let mebibytes = 512; mebibytes <= 4096; mebibytes += 16) {
      const { store } = loadConfig({ cwd, env: {}, flags: { memory: `${mebibytes}MiB` } });
      expect(store.queryMemoryBytes).toBeLessThanOrEqual(store.engineMemoryBytes);
    }
  });
});

describe('configuration errors', () => {
  it('say file, line, column, value, bound and what to do', () => {
    write('# ports\notlp:\n  grpcPort: 99999\n');
    expect(problemsOf({})).toEqual([
      'clew.yaml:3:13: otlp.grpcPort is 99999, must be a port, a whole number from 0 to 65535. ' +
        'Change it or remove it (default 4317).',
    ]);
  });

  it('come all at once', () => {
    write('server:\n  port: web\n  hots: x\nlgo:\n  level: info\n');
    expect(problemsOf({ flags: { 'log-level': 'loud' }, env: { CLEW_WRITER_FLUSH_SPANS: '0' } })).toHaveLength(5);
  });

  it('offer the nearest section, key, flag and variable', () => {
    write('lgo:\n  level: info\nserver:\n  prot: 1\notlp:\n  grpc_port: 1\n');
    expect(problemsOf({ flags: { 'otlp-grcp-port': '1' } })).toEqual([
      'clew.yaml:1:1: there is no section "lgo". Did you mean "log"?',
      'clew.yaml:4:3: there is no setting "server.prot". Did you mean "port"?',
      'clew.yaml:6:3: there is no setting "otlp.grpc_port". Did you mean "grpcPort"?',
      'flag --otlp-grcp-port: there is no such flag. Did you mean --otlp-grpc-port?',
    ]);
    write('');
    expect(resolveConfig({ cwd, env: { CLEW_OTLP_GRPCPORT: '1', CLEW_SERVICE_HOST: 'x' } }).warnings).toEqual([
      'environment CLEW_OTLP_GRPCPORT means nothing. Did you mean CLEW_OTLP_GRPC_PORT?',
    ]);
  });

  it('name the section of a key that stands in the wrong one or in none', () => {
    write('httpPort: 1\nserver:\n  grpcPort: 1\n');
    expect(problemsOf({})).toEqual([
      'clew.yaml:1:1: httpPort stands outside a section. Write it below "otlp:".',
      'clew.yaml:3:3: there is no setting "server.grpcPort". Did you mean "otlp.grpcPort"?',
    ]);
  });

  it('point at what is not YAML, not a mapping or without a value', () => {
    write('server:\n  port: [1\n');
    expect(problemsOf({})[0]).toMatch(/^clew\.yaml:\d+:\d+: this is not YAML: /);
    write('- a\n');
    expect(problemsOf({})).toEqual([
      'clew.yaml:1:1: the file is not a mapping. Start it with a section, such as "server:".',
    ]);
    write('server:\n  port:\n');
    expect(problemsOf({})).toEqual(['clew.yaml:2:3: server.port has no value. Give it one or remove the line.']);
    write('server:\n  port: 1\n  port: 2\n');
    expect(problemsOf({})[0]).toMatch(/^clew\.yaml:3:3: this is not YAML: .*unique/);
  });

  it('refuse a host others can reach unless --insecure accepts it', () => {
    expect(problemsOf({ flags: { host: '0.0.0.0' } })[0]).toMatch(
      /^flag --host: server\.host is "0\.0\.0\.0", which others can reach.*--insecure/,
    );
    expect(loadConfig({ cwd, env: {}, flags: { host: '0.0.0.0', insecure: true } }).server.insecure).toBe(true);
    for (const host of ['localhost', '::1', '127.8.9.1']) expect(problemsOf({ flags: { host } })).toEqual([]);
    for (const host of ['127.0.0.1.example.com', '::', '10.0.0.1']) {
      expect(problemsOf({ flags: { host } }), host).toHaveLength(1);
    }
  });

  it('refuse settings that contradict each other', () => {
    expect(problemsOf({ flags: { 'otlp-http-port': '8317' } })[0]).toMatch(
      /otlp\.httpPort is 8317, which server\.port/,
    );
    expect(problemsOf({ flags: { 'journal-max-bytes': '32MiB' } })[0]).toMatch(
      /^default: journal\.segmentBytes is 64MiB, more than journal\.maxBytes \(32MiB\)/,
    );
    expect(
      problemsOf({ flags: { port: '0', 'otlp-http-port': '0', 'otlp-grpc-port': '0', 'tempo-port': '0' } }),
    ).toEqual([]);
    expect(problemsOf({ flags: { 'clickhouse-cluster': 'traces' } })[0]).toMatch(
      /^flag --clickhouse-cluster: store\.cluster is "traces", and no server says what that is/,
    );
    expect(problemsOf({ flags: { clickhouse: 'http://a:8123,http://b:8123' } })[0]).toMatch(
      /^flag --clickhouse: store\.clickhouseUrl has 2 addresses, and no cluster is named/,
    );
  });

  it('do not repeat a password', () => {
    expect(problemsOf({ env: { CLEW_CLICKHOUSE_URL: 'ftp://me:secret@host' } })[0]).not.toContain('secret');
  });

  it('leave out what Kubernetes puts into the environment of a pod', () => {
    const { config, warnings } = resolveConfig({ cwd, env: { CLEW_SERVER_PORT: 'tcp://10.0.0.1:8317' } });
    expect(config.server.port).toBe(8317);
    expect(warnings[0]).toMatch(/set by Kubernetes/);
  });
});
