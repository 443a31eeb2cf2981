import { inject } from 'vitest';

export interface EngineOfRun {
  /** The bundled engine process. */
  readonly enginePath: string;
  /** Unix socket of the engine that all files of the run have together. */
  readonly socketPath: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    engine: EngineOfRun | undefined;
  }
}

/** What share-engine.ts has started for this run of tests; undefined where it has not. */
export function engineOfRun(): EngineOfRun | undefined {
  return inject('engine');
}
