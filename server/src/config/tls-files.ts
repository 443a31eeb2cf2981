/** Certificate and key: checked with the rest of the configuration, read once at the start. */
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Config } from './config.ts';
import type { ConfigProblem } from './config-error.ts';

export interface TlsMaterial {
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

/** @param whereOf the place of a setting's value by its path. */
export function checkTlsFiles(tls: Config['tls'], whereOf: (path: string) => string): readonly ConfigProblem[] {
  const { cert, key } = tls;
  if (cert === undefined && key === undefined) return [];
  if (cert === undefined || key === undefined) {
    const [given, missing] = cert === undefined ? ['tls.key', 'tls.cert'] : ['tls.cert', 'tls.key'];
    const message = `${given} is set and ${missing} is not: TLS needs both. Set ${missing}, or remove ${given}.`;
    return [{ where: whereOf(given), message }];
  }
  const problems = [...unreadable('tls.cert', cert, whereOf), ...unreadable('tls.key', key, whereOf)];
  if (problems.length > 0) return problems;
  const pem = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  const badCert = tryContext({ cert: pem.cert });
  if (badCert !== undefined) {
    const message = `tls.cert: ${cert} is no certificate in PEM (${badCert}). Name a file that begins with -----BEGIN CERTIFICATE-----.`;
    return [{ where: whereOf('tls.cert'), message }];
  }
  const badPair = tryContext(pem);
  if (badPair === undefined) return [];
  const message = `tls.key: ${key} is no private key in PEM for the certificate ${cert} (${badPair}). Name the key the certificate was made for, without a passphrase.`;
  return [{ where: whereOf('tls.key'), message }];
}

/** What the files hold; undefined without TLS. The configuration has been checked. */
export function loadTlsFiles({ cert, key }: Config['tls']): TlsMaterial | undefined {
  if (cert === undefined || key === undefined) return undefined;
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}

function unreadable(path: string, file: string, whereOf: (path: string) => string): readonly ConfigProblem[] {
  try {
    readFileSync(file);
    return [];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code ?? String(error)})`;
    return [{ where: whereOf(path), message: `${path}: ${reason}: ${file}. Correct the path or its permissions.` }];
  }
}

/** What OpenSSL has against it. */
function tryContext(pem: { readonly cert: string; readonly key?: string }): string | undefined {
  try {
    createSecureContext(pem);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
