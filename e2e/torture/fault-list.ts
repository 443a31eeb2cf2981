/** What is done to the program. Each ends with the program running and nothing in its way. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { enginePids } from '../clew-process.ts';
import { fillDisk } from '../small-disk.ts';
import { waitUntil } from '../wait-until.ts';
import { zstdBomb } from '../zstd-frame.ts';
import type { World } from './world.ts';

export interface Fault {
  readonly name: string;
  /** How often, against the others. */
  readonly weight: number;
  readonly needsDisk?: boolean;
  inflict(world: World): Promise<void>;
}

function kill(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, signal);
  } catch (error) {
    // It may just have ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const KILL_CLEW: Fault = {
  name: 'kill -9 of Clew',
  weight: 4,
  async inflict(world) {
    await world.end('SIGKILL');
    await world.start();
  },
};

const KILL_BOTH: Fault = {
  name: 'kill -9 of both',
  weight: 3,
  async inflict(world) {
    kill(world.enginePid, 'SIGKILL');
    if (world.random.chance(0.5)) await sleep(world.random.between(0, 200));
    await world.end('SIGKILL');
    await world.start();
  },
};

const KILL_ENGINE: Fault = {
  name: 'kill -9 of the engine',
  weight: 4,
  async inflict(world) {
    const before = enginePids(world.clew).length;
    kill(world.enginePid, 'SIGKILL');
    await waitUntil(() => enginePids(world.clew).length > before, 'another engine', 90_000);
  },
};

/** Before it is ready: while it recovers, replays and migrates. */
const KILL_STARTING: Fault = {
  name: 'kill -9 while starting',
  weight: 2,
  async inflict(world) {
    await world.end('SIGKILL');
    const spawned: number[] = [];
    const started = world
      .start((pid) => spawned.push(pid))
      .then(
        () => true,
        () => false,
      );
    await sleep(world.random.between(50, 2_500));
    kill(spawned[0], 'SIGKILL');
    // Or it was ready already.
    if (await started) await world.end('SIGKILL');
    await world.start();
  },
};

const STOP: Fault = {
  name: 'clean stop',
  weight: 2,
  async inflict(world) {
    const code = await world.end('SIGTERM');
    if (code !== 0) throw new Error(`a clean stop ended with ${code}`);
    await world.start();
  },
};

const FREEZE_ENGINE: Fault = {
  name: 'engine frozen for seconds',
  weight: 2,
  async inflict(world) {
    const pid = world.enginePid;
    kill(pid, 'SIGSTOP');
    await sleep(world.random.between(100, 8_000));
    kill(pid, 'SIGCONT');
  },
};

const HANG_ENGINE: Fault = {
  name: 'engine hung',
  weight: 1,
  async inflict(world) {
    const before = enginePids(world.clew).length;
    kill(world.enginePid, 'SIGSTOP');
    await waitUntil(() => enginePids(world.clew).length > before, 'the hung engine to be replaced', 120_000);
  },
};

const FREEZE_CLEW: Fault = {
  name: 'Clew frozen for seconds',
  weight: 2,
  async inflict(world) {
    const { pid } = world.clew;
    kill(pid, 'SIGSTOP');
    await sleep(world.random.between(100, 5_000));
    kill(pid, 'SIGCONT');
  },
};

const FULL_DISK: Fault = {
  name: 'disk full',
  weight: 3,
  needsDisk: true,
  async inflict(world) {
    if (world.disk === undefined) return;
    const free = await fillDisk(world.disk.pid, world.dataDir);
    await sleep(world.random.between(100, 6_000));
    await free();
  },
};

/** It dies in this state, and comes back when there is room. */
const KILL_ON_FULL_DISK: Fault = {
  name: 'kill -9 on a full disk',
  weight: 2,
  needsDisk: true,
  async inflict(world) {
    if (world.disk === undefined) return;
    const free = await fillDisk(world.disk.pid, world.dataDir);
    await sleep(world.random.between(100, 3_000));
    await world.end('SIGKILL');
    await free();
    await world.start();
  },
};

const RESETS: Fault = {
  name: 'clients that break off',
  weight: 2,
  async inflict(world) {
    const { otlpHttp, otlpGrpc } = world.clew.urls;
    const body = Buffer.alloc(200_000);
    const head = `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: ${body.length}\r\n\r\n`;
    for (let i = 0; i < 50; i++) {
      const socket = connect(Number(new URL(world.random.chance(0.5) ? otlpHttp : otlpGrpc).port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(world.random.chance(0.5) ? head : 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
      socket.write(body.subarray(0, world.random.between(0, body.length)));
      setTimeout(() => socket.resetAndDestroy(), world.random.between(0, 500));
    }
    await sleep(600);
  },
};

const BOMBS: Fault = {
  name: 'bombs',
  weight: 1,
  async inflict(world) {
    const { otlpHttp } = world.clew.urls;
    const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'zstd' };
    const send = () =>
      fetch(`${otlpHttp}/v1/traces`, { method: 'POST', headers, body: zstdBomb(10_000) })
        .then((response) => response.status)
        .catch(() => 0);
    const statuses = await Promise.all(Array.from({ length: 8 }, send));
    const taken = statuses.filter((status) => status === 200);
    if (taken.length > 0) throw new Error('a bomb was accepted');
  },
};

const DAY_MS = 86_400_000;

const JUMP: Fault = {
  name: 'clock jump',
  weight: 2,
  async inflict(world) {
    const day = world.random.pick([-1, 0, 1, 365]);
    await world.setClock(day * DAY_MS);
    if (day !== 365) return;
    // A year ahead for good would be a reason to drop what is old by then.
    await sleep(world.random.between(100, 5_000));
    await world.setClock(0);
  },
};

export const FAULTS: readonly Fault[] = [
  KILL_CLEW,
  KILL_BOTH,
  KILL_ENGINE,
  KILL_STARTING,
  STOP,
  FREEZE_ENGINE,
  HANG_ENGINE,
  FREEZE_CLEW,
  FULL_DISK,
  KILL_ON_FULL_DISK,
  RESETS,
  BOMBS,
  JUMP,
];
