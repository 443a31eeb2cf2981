import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { CleanUp } from '../target/clean-up.ts';
import type {
  FloodOrder,
  FloodResult,
  FromLoadGenerator,
  LoadGeneratorOrder,
  LoadOrder,
  LoadResult,
  LoadSetup,
} from './load-messages.ts';

/** Bodies of all connections together must fit into the generator's memory. */
const MAX_TEMPLATE_SPANS = 1_500_000;
/** Different bodies at most: 80 MB of them at 600 bytes a span. */
const WANTED_TEMPLATE_SPANS = 131_072;

/** The load generator's process, from the benchmark's side. */
export class LoadProcess {
  readonly #child: ChildProcess;
  readonly setup: LoadSetup;
  readonly bytesPerSpan: number;

  private constructor(child: ChildProcess, setup: LoadSetup, bytesPerSpan: number) {
    this.#child = child;
    this.setup = setup;
    this.bytesPerSpan = bytesPerSpan;
  }

  /** Resolves when the bodies are made. */
  static async start(buildDir: string, setup: LoadSetup, cleanUp: CleanUp): Promise<LoadProcess> {
    const child = fork(join(buildDir, 'bench', 'load-generator.mjs'), [JSON.stringify(setup)], { execArgv: [] });
    cleanUp.process(child);
    const answer = await nextMessage(child);
    if (answer.kind !== 'ready') throw new Error(`load generator: ${JSON.stringify(answer)}.`);
    return new LoadProcess(child, setup, answer.bytesPerSpan);
  }

  async load(order: LoadOrder): Promise<LoadResult> {
    const result = await this.#ask(order);
    if (result.kind === 'loaded') return result;
    throw new Error(`load generator: ${result.kind}.`);
  }

  async flood(order: FloodOrder): Promise<FloodResult> {
    const result = await this.#ask(order);
    if (result.kind === 'flooded') return result;
    throw new Error(`load generator: ${result.kind}.`);
  }

  stop(): void {
    this.#child.disconnect();
  }

  async #ask(order: LoadGeneratorOrder): Promise<FromLoadGenerator> {
    const answer = nextMessage(this.#child);
    this.#child.send(order);
    const result = await answer;
    if (result.kind === 'failed') throw new Error(`load generator: ${result.message}`);
    return result;
  }
}

/** How many bodies to make: enough for variety, and more than are in flight at once. */
export function templateCount(spans: number, batch: number, connections: number): number {
  const wanted = Math.min(Math.ceil(spans / batch), Math.floor(WANTED_TEMPLATE_SPANS / batch));
  const count = Math.max(wanted, connections + 1);
  if (count * batch <= MAX_TEMPLATE_SPANS) return count;
  throw new Error(
    `${connections} connections with ${batch} spans a request: ${count * batch} spans in flight (limit ` +
      `${MAX_TEMPLATE_SPANS}). Use fewer connections or smaller requests.`,
  );
}

function nextMessage(child: ChildProcess): Promise<FromLoadGenerator> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`load generator: ended with exit code ${code}.`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as FromLoadGenerator);
    });
  });
}
