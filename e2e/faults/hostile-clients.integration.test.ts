/** Clients that send too slowly, too much or break off: what each is told, and that others are served meanwhile. */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Random } from '@clew/testkit/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClewProcess, startClew, stopAll } from '../clew-process.ts';
import { GrpcSender } from '../grpc-sender.ts';
import { Ledger, metricOf } from '../ledger.ts';
import { Load, stopLoads } from '../load.ts';
import { readiness } from '../readiness.ts';
import { waitUntil } from '../wait-until.ts';
import { zstdBomb } from '../zstd-frame.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const MIB = 2 ** 20;
const MAX_BODY_BYTES = MIB;
/** DEFAULT_RECEIVE_LIMITS.maxConnections. */
const MAX_CONNECTIONS = 4_096;
const PROTOBUF = 'Content-Type: application/x-protobuf';
const HTTP2_PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

let clew: ClewProcess;
let ledger: Ledger;
let load: Load;
/** From the start: the others must not notice, and being cut off takes its time. */
let slowClients: Promise<readonly SlowClient[]>;

beforeAll(async () => {
  clew = await startClew({ flags: ['--otlp-max-body-bytes', String(MAX_BODY_BYTES)] });
  ledger = new Ledger(SEED);
  const transports = ['http-protobuf', 'grpc'] as const;
  load = new Load({
    ledger,
    random: new Random(SEED),
    urls: () => clew.urls,
    transports,
    senders: 2,
    pauseMs: 20,
  }).start();
  slowClients = openSlowClients();
});
afterAll(async () => {
  const stopped = stopLoads();
  await stopAll();
  await stopped;
}, 60_000);

interface Wire {
  readonly socket: Socket;
  /** What came back by now. */
  text(): string;
  readonly closed: Promise<void>;
}

async function dial(url: string): Promise<Wire> {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve) => {
    socket.once('connect', resolve);
    socket.once('close', () => resolve());
  });
  return { socket, text: () => text, closed };
}

async function metric(name: string, labels = ''): Promise<number> {
  return (await metricOf(clew.urls.ui, name)).get(labels) ?? 0;
}

const refused = (transport: string, reason: string): Promise<number> =>
  metric('clew_refused_requests_total', `transport="${transport}",reason="${reason}"`);
const dropped = (port: string, reason: string): Promise<number> =>
  metric('clew_dropped_connections_total', `port="${port}",reason="${reason}"`);

/** Runs an attack and expects senders to be answered throughout. */
async function whileOthersAreServed(attack: () => Promise<void>): Promise<void> {
  const before = load.accepted;
  await attack();
  await waitUntil(() => load.accepted > before + 5, 'others to be served', 10_000);
}

interface SlowClient {
  readonly wire: Wire;
  readonly trickles: boolean;
}

/** Say nothing, or the beginning of something, or half a header and a letter of it twice a second. */
async function openSlowClients(): Promise<readonly SlowClient[]> {
  const { otlpHttp, otlpGrpc, ui } = clew.urls;
  const openings: readonly (readonly [string, string])[] = [
    [otlpHttp, ''],
    [otlpHttp, `POST /v1/traces HTTP/1.1\r\nHost: x\r\n${PROTOBUF}\r\nX-Slow: `],
    [ui, 'GET /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '],
    [otlpGrpc, ''],
    [otlpGrpc, 'P'],
    [otlpGrpc, HTTP2_PREFACE.slice(0, 10)],
    [otlpGrpc, HTTP2_PREFACE],
  ];
  const slow = await Promise.all(
    openings.flatMap(([url, start]) =>
      Array.from({ length: 20 }, async () => {
        const wire = await dial(url);
        wire.socket.write(start);
        return { wire, trickles: start.endsWith(': ') };
      }),
    ),
  );
  const trickle = setInterval(() => {
    for (const { wire, trickles } of slow) if (trickles) wire.socket.write('a');
  }, 500);
  void Promise.all(slow.map(({ wire }) => wire.closed)).then(() => clearInterval(trickle));
  return slow;
}

describe(`hostile clients (seed ${SEED})`, () => {
  it('that send a body without end get 413, and hold no more memory than was sent', { timeout: 60_000 }, async () => {
    await whileOthersAreServed(async () => {
      const endless = await dial(clew.urls.otlpHttp);
      endless.socket.write(`POST /v1/traces HTTP/1.1\r\nHost: x\r\n${PROTOBUF}\r\nTransfer-Encoding: chunked\r\n\r\n`);
      const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000), Buffer.from('\r\n')]);
      while (!endless.socket.destroyed && endless.socket.bytesWritten < 64 * MIB) {
        if (!endless.socket.write(chunk)) await Promise.race([sleep(50), endless.closed]);
      }
      await endless.closed;
      expect(endless.text()).toMatch(/^HTTP\/1.1 413 /);

      const lying = await dial(clew.urls.otlpHttp);
      lying.socket.write(`POST /v1/traces HTTP/1.1\r\nHost: x\r\n${PROTOBUF}\r\nContent-Length: 1000000000000\r\n\r\n`);
      await waitUntil(
        () => lying.text().startsWith('HTTP/1.1 413 '),
        'the answer to a body that is announced too large',
      );
      lying.socket.destroy();

      const before = await metric('clew_receiving_bytes');
      const promising = await Promise.all(Array.from({ length: 100 }, () => dial(clew.urls.otlpHttp)));
      for (const { socket } of promising) {
        socket.write(
          `POST /v1/traces HTTP/1.1\r\nHost: x\r\n${PROTOBUF}\r\nContent-Length: ${MAX_BODY_BYTES}\r\n\r\n${'x'.repeat(100)}`,
        );
      }
      await waitUntil(async () => (await metric('clew_receiving_bytes')) >= before + 100 * 100, 'the bodies to begin');
      expect(await metric('clew_receiving_bytes')).toBeLessThan(before + 100 * 128 * 1024);
      for (const { socket } of promising) socket.resetAndDestroy();
      await waitUntil(async () => (await refused('otlp_http', 'aborted')) >= 100, 'broken requests to be counted');
    });
    expect(await refused('otlp_http', 'too_large')).toBeGreaterThanOrEqual(2);
  });

  it('that send a bomb get 413, gRPC RESOURCE_EXHAUSTED, before it goes off', { timeout: 60_000 }, async () => {
    // Members of a gzip file follow each other: 4 GiB in 4 MiB … of which 600 KiB will do.
    const member = gzipSync(Buffer.alloc(64 * MIB));
    const gzip = Buffer.concat(Array.from({ length: 9 }, () => member));
    const zstd = zstdBomb(100_000);
    const before = await metric('process_resident_memory_bytes');
    await whileOthersAreServed(async () => {
      for (const [encoding, body] of [
        ['gzip', gzip],
        ['zstd', zstd],
      ] as const) {
        const answers = Array.from({ length: 8 }, async () => {
          const response = await fetch(`${clew.urls.otlpHttp}/v1/traces`, {
            method: 'POST',
            headers: { 'content-type': 'application/x-protobuf', 'content-encoding': encoding },
            body: new Uint8Array(body),
          });
          return [response.status, await response.text()] as const;
        });
        for (const [status, text] of await Promise.all(answers)) {
          expect([encoding, status, text]).toEqual([encoding, 413, expect.stringContaining(String(MAX_BODY_BYTES))]);
        }
        const grpc = new GrpcSender();
        const answer = await grpc.send(clew.urls.otlpGrpc, body, { encoding, tenant: 'default' });
        expect([encoding, answer.status]).toEqual([encoding, 8]);
        grpc.close();
      }
    });
    expect(await refused('otlp_http', 'too_large')).toBeGreaterThanOrEqual(18);
    expect((await metric('process_resident_memory_bytes')) - before).toBeLessThan(150 * MIB);
  });

  it('that reset their connections at any moment disturb nobody', { timeout: 60_000 }, async () => {
    const random = new Random(SEED + 1);
    const body = Buffer.alloc(300_000);
    await whileOthersAreServed(async () => {
      const resets = Array.from({ length: 200 }, async () => {
        const { socket } = await dial(random.pick([clew.urls.otlpHttp, clew.urls.otlpGrpc, clew.urls.ui]));
        const head = random.chance(0.5)
          ? `${HTTP2_PREFACE}\0\0\0\x04\0\0\0\0\0`
          : `POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1\r\n${PROTOBUF}\r\nContent-Length: ${body.length}\r\n\r\n`;
        socket.write(head);
        socket.write(body.subarray(0, random.between(0, body.length)));
        await sleep(random.between(0, 50));
        socket.resetAndDestroy();
      });
      await Promise.all(resets);
    });
    expect(await refused('otlp_http', 'aborted')).toBeGreaterThan(110);
  });

  it('that say too little for too long are cut off, on every port', { timeout: 60_000 }, async () => {
    await whileOthersAreServed(async () => {
      const wires = await slowClients;
      await Promise.all(wires.map(({ wire }) => wire.closed));
      expect(wires[20].wire.text()).toBe('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
    });
    expect(await dropped('otlp_http', 'timeout')).toBe(40);
    expect(await dropped('main', 'timeout')).toBe(20);
    expect(await dropped('otlp_grpc', 'timeout')).toBe(80);
  });

  it('that hold every connection of a port are counted, other ports serve, and it ends with them', {
    timeout: 60_000,
  }, async () => {
    const idle: Wire[] = [];
    for (let i = 0; i < MAX_CONNECTIONS + 100; i++) idle.push(await dial(clew.urls.otlpHttp));
    await waitUntil(
      async () => (await dropped('otlp_http', 'limit')) >= 100,
      'connections beyond the limit to be dropped',
    );
    expect(await readiness(clew.urls.ui)).toBe('200 ready\n');
    const grpc = new GrpcSender();
    const empty = new Uint8Array(0);
    expect((await grpc.send(clew.urls.otlpGrpc, empty, { encoding: 'identity', tenant: 'default' })).status).toBe(0);
    grpc.close();
    for (const { socket } of idle) socket.destroy();
    await waitUntil(async () => {
      const response = await fetch(`${clew.urls.otlpHttp}/v1/traces`, { method: 'POST' }).catch(() => undefined);
      return response?.status === 415;
    }, 'the port to serve again');
  });

  it('leave nothing behind: all that was acknowledged is stored once', { timeout: 60_000 }, async () => {
    await load.stop();
    expect(await ledger.check(clew.urls.ui)).toMatchObject({ lostSpans: 0, doubledSpans: 0, faults: [] });
    expect([...load.oddities]).toEqual([]);
    await waitUntil(async () => (await metric('clew_receiving_bytes')) === 0, 'no body to be held');
    expect(clew.log.filter(({ level }) => level >= 50)).toEqual([]);
  });
});
