/** Limits of the queue for reads, by the names people set them with. */
export type ReadQueueLimit = 'query.maxWaiting' | 'query.maxWaitingPerTenant' | 'query.maxWaitMs';

/** Too much is being read: the read was not begun, and may be asked again after a while. */
export class ReadRefusedError extends Error {
  readonly code = 'STORE_READ_REFUSED';
  /** The limit that was met. */
  readonly limit: ReadQueueLimit;
  readonly retryAfterSeconds: number;

  constructor(limit: ReadQueueLimit, value: number, waiting: number, retryAfterSeconds: number) {
    super(
      limit === 'query.maxWaitMs'
        ? `query: waited ${value} ms for its turn behind others (limit ${value}, ${limit}). Retry in ${retryAfterSeconds} s.`
        : `query: ${waiting} others are waiting already (limit ${value}, ${limit}). Retry in ${retryAfterSeconds} s.`,
    );
    this.name = 'ReadRefusedError';
    this.limit = limit;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** What nobody waits for has no place beside what people wait for. To be tried again later. */
export class ReadGivesWayError extends Error {
  readonly code = 'STORE_READ_GIVES_WAY';

  constructor() {
    super('read: gives way to reads that somebody waits for. Try again later.');
    this.name = 'ReadGivesWayError';
  }
}
