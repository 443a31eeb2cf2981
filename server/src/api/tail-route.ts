import { setTimeout as sleep } from 'node:timers/promises';
import type { TailEvent } from '@clew/contract';
import { ROUTES } from '@clew/contract/routes';
import type { Hono } from 'hono';
import { Tail } from '../query/tail.ts';
import type { ApiDependencies } from './dependencies.ts';
import { toApiError } from './error-mapping.ts';
import { parseRequest, pathPattern } from './parse-request.ts';
import { problemOf } from './problem.ts';
import { TailFollowers } from './tail-followers.ts';

interface TailTimes {
  /** From the end of one look to the begin of the next. */
  readonly lookEveryMs: number;
  /** A line without meaning after this long without another, so that both ends notice a dead connection. */
  readonly heartbeatMs: number;
}

const TIMES: TailTimes = { lookEveryMs: 1_000, heartbeatMs: 10_000 };
/** How far back a Last-Event-ID is taken up; what came before is not told of. */
const MAX_RESUME_MS = 600_000;
/** What a browser waits before it connects again. */
const RETRY_MS = 2_000;

type TailDependencies = Pick<ApiDependencies, 'store' | 'tenantOf' | 'stopping' | 'logger'>;

/** @param times others than the program's own only in tests. */
export function addTailRoute(api: Hono, dependencies: TailDependencies, times: TailTimes = TIMES): void {
  const { store, tenantOf, stopping } = dependencies;
  const followers = new TailFollowers();
  api.get(pathPattern(ROUTES.tail), (context) => {
    const { raw } = context.req;
    const tenant = tenantOf(raw.headers);
    const asked = parseRequest(ROUTES.tail, {}, context.req.query());
    const tail = new Tail(store, {
      tenant,
      text: asked.q,
      tracesPerLook: asked.rate,
      spansPerTrace: asked.spss,
      sinceUnixMs: sinceOf(raw.headers.get('last-event-id'), Date.now()),
    });
    const leave = followers.enter(tenant);
    const gone = new AbortController();
    const signals = [gone.signal, raw.signal, ...(stopping === undefined ? [] : [stopping])];
    const lines = follow(tail, AbortSignal.any(signals), dependencies, times, leave);
    const encoder = new TextEncoder();
    // Asked for line by line: a client that does not read is not looked for either.
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const { done, value } = await lines.next();
          if (done === true) controller.close();
          else controller.enqueue(encoder.encode(value));
        },
        cancel() {
          gone.abort();
          leave();
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body, {
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // A proxy that gathers answers would hold everything back.
        'x-accel-buffering': 'no',
      },
    });
  });
}

/** The lines of the stream, until the signal. */
async function* follow(
  tail: Tail,
  signal: AbortSignal,
  { logger }: TailDependencies,
  { lookEveryMs, heartbeatMs }: TailTimes,
  leave: () => void,
): AsyncGenerator<string, undefined> {
  try {
    yield `retry: ${RETRY_MS}\n\n`;
    let quietSinceMs = performance.now();
    let isBroken = false;
    while (!signal.aborted) {
      const nowMs = Date.now();
      let events: readonly TailEvent[] = [];
      try {
        events = await tail.look(nowMs, { signal });
        isBroken = false;
      } catch (error) {
        if (signal.aborted) return;
        const problem = problemOf(toApiError(error, signal));
        // Said once: every second's failure is the same one.
        if (!isBroken) events = [{ kind: 'problem', problem }];
        if (!isBroken)
          logger.warn(
            { code: problem.code, error: error instanceof Error ? error.stack : String(error) },
            'tail: a look failed',
          );
        isBroken = true;
      }
      const id = tail.resumableFrom(nowMs);
      for (const event of events) yield eventText(event, id);
      if (events.length > 0) quietSinceMs = performance.now();
      else if (performance.now() - quietSinceMs >= heartbeatMs) {
        quietSinceMs = performance.now();
        yield ': nothing new\n\n';
      }
      await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    leave();
  }
}

/** HTML Living Standard, "Server-sent events": JSON has no line breaks of its own. */
function eventText(event: TailEvent, id: number): string {
  const { kind, ...rest } = event;
  const data = event.kind === 'trace' ? event.trace : event.kind === 'problem' ? event.problem : rest;
  return `event: ${kind}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Where a tail begins: now, or where the client's last one was. */
function sinceOf(lastEventId: string | null, nowUnixMs: number): number {
  if (lastEventId === null || !/^\d{1,15}$/.test(lastEventId)) return nowUnixMs;
  return Math.min(nowUnixMs, Math.max(Number(lastEventId), nowUnixMs - MAX_RESUME_MS));
}
