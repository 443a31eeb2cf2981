import { parseTraceId, type TraceId } from '@clew/model';

/** `00-<trace>-<span>-01`, as W3C Trace Context has it. */
const TRACEPARENT = /\b[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}\b/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const IN_LINK = /\/traces?\/([0-9a-f]{16,32})\b/i;
/** Shorter hex text is more likely a word. */
const BARE = /^[0-9a-f]{16,32}$/i;

/** The trace that a pasted text means: an id, a UUID, a traceparent header, or a link to a trace; else undefined. */
export function tryReadTraceReference(
  typed: string,
): { readonly traceId: TraceId; readonly span?: string } | undefined {
  const pasted = typed.trim();
  const parent = TRACEPARENT.exec(pasted);
  if (parent !== null) {
    const traceId = parseTraceId(parent[1].toLowerCase());
    return traceId === undefined ? undefined : { traceId, span: parent[2].toLowerCase() };
  }
  const bare = UUID.test(pasted) ? pasted.replaceAll('-', '') : BARE.test(pasted) ? pasted : IN_LINK.exec(pasted)?.[1];
  const traceId = bare === undefined ? undefined : parseTraceId(bare.toLowerCase());
  return traceId === undefined ? undefined : { traceId };
}

/**
 * How well a label answers what was typed: every typed word must begin one of its words (1 each), or at least stand
 * somewhere in it (½); a label that begins with the first gets ½ more, one that is the text itself 1. 0 for no match,
 * 1 when nothing was typed.
 */
export function matchScore(label: string, typed: string): number {
  const words = typed
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return 1;
  const text = label.toLowerCase();
  const parts = text.split(/[^\p{L}\p{N}]+/u);
  let score = text === typed.trim().toLowerCase() ? 1 : text.startsWith(words[0]) ? 0.5 : 0;
  for (const word of words) {
    if (parts.some((part) => part.startsWith(word))) score += 1;
    else if (text.includes(word)) score += 0.5;
    else return 0;
  }
  return score;
}
