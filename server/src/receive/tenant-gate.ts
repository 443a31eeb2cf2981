import type { TenantLimits } from '../config/config.ts';
import type { LimitMetrics } from '../telemetry/limit-metrics.ts';
import type { IngestOutcome } from './ingest.ts';
import { SharedRates } from './shared-rates.ts';

/** A tenant with its two buckets. */
export interface Tenant {
  readonly name: string;
  readonly limits: TenantLimits;
  /** Bucket of its spans; that of its bytes is the next. */
  readonly bucket: number;
}

export interface TenantGateOptions {
  readonly limitsOf: (tenant: string) => TenantLimits;
  /** Tenants remembered; the one that sent longest ago is forgotten first, its buckets are full again. */
  readonly maxTenants: number;
  /** otlp.maxBodyBytes: no tenant may send more. */
  readonly maxBodyBytes: number;
  readonly metrics: LimitMetrics;
}

type Refused = Exclude<IngestOutcome, { kind: 'accepted' }>;

/** What a tenant may send, asked before its body is read. */
export class TenantGate {
  /** For the workers, which take from the buckets of spans once they have counted them. */
  readonly rateMemory: SharedArrayBuffer;
  readonly #options: TenantGateOptions;
  readonly #rates: SharedRates;
  /** In the order of last use. */
  readonly #tenants = new Map<string, Tenant>();
  #last: Tenant | undefined;

  constructor(options: TenantGateOptions) {
    this.#options = options;
    this.rateMemory = new SharedArrayBuffer(SharedRates.byteLength(options.maxTenants * 2));
    this.#rates = new SharedRates(this.rateMemory);
  }

  /** The tenant of that name, met before or not. */
  enter(name: string): Tenant {
    if (this.#last?.name === name) return this.#last;
    const tenant = this.#tenants.get(name) ?? this.#meet(name);
    this.#tenants.delete(name);
    this.#tenants.set(name, tenant);
    this.#last = tenant;
    this.#options.metrics.tenantsTracked(this.#tenants.size);
    return tenant;
  }

  /** Largest body of the tenant, in bytes. */
  maxBodyBytes({ limits }: Tenant): number {
    const { maxBodyBytes } = this.#options;
    return limits.bodyBytes === 0 ? maxBodyBytes : Math.min(limits.bodyBytes, maxBodyBytes);
  }

  /** Counts it and says which setting was passed. */
  tooLarge(tenant: Tenant): Refused {
    const maxBytes = this.maxBodyBytes(tenant);
    const isOwn = maxBytes < this.#options.maxBodyBytes;
    this.#options.metrics.limitHit('body_bytes', tenant.name, 1);
    return {
      kind: 'too-large',
      message:
        `request body: more than ${maxBytes} bytes (${isOwn ? 'limits.bodyBytes' : 'otlp.maxBodyBytes'}). ` +
        'Send smaller batches or raise the limit.',
    };
  }

  /**
   * Refuses a tenant whose buckets are in debt. Else takes the announced bytes; what is not announced is taken by
   * `bodyCame`.
   */
  refusal(tenant: Tenant, announcedBytes: number | undefined): Refused | undefined {
    const { spansPerSecond, bytesPerSecond } = tenant.limits;
    if (spansPerSecond > 0) {
      const waitMs = this.#rates.waitMs(tenant.bucket, spansPerSecond, spanBurst(tenant.limits));
      if (waitMs > 0) {
        this.#options.metrics.limitHit('spans_per_second', tenant.name, 1);
        return spansPerSecondOutcome(tenant.name, tenant.limits, waitMs);
      }
    }
    if (bytesPerSecond > 0) {
      const bucket = tenant.bucket + 1;
      const waitMs = this.#rates.take(bucket, announcedBytes ?? 0, bytesPerSecond, bytesPerSecond);
      if (waitMs > 0) {
        this.#options.metrics.limitHit('bytes_per_second', tenant.name, 1);
        return limited(tenant.name, `more than ${bytesPerSecond} bytes a second (limits.bytesPerSecond)`, waitMs);
      }
    }
    return undefined;
  }

  /** A body of unannounced length has come: its bytes become a debt, it is taken all the same. */
  bodyCame(tenant: Tenant, bytes: number): void {
    const { bytesPerSecond } = tenant.limits;
    if (bytesPerSecond > 0) this.#rates.take(tenant.bucket + 1, bytes, bytesPerSecond, Number.POSITIVE_INFINITY);
  }

  #meet(name: string): Tenant {
    const { maxTenants, limitsOf } = this.#options;
    let bucket = this.#tenants.size * 2;
    if (this.#tenants.size >= maxTenants) {
      for (const [oldest, tenant] of this.#tenants) {
        this.#tenants.delete(oldest);
        bucket = tenant.bucket;
        break;
      }
      this.#rates.fill(bucket);
      this.#rates.fill(bucket + 1);
    }
    return { name, limits: limitsOf(name), bucket };
  }
}

/** Takes counted spans from a bucket, for the workers. @returns undefined when they are taken. */
export function takeSpans(
  rates: SharedRates,
  bucket: number,
  tenant: string,
  limits: TenantLimits,
  spans: number,
): Refused | undefined {
  const { spansPerSecond } = limits;
  if (spansPerSecond === 0 || spans === 0) return undefined;
  const waitMs = rates.take(bucket, spans, spansPerSecond, spanBurst(limits));
  return waitMs === 0 ? undefined : spansPerSecondOutcome(tenant, limits, waitMs);
}

function spansPerSecondOutcome(tenant: string, { spansPerSecond }: TenantLimits, waitMs: number): Refused {
  return limited(tenant, `more than ${spansPerSecond} spans a second (limits.spansPerSecond)`, waitMs);
}

function limited(tenant: string, what: string, retryAfterMs: number): Refused {
  return {
    kind: 'limited',
    message: `tenant '${tenant}': ${what}. Retry after the time given, send less or raise the limit.`,
    retryAfterMs,
  };
}

function spanBurst({ spanBurst: burst, spansPerSecond }: TenantLimits): number {
  return burst === 0 ? spansPerSecond : burst;
}
