/** CPU time by thread name, for `--details`: engine threads take the name of the work they do, so it is sampled. */
import { readdirSync, readFileSync } from 'node:fs';
import { descendantsOf } from '../target/process-tree.ts';

const SAMPLE_MS = 50;
const TICKS_PER_SECOND = 100;

export class ThreadSampler {
  readonly #rootPid: number;
  readonly #lastTicks = new Map<string, number>();
  readonly #ticks = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(rootPid: number) {
    this.#rootPid = rootPid;
    this.#sample(false);
    this.#timer = setInterval(() => this.#sample(true), SAMPLE_MS);
  }

  /** CPU seconds by `process thread-name`, most first. */
  stop(): readonly (readonly [string, number])[] {
    clearInterval(this.#timer);
    this.#sample(true);
    return [...this.#ticks]
      .map(([name, ticks]) => [name, ticks / TICKS_PER_SECOND] as const)
      .sort((a, b) => b[1] - a[1]);
  }

  #sample(counts: boolean): void {
    for (const pid of [this.#rootPid, ...descendantsOf(this.#rootPid)]) {
      const processName = pid === this.#rootPid ? 'main' : 'engine';
      for (const thread of tryReadDirectory(`/proc/${pid}/task`)) {
        const text = tryRead(`/proc/${pid}/task/${thread}/stat`);
        if (text === undefined) continue;
        const nameEnd = text.lastIndexOf(')');
        const name = Number(thread) === pid ? 'main thread' : text.slice(text.indexOf('(') + 1, nameEnd);
        const fields = text
          .slice(nameEnd + 2)
          .split(' ')
          .map(Number);
        const ticks = fields[11] + fields[12];
        const added = ticks - (this.#lastTicks.get(thread) ?? 0);
        this.#lastTicks.set(thread, ticks);
        // Node's threads all have one name: told apart by their number.
        const label = `${processName} ${name === 'node' ? `node ${thread}` : name}`;
        if (counts && added > 0) this.#ticks.set(label, (this.#ticks.get(label) ?? 0) + added);
      }
    }
  }
}

function tryReadDirectory(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function tryRead(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
