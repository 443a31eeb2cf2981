import { StoreUnavailableError } from '../store-error.ts';
import type { ReadEngine } from './read-engine.ts';

/** An engine that is not asked while there is a reason not to. */
export function refusingReads(engine: ReadEngine, whyNot: () => string | undefined): ReadEngine {
  const requireNoReason = (): void => {
    const reason = whyNot();
    if (reason !== undefined) throw new StoreUnavailableError(`Nothing can be read now: ${reason}. Spans are taken.`);
  };
  return {
    async selectJson(...statement) {
      requireNoReason();
      return engine.selectJson(...statement);
    },
    async selectNative(...statement) {
      requireNoReason();
      return engine.selectNative(...statement);
    },
  };
}
