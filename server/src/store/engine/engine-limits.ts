/** Every bound of the embedded engine, in one place. Sizes in bytes, times in milliseconds. */

const MIB = 1024 * 1024;

/** Statements that read, or change without streamed data, running at the same time: one engine connection each. */
export const QUERY_CONNECTIONS = 4;

/** Statements that may wait for a connection; the next one is refused with a retryable error. */
export const MAX_WAITING_QUERIES = 64;

/** Longest wait for a connection before the retryable refusal. */
export const MAX_QUERY_WAIT_MS = 15_000;

/** Inserts that may wait for the insert connection; their bodies stay unread in the sockets. */
export const MAX_WAITING_INSERTS = 16;

/** An insert's body is handed to the engine in pieces of this size: one by one, socket reads cost a third more CPU. */
export const INSERT_PIECE_BYTES = 4 * MIB;

/** Longest statement text. Also set as the engine's max_query_size. */
export const MAX_STATEMENT_BYTES = 4 * MIB;

/** Longest request line and headers: query parameters travel in the URL. The ClickHouse server's own limit. */
export const MAX_HEADER_BYTES = MIB;

/** Results up to this size are sent with their final statistics in the header, larger ones with a trailer. */
export const SUMMARY_HEADER_BYTES = MIB;

/** Largest result in a format that is one document (JSON, Arrow, …); row formats stream without this limit. */
export const MAX_DOCUMENT_RESULT_BYTES = 64 * MIB;

/** Chunks fetched ahead of the socket, each one block of the engine: 65 thousand rows at most. */
export const FETCH_AHEAD_CHUNKS = 2;

/** Threads for the addon's and koffi's asynchronous calls: one a connection, and some for files. */
export const ENGINE_THREAD_POOL_SIZE = QUERY_CONNECTIONS + 8;

/**
 * Flags of Node for the engine process. It passes bytes on and makes few objects; at V8's own size its young
 * generation grew to 20 MiB of chunks that nobody used any more.
 */
export const ENGINE_NODE_FLAGS: readonly string[] = ['--max-semi-space-size=2'];

/** How long a stopping engine lets inserts finish before it gives up on them. */
export const STOP_GRACE_MS = 10_000;

/** How long an engine without its parent lets killed queries end before it ends itself. */
export const ORPHAN_GRACE_MS = 2_000;

/** Deadline for a started engine to answer. Recovery of a large directory after a crash is the slow case. */
export const START_DEADLINE_MS = 60_000;

/**
 * A running engine is asked every second whether it is there. Its main thread only passes messages on, and answers in
 * milliseconds with both cores taken; after this many questions in a row without an answer it is killed and started
 * again.
 */
export const PROBE_INTERVAL_MS = 1_000;
export const MAX_SILENT_PROBES = 15;

/** The same for the library behind it, which is asked for a trivial statement that may have to wait for its turn. */
export const MAX_UNANSWERED_PROBES = 90;

/** From here on an engine that says nothing does not count as ready. */
export const SUSPICIOUS_PROBES = 3;

/** Restart back-off after the engine died: first and longest pause. */
export const FIRST_RESTART_MS = 50;
export const LAST_RESTART_MS = 5_000;

/** With less than this free on its disk the engine is killed: it takes failed writes for good ones. */
export const MIN_FREE_DISK_BYTES = 32 * MIB;

/** What has to be free before it is started again, and how often that is looked at. */
export const START_FREE_DISK_BYTES = 64 * MIB;
export const FULL_DISK_RETRY_MS = 500;

/** Between two looks at the disk of a running engine. */
export const DISK_CHECK_INTERVAL_MS = 100;

/** A supervisor may start a successor while its killed predecessor is still on its way out. */
export const PREVIOUS_HOLDER_WAIT_MS = 500;

/** A previous engine that lost its parent ends itself within this time. */
export const PREVIOUS_ENGINE_WAIT_MS = ORPHAN_GRACE_MS + 3_000;

/** After that it is killed, which takes a moment: its memory has to be given back. */
export const KILLED_ENGINE_WAIT_MS = 10_000;

/** Defaults of one query, which a request's own settings override. */
export const DEFAULT_QUERY_SECONDS = 60;
export const QUERY_MEMORY_SHARE = 0.6;
export const MAX_QUERY_THREADS = 4;

/** How often threads are looked for that merge and have not been lowered yet. */
export const MERGE_PRIORITY_MS = 5_000;
