/** What the page says itself of something that failed; what the server says of it comes with its answer. */
export const problemText = {
  unreachable: 'Clew does not answer',
  unreachableWhy: (request: string): string =>
    `${request} got no answer. Is \`clew serve\` running, and the network up?`,
  spanNotFound: 'Span not found',
  spanNotFoundWhy: (spanId: string, traceId: string, file: string): string =>
    `no span ${spanId} of trace ${traceId} is in ${file}.`,
  traceReader: 'The part of the page that reads large traces could not be started. Reload the page.',
} as const;
