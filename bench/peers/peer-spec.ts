import type { Transport } from '../load/load-messages.ts';
import { choiceOption } from '../options/choice-option.ts';
import { integerOption } from '../options/integer-option.ts';
import { PEER_KIND_NAMES, PEER_KINDS, type PeerKindName } from './peer-kinds.ts';

/** A peer that the reader has started. */
export interface PeerSpec {
  readonly name: string;
  readonly kind: PeerKindName;
  readonly transport: Transport;
  /** http://host:port with the path, or http://host:port for gRPC. */
  readonly otlpUrl: string;
  /** What stands before the query API's paths. */
  readonly queryUrl: string | undefined;
  /** Their CPU and memory count, with those of all their descendants. */
  readonly pids: readonly number[];
  /** Folder whose growth is what the spans take on disk. */
  readonly dataDir: string | undefined;
}

const KEYS = ['kind', 'otlp', 'query', 'pid', 'data'] as const;
type Key = (typeof KEYS)[number];
const MAX_PID = 2 ** 22;

/** @throws Error that says which part of NAME=key:value,key:value is wrong, and how it should look. */
export function parsePeerSpec(text: string): PeerSpec {
  const equals = text.indexOf('=');
  if (equals <= 0) throw wrong(text, 'no name', 'Write NAME=otlp:http://host:4318,pid:1234.');
  const name = text.slice(0, equals);
  const values = new Map<Key, string>();
  for (const part of text.slice(equals + 1).split(',')) {
    const colon = part.indexOf(':');
    const key = choiceOption(`--peer ${name}: key`, part.slice(0, Math.max(0, colon)), KEYS);
    if (values.has(key)) throw wrong(text, `${key} twice`, key === 'pid' ? 'Join process ids with +.' : 'Keep one.');
    values.set(key, part.slice(colon + 1));
  }
  const kind = choiceOption(`--peer ${name}: kind`, values.get('kind') ?? name.toLowerCase(), PEER_KIND_NAMES);
  const otlp = values.get('otlp');
  if (otlp === undefined) throw wrong(text, 'no otlp address', 'Add otlp:http://host:4318 or otlp:grpc://host:4317.');
  const pid = values.get('pid');
  if (pid === undefined) throw wrong(text, 'no pid', 'Add pid:1234, or pid:1234+5678 for several processes.');
  const query = values.get('query');
  return {
    name,
    kind,
    ...otlpAddress(text, otlp, PEER_KINDS[kind].otlpPath),
    queryUrl: query === undefined ? undefined : queryAddress(text, query, PEER_KINDS[kind].queryPath),
    pids: pid.split('+').map((each) => integerOption(`--peer ${name}: pid`, each, 1, MAX_PID)),
    dataDir: values.get('data'),
  };
}

function otlpAddress(text: string, address: string, path: string): Pick<PeerSpec, 'transport' | 'otlpUrl'> {
  const url = parseUrl(text, address);
  if (url.protocol === 'grpc:') return { transport: 'grpc', otlpUrl: `http://${url.host}` };
  if (url.protocol !== 'http:') throw wrong(text, `otlp ${address}`, 'Use http:// or grpc://, without TLS.');
  return { transport: 'http', otlpUrl: url.origin + (url.pathname === '/' ? path : url.pathname) };
}

function queryAddress(text: string, address: string, path: string): string {
  const url = parseUrl(text, address);
  if (url.protocol !== 'http:') throw wrong(text, `query ${address}`, 'Use http://, without TLS.');
  return url.origin + (url.pathname === '/' ? path : url.pathname.replace(/\/$/, ''));
}

function parseUrl(text: string, address: string): URL {
  if (URL.canParse(address)) return new URL(address);
  throw wrong(text, `${address} is no address`, 'Write http://host:port.');
}

function wrong(text: string, what: string, fix: string): Error {
  return new Error(`--peer ${text}: ${what}. ${fix}`);
}
