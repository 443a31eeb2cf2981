/** What settings must satisfy together, once each is valid alone. */

import { formatByteSize } from './byte-size.ts';
import type { Config } from './config.ts';
import type { ConfigProblem } from './config-error.ts';
import { isLoopback } from './is-loopback.ts';

/** @param whereOf the place of a setting's value by its path. */
export function checkTogether(config: Config, whereOf: (path: string) => string): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const { server, otlp, store, journal, ingest } = config;
  const add = (path: string, message: string) => problems.push({ where: whereOf(path), message });

  if (!server.insecure && !isLoopback(server.host)) {
    add(
      'server.host',
      `server.host is "${server.host}", which others can reach, and nobody has to sign in: anyone there could read ` +
        'and send spans. Bind 127.0.0.1, or accept the risk with --insecure (server.insecure: true), for example ' +
        'behind a proxy that signs people in.',
    );
  }
  const ports = [
    ['server.port', server.port],
    ['otlp.grpcPort', otlp.grpcPort],
    ['otlp.httpPort', otlp.httpPort],
    ['tempo.port', config.tempo.port],
  ] as const;
  for (const [i, [path, port]] of ports.entries()) {
    const twin = ports.slice(0, i).find(([, other]) => other === port && port !== 0);
    if (twin !== undefined) add(path, `${path} is ${port}, which ${twin[0]} has already. Give them different ports.`);
  }
  const atMost = (smaller: string, small: number, larger: string, large: number) => {
    if (small > large) {
      add(
        smaller,
        `${smaller} is ${formatByteSize(small)}, more than ${larger} (${formatByteSize(large)}). ` +
          'Lower the first or raise the second.',
      );
    }
  };
  atMost('journal.segmentBytes', journal.segmentBytes, 'journal.maxBytes', journal.maxBytes);
  atMost('otlp.maxBodyBytes', otlp.maxBodyBytes, 'ingest.maxInFlightBytes', ingest.maxInFlightBytes);
  if (store.clickhouseUrl === undefined && store.cluster !== undefined) {
    add(
      'store.cluster',
      `store.cluster is "${store.cluster}", and no server says what that is. Name one or more of its nodes with ` +
        '--clickhouse (store.clickhouseUrl).',
    );
  }
  if (store.cluster === undefined && store.clickhouseUrl?.includes(',') === true) {
    add(
      'store.clickhouseUrl',
      `store.clickhouseUrl has ${store.clickhouseUrl.split(',').length} addresses, and no cluster is named. Name the ` +
        'cluster they are nodes of with --clickhouse-cluster (store.cluster), or give one address.',
    );
  }
  if (store.clickhouseUrl === undefined) {
    atMost('store.queryMemoryBytes', store.queryMemoryBytes, 'store.engineMemoryBytes', store.engineMemoryBytes);
  }
  const classes = new Set([store.retentionDays]);
  for (const [tenant, { retentionDays = store.retentionDays }] of config.tenants) {
    if (classes.has(retentionDays) || classes.add(retentionDays).size !== MAX_RETENTION_CLASSES + 1) continue;
    add(
      `tenants.${tenant}.retentionDays`,
      `this is one more than ${MAX_RETENTION_CLASSES} different values of retentionDays (limit ${MAX_RETENTION_CLASSES}): every insert ` +
        'makes a part for each. Give tenants with similar retention the same one.',
    );
  }
  return problems;
}

/** Spans of one day in different classes lie in different partitions, so each class costs parts and merges. */
const MAX_RETENTION_CLASSES = 12;
