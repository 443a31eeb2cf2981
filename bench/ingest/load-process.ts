import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { CleanUp } from './clean-up.ts';
import type { FromLoadGenerator, LoadOrder, LoadResult, LoadSetup } from './load-messages.ts';

/** The load generator's process, from the benchmark's side. */
export class LoadProcess {
  readonly #child: ChildProcess;
  readonly bytesPerSpan: number;

  private constructor(child: ChildProcess, bytesPerSpan: number) {
    this.#child = child;
    this.bytesPerSpan = bytesPerSpan;
  }

  /** Resolves when the bodies are made. */
  static async start(buildDir: string, setup: LoadSetup, cleanUp: CleanUp): Promise<LoadProcess> {
    const child = fork(join(buildDir, 'bench', 'load-generator.mjs'), [JSON.stringify(setup)], { execArgv: [] });
    cleanUp.process(child);
    const answer = await nextMessage(child);
    if (answer.kind !== 'ready') throw new Error(`load generator: ${JSON.stringify(answer)}.`);
    return new LoadProcess(child, answer.bytesPerSpan);
  }

  async load(order: LoadOrder): Promise<LoadResult> {
    const answer = nextMessage(this.#child);
    this.#child.send(order);
    const result = await answer;
    if (result.kind === 'loaded') return result;
    throw new Error(`load generator: ${result.kind === 'failed' ? result.message : result.kind}.`);
  }

  stop(): void {
    this.#child.disconnect();
  }
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
