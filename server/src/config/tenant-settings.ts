/** Settings a tenant can have of its own: its limits (section `limits` holds everyone's) and its retention. */
import type { TenantLimits } from './config.ts';
import type { Setting } from './setting.ts';
import { byteSize, count } from './value-kinds.ts';

const KIB = 2 ** 10;
const GIB = 2 ** 30;
const MOST = 1_000_000_000;

export const LIMIT_SETTINGS: { readonly [K in keyof TenantLimits]: Setting<TenantLimits[K]> } = {
  spansPerSecond: {
    schema: count(0, MOST),
    defaultValue: 0,
    about: 'spans a tenant may send a second; 0 does not limit',
  },
  spanBurst: {
    schema: count(0, MOST),
    defaultValue: 0,
    about: 'spans a tenant may send at once before spansPerSecond holds; 0 is as many as in one second',
  },
  bytesPerSecond: {
    schema: byteSize(0, 1024 * GIB),
    defaultValue: 0,
    about: 'bytes of bodies, as sent, a tenant may send a second; 0 does not limit',
    unit: 'bytes',
  },
  bodyBytes: {
    schema: byteSize(0, GIB),
    defaultValue: 0,
    about:
      "largest body of a tenant's request, before and after decompression, within otlp.maxBodyBytes; 0 is that one",
    unit: 'bytes',
  },
  spansPerTrace: {
    schema: count(0, MOST),
    defaultValue: 1_000_000,
    about: 'spans of one trace taken within an hour, the rest are rejected; 0 does not limit',
  },
  attributeCount: {
    schema: count(0, 1_000_000),
    defaultValue: 1024,
    about: 'attributes kept of a span, event, link, resource or scope, the rest count as dropped; 0 does not limit',
  },
  attributeValueBytes: {
    schema: byteSize(0, GIB),
    defaultValue: 64 * KIB,
    about: 'length at which text and bytes in attributes are cut off; 0 does not limit',
    unit: 'bytes',
  },
  attributeKeys: {
    schema: count(0, 100_000),
    defaultValue: 10_000,
    about:
      'different attribute keys of a tenant within an hour, attributes with further ones are dropped; 0 does not limit',
  },
  spanNamesPerService: {
    schema: count(0, 100_000),
    defaultValue: 10_000,
    about:
      'different span names of a service within an hour, spans with further ones are named {other}; 0 does not limit',
  },
};

/** A hundred years: what the store can hold in a day and a class. */
export const MAX_RETENTION_DAYS = 36_500;

/** `tenants.NAME.retentionDays`. */
export const RETENTION_DAYS: Setting<number | undefined> = {
  schema: count(0, MAX_RETENTION_DAYS),
  defaultValue: undefined,
  about: 'days the spans of this tenant are kept; 0 for ever',
};

/** A setting below `tenants.NAME`. */
export interface TenantSetting {
  /** "limits.spansPerSecond" or "retentionDays". */
  readonly path: string;
  readonly setting: Setting<unknown>;
}

export const TENANT_SETTINGS: readonly TenantSetting[] = [
  ...Object.entries(LIMIT_SETTINGS).map(([key, setting]) => ({ path: `limits.${key}`, setting })),
  { path: 'retentionDays', setting: RETENTION_DAYS },
];
