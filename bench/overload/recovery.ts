import { setTimeout as sleep } from 'node:timers/promises';
import { generateRequestBodies } from '@clew/testkit/generate-realistic-traces';
import { PLAIN_PROTOBUF, type Transport } from '../load/load-messages.ts';
import { openSender } from '../load/send-request.ts';
import type { Target } from '../target/target.ts';

export interface RecoveryFigures {
  /** From the end of the flood until a request was accepted, over a new connection. */
  readonly firstAcceptedMs: number;
  /** Refusals before that. */
  readonly refusals: number;
  readonly spans: number;
}

/** Sooner than a refused sender is told to come back: when it becomes possible is what is measured. */
const RETRY_PAUSE_MS = 50;
const GIVE_UP_MS = 120_000;
const SPANS = 64;

/** Sends one small request again and again until it is accepted. `tenant`: X-Scope-OrgID, none when empty. */
export async function measureRecovery(target: Target, transport: Transport, tenant: string): Promise<RecoveryFigures> {
  const startTimeUnixNano = BigInt(Date.now()) * 1_000_000n;
  const seed = Date.now() | 0;
  const [{ body, spanCount }] = generateRequestBodies({ seed, bodies: 1, spansPerBody: SPANS, startTimeUnixNano });
  const sender = openSender({ transport, url: target.urlOf(transport), form: PLAIN_PROTOBUF, tenant });
  const startMs = performance.now();
  try {
    for (let refusals = 0; ; refusals++) {
      const outcome = await sender.send(body);
      const firstAcceptedMs = performance.now() - startMs;
      if (outcome.kind === 'accepted') return { firstAcceptedMs, refusals, spans: spanCount };
      if (firstAcceptedMs > GIVE_UP_MS) throw new Error(`still refused ${GIVE_UP_MS} ms after the flood.`);
      await sleep(RETRY_PAUSE_MS);
    }
  } finally {
    sender.close();
  }
}
