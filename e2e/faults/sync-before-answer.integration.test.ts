/**
 * Power loss cannot be tested here. What it takes can: the system calls of one request, in their order. The entry is
 * written and synced, a new segment and its name too, before the answer leaves.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { startClew, stopAll } from '../clew-process.ts';
import { Ledger } from '../ledger.ts';
import { encodeTrace, traceOf } from '../trace-request.ts';
import { waitUntil } from '../wait-until.ts';

const mayTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;
if (!mayTrace)
  console.warn('SKIPPED: the order of system calls is not tested here: there is no strace, or it may not trace');

afterEach(stopAll, 60_000);

it.skipIf(!mayTrace)(
  'an acknowledgement leaves after its entry, its segment and their directory are synced',
  {
    timeout: 60_000,
  },
  async () => {
    const clew = await startClew();
    const dir = await mkdtemp(join(tmpdir(), 'clew-strace-'));
    const output = join(dir, 'calls');
    const calls = 'trace=openat,rename,write,writev,pwrite64,pwritev,fsync,fdatasync,sendto,sendmsg';
    const strace = spawn('strace', ['-f', '-y', '-s', '64', '-e', calls, '-o', output, '-p', String(clew.pid)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      await once(strace.stderr, 'data');
      const body = encodeTrace(traceOf(new Ledger(1).newTraceId(), 3), 'protobuf', 'identity');
      const headers = { 'content-type': 'application/x-protobuf' };
      const response = await fetch(`${clew.urls.otlpHttp}/v1/traces`, { method: 'POST', headers, body });
      expect(response.status).toBe(200);
      const text = async (): Promise<string> => readFile(output, 'utf8');
      await waitUntil(async () => (await text()).includes('HTTP/1.1 200 OK'), 'the answer in the trace');
      const lines = (await text()).split('\n');
      // A call that another thread interrupted ends in a line of its own; what counts is when it ended.
      const ended = (name: RegExp, what: RegExp, from = 0): number => {
        for (let i = from; i < lines.length; i++) {
          if (!name.test(lines[i]) || !what.test(lines[i])) continue;
          if (!lines[i].includes('<unfinished')) return i;
          const thread = lines[i].split(/\s+/)[0];
          return lines.findIndex((line, at) => at > i && line.startsWith(`${thread} `) && line.includes('resumed>'));
        }
        return -1;
      };
      const order = [
        ended(/ fdatasync\(/, /000001\.segment\.new>/),
        ended(/ rename\(/, /000001\.segment/),
        ended(/ fsync\(/, /\/journal>/),
        ended(/ pwritev\(/, /000001\.segment>/),
      ];
      order.push(ended(/ fdatasync\(/, /000001\.segment>/, order[3]));
      order.push(lines.findIndex((line) => line.includes('HTTP/1.1 200 OK')));
      expect(order, lines.join('\n')).not.toContain(-1);
      expect(order).toEqual([...order].sort((a, b) => a - b));
    } finally {
      strace.kill('SIGINT');
      await once(strace, 'exit');
      await rm(dir, { recursive: true });
    }
  },
);
