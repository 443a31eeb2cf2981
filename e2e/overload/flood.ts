/** Sends far more than can be taken, from a process of its own, and says what became of every request. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TraceId } from '@clew/model';
import type { Ledger } from '../ledger.ts';
import { encodeTrace, traceOf } from '../trace-request.ts';

export interface FloodGroup {
  readonly tenant: string;
  readonly connections: number;
  /** Where the connections come from: another address is another client. */
  readonly localAddress?: string;
}

export interface FloodOptions {
  readonly url: string;
  readonly durationMs: number;
  readonly spansPerRequest: number;
  readonly paddingBytes: number;
  /** Trace ids count up from here. */
  readonly firstId: number;
  readonly groups: readonly FloodGroup[];
}

/** What a group was told. Trace ids in hex. */
export interface FloodReport {
  readonly tenant: string;
  readonly acknowledged: readonly string[];
  readonly refused: readonly string[];
  /** The connection broke before an answer. */
  readonly unknown: readonly string[];
  readonly statuses: Readonly<Record<string, number>>;
  /** Refusals without Retry-After. */
  readonly unadvised: number;
}

const PLACEHOLDER = 'f00dfeedf00dfeedf00dfeedf00dfeed' as TraceId;

export async function runFlood(options: FloodOptions): Promise<readonly FloodReport[]> {
  const { url, groups, firstId, durationMs } = options;
  const template = Buffer.from(
    encodeTrace(traceOf(PLACEHOLDER, options.spansPerRequest, options.paddingBytes), 'protobuf', 'identity'),
  );
  const placeholder = Buffer.from(PLACEHOLDER, 'hex');
  const traceIdOffsets: number[] = [];
  for (let at = template.indexOf(placeholder); at >= 0; at = template.indexOf(placeholder, at + 1)) {
    traceIdOffsets.push(at);
  }
  const child = fork(fileURLToPath(new URL('./flood-process.mjs', import.meta.url)));
  try {
    return await new Promise((resolve, reject) => {
      child.once('message', (reports) => resolve(reports as readonly FloodReport[]));
      child.once('exit', (code) => reject(new Error(`the flood ended with ${code} and no report`)));
      const untilUnixMs = Date.now() + durationMs;
      child.send({ url, template: template.toString('base64'), traceIdOffsets, firstId, untilUnixMs, groups });
    });
  } finally {
    child.kill();
  }
}

/** Enters everything in the ledger. */
export function noteAll(reports: readonly FloodReport[], spanCount: number, ledger: Ledger): void {
  for (const { tenant, acknowledged, refused, unknown } of reports) {
    for (const traceId of acknowledged) ledger.note(traceId, { tenant, spanCount, fate: 'acknowledged' });
    for (const traceId of refused) ledger.note(traceId, { tenant, spanCount, fate: 'refused' });
    for (const traceId of unknown) ledger.note(traceId, { tenant, spanCount, fate: 'unknown' });
  }
}
