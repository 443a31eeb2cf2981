import type { Problem } from '@clew/contract';
import { CommandError, EXIT_FAILED, EXIT_NOTHING_FOUND, EXIT_USAGE } from '../exit-code.ts';
import { caretLines } from '../text/caret-lines.ts';
import { printable } from '../text/display-width.ts';
import { readEvents, type ServerSentEvent } from './event-stream.ts';

export interface ClientOptions {
  /** Base address, "http://127.0.0.1:8317". */
  readonly url: string;
  readonly tenant?: string;
  readonly timeoutMs: number;
  /** Ends what is asked, events excepted, before its answer has come. */
  readonly stop?: AbortSignal;
}

/** Longest answer that is taken into memory. */
const MAX_ANSWER_BYTES = 1 << 30;

/** Calls the HTTP API and turns what goes wrong into messages for people. */
export class ClewClient {
  readonly #options: ClientOptions;

  /** @throws CommandError when the address is not one. */
  constructor(options: ClientOptions) {
    if (!/^https?:\/\//i.test(options.url) || !URL.canParse(options.url)) {
      throw new CommandError(
        `the address "${options.url}" is not one (http:// or https://). Correct --url or CLEW_URL.`,
        EXIT_USAGE,
      );
    }
    this.#options = options;
  }

  /** The same server, asked until the signal fires. */
  until(stop: AbortSignal): ClewClient {
    return new ClewClient({ ...this.#options, stop });
  }

  /**
   * @param query the TraceQL text, to show where a problem lies.
   * @throws CommandError
   */
  async getJson<T>(path: string, parameters: Readonly<Record<string, string>>, query = ''): Promise<T> {
    const body = await this.get(path, parameters, 'application/json', query);
    try {
      return JSON.parse(Buffer.from(body).toString('utf8')) as T;
    } catch {
      throw new CommandError(`${this.#options.url} answered something that is not JSON. Is it Clew? Check --url.`);
    }
  }

  /** @throws CommandError */
  async get(
    path: string,
    parameters: Readonly<Record<string, string>>,
    accept: string,
    query = '',
  ): Promise<ArrayBuffer> {
    const { url, tenant, timeoutMs, stop } = this.#options;
    const target = this.#target(path, parameters);
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(target, {
        headers: { accept, ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }) },
        signal: stop === undefined ? timeout : AbortSignal.any([timeout, stop]),
      });
      const announced = Number(response.headers.get('content-length') ?? 0);
      if (announced > MAX_ANSWER_BYTES) {
        throw new CommandError(`the answer has ${announced} bytes (at most ${MAX_ANSWER_BYTES}). Ask for less.`);
      }
      const body = await response.arrayBuffer();
      if (!response.ok) throw problemError(response, body, query, target);
      return body;
    } catch (error) {
      if (stop?.aborted === true) throw new CommandError('stopped before the answer came.');
      throw error instanceof CommandError ? error : connectionError(error, url, timeoutMs);
    }
  }

  /**
   * Server-sent events, until the body ends, the signal fires or nothing has come for the client's timeout.
   * @throws CommandError when it is refused or the connection breaks.
   */
  async *events(
    path: string,
    parameters: Readonly<Record<string, string>>,
    options: StreamOptions,
    query = '',
  ): AsyncGenerator<ServerSentEvent> {
    const { url, tenant, timeoutMs } = this.#options;
    const target = this.#target(path, parameters);
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(new DOMException('silence', 'TimeoutError')), timeoutMs);
    try {
      const response = await fetch(target, {
        headers: {
          accept: 'text/event-stream, application/problem+json',
          ...(options.lastEventId === '' ? {} : { 'last-event-id': options.lastEventId }),
          ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
        },
        signal: AbortSignal.any([options.signal, silence.signal]),
      });
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
      if (!response.ok || !isStream || response.body === null) {
        throw problemError(response, await response.arrayBuffer(), query, target);
      }
      for await (const event of readEvents(response.body)) {
        timer.refresh();
        if (event.name !== '') yield event;
      }
    } catch (error) {
      if (options.signal.aborted) return;
      throw error instanceof CommandError ? error : connectionError(error, url, timeoutMs);
    } finally {
      clearTimeout(timer);
    }
  }

  #target(path: string, parameters: Readonly<Record<string, string>>): URL {
    const target = new URL(`${this.#options.url.replace(/\/+$/, '')}${path}`);
    for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
    return target;
  }
}

/** What a stream of events takes besides its address. */
export interface StreamOptions {
  readonly signal: AbortSignal;
  /** Where an earlier stream ended; empty to begin now. */
  readonly lastEventId: string;
}

function problemError(response: Response, body: ArrayBuffer, query: string, target: URL): CommandError {
  const text = Buffer.from(body.slice(0, 65_536)).toString('utf8');
  const problem = tryParseProblem(text);
  const exitCode =
    response.status === 404
      ? EXIT_NOTHING_FOUND
      : response.status === 400 || response.status === 422
        ? EXIT_USAGE
        : EXIT_FAILED;
  if (problem === undefined) {
    return new CommandError(
      `${target.origin}${target.pathname} answered ${response.status} ${response.statusText}: ` +
        `${printable(text.slice(0, 200)) || 'no text'}. Is it Clew? Check --url.`,
      // An answer that is not ours says nothing about what exists.
      EXIT_FAILED,
    );
  }
  const detail = printable(problem.detail);
  const position = problem.position;
  const where = position === undefined || query === '' ? '' : `\n\n${indented(caretLines(query, position))}\n`;
  return new CommandError(`${detail}${problem.code ? ` [${printable(problem.code)}]` : ''}${where}`, exitCode);
}

/** Answers of proxies in between are not problems of ours. The title stands in for a missing detail. */
function tryParseProblem(text: string): Pick<Problem, 'detail' | 'code' | 'position'> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { detail, title, code, position } = value as Partial<Problem>;
    const said = detail ?? title;
    if (typeof said !== 'string') return undefined;
    return {
      detail: said,
      code: typeof code === 'string' ? code : '',
      ...(typeof position?.from === 'number' && typeof position.to === 'number' ? { position } : {}),
    };
  } catch {
    return undefined;
  }
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}

function connectionError(error: unknown, url: string, timeoutMs: number): CommandError {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new CommandError(
      `${url} gave no answer in ${timeoutMs} ms. Narrow the time with --since, or wait longer with --timeout.`,
    );
  }
  const reason = deepestReason(error);
  return new CommandError(
    `no Clew at ${url} (${reason}). Start one with \`npm start\` or \`clew serve\`, or name another with --url or CLEW_URL.`,
  );
}

/** fetch hides the socket's error in `cause`, and both addresses of "localhost" in an AggregateError. */
function deepestReason(error: unknown): string {
  let current: unknown = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    if (current.cause === undefined) return current.message;
    current = current.cause;
  }
  return String(current);
}
