import { readFileSync, writeFileSync } from 'node:fs';
import {
  FLAG_CLOCK_SKEW,
  FLAG_ERROR,
  FLAG_MISSING_PARENT,
  NO_PARENT,
  type TraceColumns,
  type TraceId,
} from '@clew/model';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { Terminal } from '../terminal.ts';
import { displayWidth } from '../text/display-width.ts';
import { renderWaterfall } from './render-waterfall.ts';
import type { RowLimits } from './visible-rows.ts';

interface Row {
  readonly service: string;
  readonly name: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly parent?: number;
  readonly flags?: number;
}

/** Columns of rows that are in depth-first order already. */
function columnsOf(rows: readonly Row[]): TraceColumns {
  const names = [...new Set(rows.map((row) => row.name))];
  const services = [...new Set(rows.map((row) => row.service))];
  const MS = 1e6;
  return {
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736' as TraceId,
    spanCount: rows.length,
    omittedSpanCount: 0,
    startTimeUnixNano: 1_790_000_000_123_000_000n,
    durationNano: Math.max(...rows.slice(0, 1000).map((row) => row.startMs + row.durationMs)) * MS,
    names,
    services,
    start: Float64Array.from(rows, (row) => row.startMs * MS),
    duration: Float64Array.from(rows, (row) => row.durationMs * MS),
    parent: Int32Array.from(rows, (row) => row.parent ?? NO_PARENT),
    spanId: new Int32Array(rows.length * 2),
    name: Uint32Array.from(rows, (row) => names.indexOf(row.name)),
    service: Uint16Array.from(rows, (row) => services.indexOf(row.service)),
    eventCount: new Uint16Array(rows.length),
    kind: new Uint8Array(rows.length),
    statusCode: new Uint8Array(rows.length),
    flags: Uint8Array.from(rows, (row) => row.flags ?? 0),
  };
}

const CHECKOUT: readonly Row[] = [
  { service: 'storefront', name: 'POST /checkout', startMs: 0, durationMs: 480, flags: FLAG_ERROR },
  { service: 'gateway', name: 'POST /api/checkout', startMs: 2, durationMs: 470, parent: 0, flags: FLAG_ERROR },
  { service: 'gateway', name: 'authenticate', startMs: 3, durationMs: 0.4, parent: 1 },
  { service: 'checkout', name: 'POST /checkout', startMs: 5, durationMs: 460, parent: 1, flags: FLAG_ERROR },
  { service: 'cart', name: 'shop.cart.v1.CartService/GetCart', startMs: 8, durationMs: 6, parent: 3 },
  {
    service: 'pricing',
    name: 'shop.pricing.v1.PricingService/Quote',
    startMs: 4,
    durationMs: 12,
    parent: 3,
    flags: FLAG_CLOCK_SKEW,
  },
  {
    service: 'payment',
    name: 'shop.payment.v1.PaymentService/Charge',
    startMs: 120,
    durationMs: 300,
    parent: 3,
    flags: FLAG_ERROR,
  },
  { service: 'payment', name: 'INSERT authorizations', startMs: 410, durationMs: 3, parent: 6 },
  { service: 'notifications', name: 'メールを送る 📧', startMs: 440, durationMs: 40, flags: FLAG_MISSING_PARENT },
];

const ALL: RowLimits = { maxDepth: Number.POSITIVE_INFINITY, maxRows: 500, onlyErrors: false };

function terminal(columns: number, isColored = false): Terminal {
  return { out: () => undefined, err: () => undefined, columns, isTty: true, colors: pc.createColors(isColored) };
}

/** Rewrites the golden file when UPDATE_GOLDEN is set. Times print in the reader's zone: the second line is cut. */
function expectGolden(name: string, text: string): void {
  const file = new URL(`./${name}.golden.txt`, import.meta.url);
  const stable = text.replace(/^([0-9a-f]{32}) {2}.*$/m, '$1');
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, stable);
  expect(stable).toBe(readFileSync(file, 'utf8'));
}

describe('renderWaterfall', () => {
  it('draws the tree, durations and bars in 100 columns', () => {
    expectGolden('checkout-100', renderWaterfall(columnsOf(CHECKOUT), ALL, terminal(100)));
  });

  it('shortens names, then services, in 60 columns', () => {
    expectGolden('checkout-60', renderWaterfall(columnsOf(CHECKOUT), ALL, terminal(60)));
  });

  it('shows only the way to errors, and says what it left out', () => {
    expectGolden('checkout-errors', renderWaterfall(columnsOf(CHECKOUT), { ...ALL, onlyErrors: true }, terminal(100)));
  });

  it('folds what is below --depth into a count', () => {
    expectGolden('checkout-depth', renderWaterfall(columnsOf(CHECKOUT), { ...ALL, maxDepth: 3 }, terminal(100)));
  });

  it.each([40, 61, 80, 133, 200])('keeps every line within %d columns, wide letters counted as two', (columns) => {
    const lines = renderWaterfall(columnsOf(CHECKOUT), ALL, terminal(columns)).split('\n').slice(3);
    for (const line of lines.filter((text) => !text.startsWith('…')))
      expect(displayWidth(line)).toBeLessThanOrEqual(columns);
  });

  it('prints the same text with and without colours', () => {
    const colored = renderWaterfall(columnsOf(CHECKOUT), ALL, terminal(100, true));
    expect(colored).toContain('\u001b[31m');
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(renderWaterfall(columnsOf(CHECKOUT), ALL, terminal(100)));
  });

  it('does not let names steer the terminal', () => {
    const evil = [{ service: 'a\u001b]0;x\u0007', name: 'b\nc\u001b[2J\u202e', startMs: 0, durationMs: 1 }];
    const text = renderWaterfall(columnsOf(evil), ALL, terminal(100));
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
    expect(text.split('\n')).toHaveLength(5);
  });

  it('cuts a long trace at --max-rows and says how many spans are hidden', () => {
    const rows = Array.from({ length: 10_000 }, (_, row) => ({
      service: `s${row % 7}`,
      name: 'work',
      startMs: row,
      durationMs: 10,
      ...(row === 0 ? {} : { parent: row - 1 - (row % 3 === 0 ? Math.min(row - 1, 2) : 0) }),
    }));
    const lines = renderWaterfall(columnsOf(rows), ALL, terminal(120)).trimEnd().split('\n');
    expect(lines).toHaveLength(3 + 500 + 1);
    expect(lines.at(-1)).toBe('… 9,500 spans hidden: raise --max-rows, or narrow with --depth or --errors');
    const whole = renderWaterfall(columnsOf(rows), { ...ALL, maxRows: 1_000_000 }, terminal(120));
    expect(whole.trimEnd().split('\n')).toHaveLength(3 + 10_000);
  });

  it('numbers levels too deep to indent, in a chain of 100,000', () => {
    const chain = Array.from({ length: 100_000 }, (_, row) => ({
      service: 's',
      name: 'call',
      startMs: 0,
      durationMs: 1,
      ...(row === 0 ? {} : { parent: row - 1 }),
    }));
    const text = renderWaterfall(columnsOf(chain), { ...ALL, maxRows: 60 }, terminal(120));
    expect(text).toContain('60▸ s call');
    expect(text).toContain('99,940 spans hidden');
  });

  it('says when the server left spans out', () => {
    const columns = { ...columnsOf(CHECKOUT), omittedSpanCount: 12 };
    expect(renderWaterfall(columns, ALL, terminal(100))).toContain(
      "… 12 spans beyond the server's limit; --json has them all",
    );
  });
});
