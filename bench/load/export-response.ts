/** ExportTraceServiceResponse (opentelemetry-proto trace_service.proto): only what a benchmark must know of it. */

const PARTIAL_SUCCESS_TAG = 0x0a;
const REJECTED_SPANS_TAG = 0x08;

/** `partial_success.rejected_spans`. Some servers send an empty `partial_success`: nothing was rejected then. */
export function rejectedSpansIn(answer: Uint8Array, isJson: boolean): number {
  if (answer.length === 0) return 0;
  if (isJson) return rejectedInJson(Buffer.from(answer).toString());
  if (answer[0] !== PARTIAL_SUCCESS_TAG) throw new Error(`export response: unexpected first byte ${answer[0]}.`);
  const messageStart = skipVarint(answer, 1);
  if (answer[messageStart] !== REJECTED_SPANS_TAG) return 0;
  let count = 0;
  for (let at = messageStart + 1, factor = 1; at < answer.length; at++, factor *= 128) {
    count += (answer[at] & 0x7f) * factor;
    if (answer[at] < 0x80) break;
  }
  return count;
}

function rejectedInJson(text: string): number {
  const answer = JSON.parse(text) as { readonly partialSuccess?: { readonly rejectedSpans?: string | number } };
  return Number(answer.partialSuccess?.rejectedSpans ?? 0);
}

function skipVarint(bytes: Uint8Array, at: number): number {
  let next = at;
  while (next < bytes.length && bytes[next] >= 0x80) next++;
  return next + 1;
}
