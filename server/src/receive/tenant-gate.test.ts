import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import type { TenantLimits } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { createLimitMetrics } from '../telemetry/limit-metrics.ts';
import { SharedRates } from './shared-rates.ts';
import { TenantGate, takeSpans } from './tenant-gate.ts';

const DEFAULTS = loadConfig({ cwd: '/nowhere', env: {} }).limits;

interface TestGate {
  readonly gate: TenantGate;
  readonly registry: Registry;
}

function gateWith(own: Partial<TenantLimits>, maxTenants = 10): TestGate {
  const registry = new Registry();
  const gate = new TenantGate({
    limitsOf: (tenant) => (tenant === 'free' ? DEFAULTS : { ...DEFAULTS, ...own }),
    maxTenants,
    maxBodyBytes: 1_000,
    metrics: createLimitMetrics(registry),
  });
  return { gate, registry };
}

async function hits(registry: Registry, limit: string, tenant: string): Promise<number> {
  const values = (await registry.getSingleMetric('clew_limit_hits_total')?.get())?.values ?? [];
  return values.find(({ labels }) => labels.limit === limit && labels.tenant === tenant)?.value ?? 0;
}

describe('what a tenant may send', () => {
  test('is not limited unless somebody says so', () => {
    const { gate } = gateWith({ spansPerSecond: 1 });
    const tenant = gate.enter('free');
    const rates = new SharedRates(gate.rateMemory);
    for (let i = 0; i < 100; i++) {
      expect(gate.refusal(tenant, 1e9)).toBeUndefined();
      expect(takeSpans(rates, tenant.bucket, tenant.name, tenant.limits, 1e9)).toBeUndefined();
    }
  });

  test('is refused before its body once the workers have counted too many spans', async () => {
    const { gate, registry } = gateWith({ spansPerSecond: 100, spanBurst: 1_000 });
    const tenant = gate.enter('shop');
    const rates = new SharedRates(gate.rateMemory);
    expect(gate.refusal(tenant, 5)).toBeUndefined();
    expect(takeSpans(rates, tenant.bucket, 'shop', tenant.limits, 2_000)).toBeUndefined();
    expect(gate.refusal(tenant, 5)).toMatchObject({
      kind: 'limited',
      message: expect.stringContaining("tenant 'shop': more than 100 spans a second (limits.spansPerSecond)"),
      retryAfterMs: expect.closeTo(10_000, -3),
    });
    expect(takeSpans(rates, tenant.bucket, 'shop', tenant.limits, 1)).toMatchObject({ kind: 'limited' });
    expect(gate.refusal(gate.enter('other'), 5)).toBeUndefined();
    expect(await hits(registry, 'spans_per_second', 'shop')).toBe(1);
  });

  test('pays for announced bytes before and for others after they came', async () => {
    const { gate, registry } = gateWith({ bytesPerSecond: 1_000 });
    const announced = gate.enter('announced');
    expect(gate.refusal(announced, 61_000)).toBeUndefined();
    expect(gate.refusal(announced, 1)).toMatchObject({ kind: 'limited', retryAfterMs: expect.closeTo(60_000, -3) });
    const unannounced = gate.enter('unannounced');
    expect(gate.refusal(unannounced, undefined)).toBeUndefined();
    gate.bodyCame(unannounced, 30_000);
    gate.bodyCame(unannounced, 31_000);
    expect(gate.refusal(unannounced, undefined)).toMatchObject({ retryAfterMs: expect.closeTo(60_000, -3) });
    expect(await hits(registry, 'bytes_per_second', 'announced')).toBe(1);
  });

  test('has a largest body of its own, within everyone’s', async () => {
    const { gate, registry } = gateWith({ bodyBytes: 200 });
    expect(gate.maxBodyBytes(gate.enter('shop'))).toBe(200);
    expect(gate.maxBodyBytes(gate.enter('free'))).toBe(1_000);
    expect(gateWith({ bodyBytes: 5_000 }).gate.maxBodyBytes(gate.enter('free'))).toBe(1_000);
    expect(gate.tooLarge(gate.enter('shop')).message).toContain('more than 200 bytes (limits.bodyBytes)');
    expect(gate.tooLarge(gate.enter('free')).message).toContain('more than 1000 bytes (otlp.maxBodyBytes)');
    expect(await hits(registry, 'body_bytes', 'shop')).toBe(1);
  });
});

describe('the tenants remembered', () => {
  test('are bounded; the one that sent longest ago is forgotten with its debt, nobody else', async () => {
    const { gate, registry } = gateWith({ bytesPerSecond: 1 }, 3);
    for (const name of ['a', 'b', 'c']) gate.refusal(gate.enter(name), 1_000);
    gate.enter('a');
    expect(gate.refusal(gate.enter('d'), 1_000)).toBeUndefined();
    expect(gate.refusal(gate.enter('a'), 1)).toMatchObject({ kind: 'limited' });
    expect(gate.refusal(gate.enter('c'), 1)).toMatchObject({ kind: 'limited' });
    expect(gate.refusal(gate.enter('b'), 1)).toBeUndefined();
    expect((await registry.getSingleMetric('clew_tenants_tracked')?.get())?.values[0].value).toBe(3);
  });

  test('have series of their own up to a hundred, then one together', async () => {
    const { gate, registry } = gateWith({ bodyBytes: 1 }, 1_000);
    for (let i = 0; i < 150; i++) gate.tooLarge(gate.enter(`t${i}`));
    expect(await hits(registry, 'body_bytes', 't99')).toBe(1);
    expect(await hits(registry, 'body_bytes', 't100')).toBe(0);
    expect(await hits(registry, 'body_bytes', '{other}')).toBe(50);
  });
});
