import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PEER_KIND_NAMES, PEER_KINDS } from './peer-kinds.ts';
import { parsePeersOptions, USAGE } from './peers-options.ts';

test('without peers the baseline is what Clew is compared with; with peers only on request', () => {
  const peer = 'jaeger=otlp:http://h:1,pid:1';
  expect(parsePeersOptions([])).toMatchObject({ peers: [], withBaseline: true });
  expect(parsePeersOptions(['--peer', peer])).toMatchObject({ withBaseline: false });
  expect(parsePeersOptions(['--peer', peer, '--baseline'])).toMatchObject({ withBaseline: true });
});

test('two columns cannot have one name', () => {
  const peer = 'jaeger=otlp:http://h:1,pid:1';
  expect(() => parsePeersOptions(['--peer', peer, '--peer', peer])).toThrow('--peer jaeger: the name is taken.');
  expect(() => parsePeersOptions(['--peer', 'Clew=otlp:http://h:1,pid:1'])).toThrow('--peer Clew: the name is taken.');
});

test('help and the benchmark page say how every peer should be configured', () => {
  const page = readFileSync(new URL('../../docs/benchmarks.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
  const missing = PEER_KIND_NAMES.filter((name) => {
    const { configuration } = PEER_KINDS[name];
    return !USAGE.includes(configuration) || !page.includes(configuration);
  });
  expect(missing).toEqual([]);
});
