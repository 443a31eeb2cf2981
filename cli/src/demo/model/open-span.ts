/**
 * A span while its work is being planned: a cursor in time that work and calls move forward. Planning a minute of
 * shop time takes microseconds because nothing ever waits.
 */
import type { FaultSet } from './faults.ts';
import type { PlannedAttributes, PlannedKind, PlannedSpan } from './planned-span.ts';
import type { Random } from './random.ts';
import { findService } from './services.ts';

/** A failure that travels from callee to caller. */
export interface Failure {
  /** `error.type`: an exception's class, a status code, "timeout". */
  readonly type: string;
  readonly message: string;
}

export interface SpanStart {
  readonly name: string;
  readonly kind: PlannedKind;
  readonly scope: string;
  readonly attributes?: PlannedAttributes;
}

export class OpenSpan {
  readonly random: Random;
  readonly faults: FaultSet;
  readonly span: PlannedSpan;
  /** Microseconds from the journey's start. */
  nowUs: number;
  failure: Failure | undefined;

  private constructor(random: Random, faults: FaultSet, span: PlannedSpan) {
    this.random = random;
    this.faults = faults;
    this.span = span;
    this.nowUs = span.startUs;
  }

  /** A new trace of the journey. */
  static root(random: Random, faults: FaultSet, service: string, atUs: number, start: SpanStart): OpenSpan {
    const instance = random.int(0, findService(service).instances - 1);
    return new OpenSpan(random, faults, emptySpan(service, instance, atUs, start));
  }

  /** A child in this process that starts now. */
  child(start: SpanStart): OpenSpan {
    return this.#open(this.span.service, this.span.instance, this.nowUs, start);
  }

  /** A child in another process, on any of its instances. */
  remoteChild(service: string, atUs: number, start: SpanStart): OpenSpan {
    const instance = this.random.int(0, findService(service).instances - 1);
    return this.#open(service, instance, atUs, start);
  }

  #open(service: string, instance: number, atUs: number, start: SpanStart): OpenSpan {
    const span = emptySpan(service, instance, atUs, start);
    this.span.children.push(span);
    return new OpenSpan(this.random, this.faults, span);
  }

  has(fault: Parameters<FaultSet['has']>[0]): boolean {
    return this.faults.has(fault);
  }

  /** Time passes here: log-normal around the median. */
  work(medianMs: number, sigma?: number): void {
    this.waitUs(this.random.latency(medianMs * 1000, sigma));
  }

  waitUs(us: number): void {
    this.nowUs += Math.max(1, Math.round(us));
  }

  set(attributes: PlannedAttributes): void {
    Object.assign(this.span.attributes, attributes);
  }

  event(name: string, attributes: PlannedAttributes = {}): void {
    this.span.events.push({ name, atUs: this.nowUs, attributes });
  }

  fail(failure: Failure): void {
    this.failure = failure;
    this.span.status = 'error';
    this.span.statusMessage = failure.message;
    this.span.attributes['error.type'] = failure.type;
  }

  /** Fails with an exception event (exceptions semantic conventions). */
  failWith(failure: Failure, stackTrace: string): void {
    this.event('exception', {
      'exception.type': failure.type,
      'exception.message': failure.message,
      'exception.stacktrace': stackTrace,
    });
    this.fail(failure);
  }

  /** Starts every branch now and goes on when the slowest has finished. */
  parallel(branches: readonly (() => void)[]): void {
    const startUs = this.nowUs;
    let latestUs = startUs;
    for (const [i, branch] of branches.entries()) {
      this.nowUs = startUs + i * 40; // one thread starts them one after the other
      branch();
      latestUs = Math.max(latestUs, this.nowUs);
    }
    this.nowUs = latestUs;
  }

  /** Ends the span now. */
  end(): PlannedSpan {
    this.span.endUs = this.nowUs;
    return this.span;
  }
}

function emptySpan(service: string, instance: number, atUs: number, start: SpanStart): PlannedSpan {
  return {
    service,
    instance,
    scope: start.scope,
    name: start.name,
    kind: start.kind,
    startUs: atUs,
    endUs: atUs,
    attributes: { ...start.attributes },
    events: [],
    status: 'unset',
    statusMessage: '',
    links: [],
    children: [],
  };
}
