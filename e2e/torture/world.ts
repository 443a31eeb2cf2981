/** The program under torture: started again and again on one data directory, while senders and readers go on. */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '@clew/testkit/random';
import { type ClewProcess, type ClewUrls, enginePids, freshDataDir, startClew } from '../clew-process.ts';
import { type KeptDisk, keepSmallDisk, whyNoSmallDisk } from '../small-disk.ts';

const DISK_BYTES = 2 ** 30;
const READY_MS = 90_000;

const FLAGS = [
  ['--journal-max-bytes', '48MiB'],
  ['--journal-segment-bytes', '4MiB'],
  ['--store-min-free-disk-bytes', '0'],
  ['--store-housekeeping-interval-ms', '5s'],
].flat();

export class World {
  readonly random: Random;
  readonly dataDir: string;
  readonly #clockFile: string;
  /** Undefined where a disk of its own cannot be had: it is not filled then. */
  readonly disk: KeptDisk | undefined;
  #clew: ClewProcess | undefined;
  /** Where to send; undefined while Clew is known to be down. */
  urls: ClewUrls | undefined;
  starts = 0;
  slowestStartMs = 0;
  peakResidentBytes = 0;
  /** What the program said at level error, each once, digits left out. */
  readonly errors = new Map<string, number>();
  /** The first of each as it was. */
  readonly examples = new Map<string, string>();

  private constructor(random: Random, dataDir: string, clockFile: string, disk: KeptDisk | undefined) {
    this.random = random;
    this.#clockFile = clockFile;
    this.dataDir = dataDir;
    this.disk = disk;
  }

  static async create(random: Random): Promise<World> {
    const dataDir = await freshDataDir();
    const reason = whyNoSmallDisk();
    if (reason !== undefined) console.log(`the disk is not filled: ${reason}`);
    const clockFile = join(await freshDataDir(), 'clock');
    const disk = reason === undefined ? await keepSmallDisk(dataDir, DISK_BYTES) : undefined;
    return new World(random, dataDir, clockFile, disk);
  }

  /** Sets the wall clock of the program, this run and the next ones. */
  async setClock(aheadMs: number): Promise<void> {
    await writeFile(`${this.#clockFile}.new`, String(aheadMs));
    await rename(`${this.#clockFile}.new`, this.#clockFile);
  }

  get clew(): ClewProcess {
    if (this.#clew === undefined) throw new Error('Clew is not running');
    return this.#clew;
  }

  get enginePid(): number | undefined {
    return enginePids(this.clew).at(-1);
  }

  async start(onSpawn: (pid: number) => void = () => undefined): Promise<void> {
    const startedMs = performance.now();
    const clew = await startClew({
      dataDir: this.dataDir,
      flags: FLAGS,
      readyTimeoutMs: READY_MS,
      nodeFlags: ['--import', process.env.CLEW_TORTURE_CLOCK ?? ''],
      env: { CLEW_TEST_CLOCK_FILE: this.#clockFile },
      onSpawn,
      ...(this.disk !== undefined && { launcher: this.disk.launcher }),
    });
    this.starts++;
    this.slowestStartMs = Math.max(this.slowestStartMs, performance.now() - startedMs);
    this.#clew = clew;
    this.urls = clew.urls;
  }

  /** Ends the program; further signals may go to its engine before. */
  async end(signal: NodeJS.Signals): Promise<number | string> {
    const { clew } = this;
    this.urls = undefined;
    this.#clew = undefined;
    const code = await clew.kill(signal);
    this.#noteErrors(clew);
    return code;
  }

  async noteMemory(): Promise<void> {
    const text = await fetch(`${this.clew.urls.ui}/metrics`)
      .then((answer) => answer.text())
      .catch(() => '');
    const resident = /^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1];
    this.peakResidentBytes = Math.max(this.peakResidentBytes, Number(resident ?? 0));
  }

  async close(): Promise<void> {
    if (this.#clew !== undefined) await this.end('SIGKILL');
    this.disk?.remove();
  }

  #noteErrors(clew: ClewProcess): void {
    for (const { level, msg, err, error } of clew.log) {
      if (level < 50) continue;
      const cause = (err as { readonly message?: string } | undefined)?.message ?? error ?? '';
      const text = `${msg} ${String(cause)}`.replaceAll(/\d+/g, 'N').slice(0, 400);
      if (!this.errors.has(text)) this.examples.set(text, String(cause).split('\n')[0]);
      this.errors.set(text, (this.errors.get(text) ?? 0) + 1);
    }
  }
}
