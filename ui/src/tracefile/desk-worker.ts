import { loadTraceProtobuf } from '../client/api.ts';
import { deskFailureOf } from './desk-failure.ts';
import type { DeskCalls, DeskReply, DeskRequest } from './desk-messages.ts';
import { TraceDesk } from './trace-desk.ts';

/** Beside the main thread: reading, listing and writing whole traces with everything they carry. */
const desk = new TraceDesk();

const calls: DeskCalls = {
  openFiles: (files) => desk.openFiles(files),
  openStored: async (traceId) => desk.openProtobuf(await loadTraceProtobuf(traceId)),
  columns: (traceId) => desk.columns(traceId),
  span: (traceId, spanId) => desk.span(traceId, spanId),
  events: (traceId, spanIds, start, filter) => desk.events(traceId, spanIds, start, filter),
  match: (traceId, query) => desk.match(traceId, query),
  values: (traceId, name) => desk.values(traceId, name),
  linkingSpans: (traceId, spanId) => desk.linkingSpans(traceId, spanId),
  exportTrace: (traceId, format) => desk.exportTrace(traceId, format),
};

addEventListener('message', (event: MessageEvent<DeskRequest>) => void answer(event.data));

async function answer({ id, call, parameters }: DeskRequest): Promise<void> {
  let reply: DeskReply;
  try {
    const run = calls[call] as (...given: readonly unknown[]) => unknown;
    reply = { id, value: await run(...parameters) };
  } catch (error) {
    reply = { id, failure: deskFailureOf(error) };
  }
  postMessage(reply, { transfer: 'value' in reply ? buffersOf(reply.value) : [] });
}

/** What an answer holds in typed arrays goes over without a copy: the worker makes them for the answer. */
function buffersOf(value: unknown): ArrayBuffer[] {
  if (typeof value !== 'object' || value === null) return [];
  const buffers = new Set<ArrayBuffer>();
  for (const member of Object.values(value)) {
    if (ArrayBuffer.isView(member) && member.buffer instanceof ArrayBuffer) buffers.add(member.buffer);
  }
  return [...buffers];
}
