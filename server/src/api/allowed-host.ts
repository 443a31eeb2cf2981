/**
 * Against DNS rebinding: a web page whose name is made to point at 127.0.0.1 would be "same origin" with a Clew on
 * loopback and could read every trace. Such a request carries the page's name in Host; one that people make carries an
 * address, localhost, or a name they have allowed.
 */
import { isIP } from 'node:net';

/**
 * @param host the Host header, with or without port
 * @param allowedHosts names allowed beside addresses and localhost; `*` allows every name
 */
export function isAllowedHost(host: string | undefined, allowedHosts: readonly string[]): boolean {
  // HTTP/1.0 and health checkers without Host: no browser.
  if (host === undefined || host === '') return true;
  const name = host
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
  if (isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost')) return true;
  return allowedHosts.some((allowed) => allowed === '*' || allowed.toLowerCase() === name);
}

export function hostRefusal(host: string): string {
  return (
    `Host '${host.slice(0, 100)}' is not allowed: Clew listens on loopback and answers to addresses and localhost only, ` +
    'so that web pages cannot read its traces. Allow the name with server.allowedHosts (--server-allowed-hosts).\n'
  );
}
