import type { Problem, TailTrace } from '@clew/contract';
import { useEffect, useMemo, useRef, useState } from 'react';
import { tailUrl } from '../../../client/api.ts';
import { findMistake } from '../query-mistake.ts';
import { TailBuffer } from './tail-buffer.ts';

/** Rows drawn in a second at most: more cannot be read. */
const ROWS_PER_SECOND = 10;
const DRAW_EVERY_MS = 500;
/** Before a refused connection is tried again: too many may follow at the time. */
const RETRY_MS = 5_000;

export interface LiveTail {
  readonly state: 'connecting' | 'open' | 'lost';
  readonly traces: readonly TailTrace[];
  /** Traces that came while the list was held, or faster than rows are drawn. */
  readonly waitingCount: number;
  readonly droppedCount: number;
  /** Traces that matched and were never sent. */
  readonly skippedCount: number;
  readonly problem: Problem | undefined;
  /** Shows what waits. */
  readonly showAll: () => void;
}

/**
 * Follows a query. While it is held nothing moves; what comes waits.
 * @param spansPerTrace matching spans told of each trace at most
 */
export function useLiveTail(query: string, isHeld: boolean, spansPerTrace: number): LiveTail {
  const buffer = useMemo(() => ({ query, spansPerTrace, tail: new TailBuffer() }), [query, spansPerTrace]).tail;
  const [, setRound] = useState(0);
  const [state, setState] = useState<LiveTail['state']>('connecting');
  const [skippedCount, setSkipped] = useState(0);
  const [problem, setProblem] = useState<Problem | undefined>(undefined);
  const held = useRef(isHeld);
  held.current = isHeld;
  useEffect(() => {
    setState('connecting');
    setSkipped(0);
    setProblem(undefined);
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const connect = (): void => {
      const opened = new EventSource(tailUrl(query === '' ? '{ }' : query, ROWS_PER_SECOND, spansPerTrace));
      source = opened;
      opened.onopen = () => setState('open');
      opened.onerror = () => {
        setState('lost');
        // A lost connection the browser takes up by itself, where it was; a refused one it gives up.
        if (opened.readyState === EventSource.CLOSED) retry = setTimeout(connect, RETRY_MS);
      };
      opened.addEventListener('trace', (event: MessageEvent<string>) => {
        setProblem(undefined);
        buffer.add(JSON.parse(event.data) as TailTrace);
      });
      opened.addEventListener('skipped', (event: MessageEvent<string>) => {
        const { traceCount } = JSON.parse(event.data) as { readonly traceCount: number };
        setSkipped((now) => now + traceCount);
      });
      opened.addEventListener('problem', (event: MessageEvent<string>) => {
        setProblem(JSON.parse(event.data) as Problem);
      });
    };
    if (findMistake(query) === undefined) connect();
    return () => {
      source?.close();
      clearTimeout(retry);
    };
  }, [query, spansPerTrace, buffer]);
  useEffect(() => {
    let seen = '';
    const timer = setInterval(() => {
      if (!held.current) buffer.show((ROWS_PER_SECOND * DRAW_EVERY_MS) / 1000);
      const now = `${buffer.shown.length} ${buffer.waitingCount} ${buffer.droppedCount} ${buffer.shown[0]?.traceId ?? ''}`;
      if (now === seen && held.current) return;
      seen = now;
      setRound((round) => round + 1);
    }, DRAW_EVERY_MS);
    return () => clearInterval(timer);
  }, [buffer]);
  return {
    state,
    traces: buffer.shown,
    waitingCount: buffer.waitingCount,
    droppedCount: buffer.droppedCount,
    skippedCount,
    problem,
    showAll: () => {
      buffer.show(buffer.waitingCount);
      setRound((round) => round + 1);
    },
  };
}
