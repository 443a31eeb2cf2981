import { DeskError } from './desk-error.ts';
import type { DeskCall, DeskCalls, DeskReply, DeskRequest } from './desk-messages.ts';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The page's end of a desk worker. */
export class DeskClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor() {
    this.#worker = new Worker(new URL('./desk-worker.ts', import.meta.url), { type: 'module' });
    this.#worker.addEventListener('message', (event: MessageEvent<DeskReply>) => this.#settle(event.data));
    this.#worker.addEventListener('error', (event) =>
      this.#fail(`the worker stopped${event.message === '' ? '' : `: ${event.message}`}. Reload the page.`),
    );
  }

  /** Asks; rejects with a DeskError. */
  call<Call extends DeskCall>(
    call: Call,
    ...parameters: Parameters<DeskCalls[Call]>
  ): Promise<Awaited<ReturnType<DeskCalls[Call]>>> {
    const request: DeskRequest<Call> = { id: ++this.#lastId, call, parameters };
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
    });
    this.#worker.postMessage(request);
    return answer as Promise<Awaited<ReturnType<DeskCalls[Call]>>>;
  }

  /** Lets go of the spans; what is still asked for is rejected. */
  close(): void {
    this.#worker.terminate();
    this.#fail('the file was closed. Open it again.');
  }

  #settle(reply: DeskReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('failure' in reply) waiting?.reject(new DeskError(reply.failure));
    else waiting?.resolve(reply.value);
  }

  #fail(message: string): void {
    const error = new DeskError({ code: 'TRACE_DESK_CLOSED', message, place: '', status: 0 });
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
