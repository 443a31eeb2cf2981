import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OTHER_TEST_KEY, TEST_CERTIFICATE, TEST_KEY } from '@clew/testkit/test-certificate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { type ConfigSources, loadConfig } from './load-config.ts';
import { loadTlsFiles } from './tls-files.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'clew-tls-'));
  writeFileSync(join(cwd, 'cert.pem'), TEST_CERTIFICATE);
  writeFileSync(join(cwd, 'key.pem'), TEST_KEY);
  writeFileSync(join(cwd, 'other.pem'), OTHER_TEST_KEY);
});
afterEach(() => rmSync(cwd, { recursive: true }));

function problemsOf(sources: ConfigSources): readonly string[] {
  try {
    loadConfig({ cwd, env: {}, ...sources });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ where, message }) => `${where}: ${message}`);
    throw error;
  }
  return [];
}

describe('tls', () => {
  it('is off without files', () => {
    expect(loadTlsFiles(loadConfig({ cwd, env: {} }).tls)).toBeUndefined();
  });

  it('reads paths from where they are named', () => {
    mkdirSync(join(cwd, 'etc'));
    writeFileSync(join(cwd, 'etc/clew.yaml'), 'tls:\n  cert: ../cert.pem\n');
    const { tls } = loadConfig({ cwd, env: { CLEW_TLS_KEY: 'key.pem' }, flags: { config: 'etc/clew.yaml' } });
    expect(tls).toEqual({ cert: join(cwd, 'cert.pem'), key: join(cwd, 'key.pem') });
    expect(loadTlsFiles(tls)).toEqual({ cert: TEST_CERTIFICATE, key: TEST_KEY });
  });

  it('needs both files', () => {
    expect(problemsOf({ flags: { 'tls-cert': 'cert.pem' } })).toEqual([
      'flag --tls-cert: tls.cert is set and tls.key is not: TLS needs both. Set tls.key, or remove tls.cert.',
    ]);
    expect(problemsOf({ flags: { 'tls-key': 'key.pem' } })[0]).toContain('Set tls.cert, or remove tls.key.');
  });

  it('names the line, the file and the fix', () => {
    writeFileSync(join(cwd, 'clew.yaml'), 'tls:\n  cert: gone.pem\n  key: key.pem\n');
    expect(problemsOf({})).toEqual([
      `clew.yaml:2:9: tls.cert: there is no such file: ${join(cwd, 'gone.pem')}. Correct the path or its permissions.`,
    ]);
  });

  it('tells a file that is no certificate, and a key of another one', () => {
    expect(problemsOf({ flags: { 'tls-cert': 'key.pem', 'tls-key': 'key.pem' } })[0]).toContain(
      `flag --tls-cert: tls.cert: ${join(cwd, 'key.pem')} is no certificate in PEM`,
    );
    expect(problemsOf({ flags: { 'tls-cert': 'cert.pem', 'tls-key': 'other.pem' } })[0]).toContain(
      `flag --tls-key: tls.key: ${join(cwd, 'other.pem')} is no private key in PEM for the certificate`,
    );
    expect(problemsOf({ flags: { 'tls-cert': 'cert.pem', 'tls-key': 'cert.pem' } })).toHaveLength(1);
  });
});
