import {
  ATTRIBUTE_VALUE,
  type Attribute,
  type AttributeValue,
  Dictionary,
  EVENT_ATTRIBUTES,
  EVENT_DROPPED_ATTRIBUTES,
  LINK_DROPPED_ATTRIBUTES,
  NO_SPAN_ID,
  RESOURCE_ATTRIBUTES,
  RESOURCE_DROPPED_ATTRIBUTES,
  type SpanBatch,
  type TraceId,
} from '@clew/model';
import { decodeArrayContent, decodeKvlistContent } from '@clew/wire/otlp/decode-any-value';
import { describe, expect, test } from 'vitest';
import type { TenantLimits } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { AdmittedNames } from './admitted-names.ts';
import { AttributeLimits } from './attribute-limits.ts';
import { LimitCounts } from './limit-counts.ts';
import { Rejections } from './rejections.ts';
import { SharedNames } from './shared-names.ts';
import { TenantContexts } from './tenant-context.ts';
import { attributesOf, serviceBatch, sketchBatch, text, textsOf } from './test/sketch-batch.ts';

const DEFAULTS = loadConfig({ cwd: '/nowhere', env: {} }).limits;

interface TestStage {
  readonly hits: LimitCounts;
  process(batch: SpanBatch, tenant?: string): SpanBatch;
}

function stageWith(own: Partial<TenantLimits>, clock = { nowMs: 1_000 }): TestStage {
  const hits = new LimitCounts();
  const names = new SharedNames(new SharedArrayBuffer(SharedNames.byteLength), () => clock.nowMs);
  const stage = new AttributeLimits(new AdmittedNames(names, 7), hits);
  const contexts = new TenantContexts(() => ({ ...DEFAULTS, ...own }));
  return {
    hits,
    process(batch, tenant = 'shop') {
      stage.process(batch, new Rejections(), contexts.of(tenant));
      return batch;
    },
  };
}

const many = (count: number): Attribute[] => Array.from({ length: count }, (_, i) => text(`k${i}`, `v${i}`));

describe('the number of attributes', () => {
  test('leaves alone what is at the limit', () => {
    const { process, hits } = stageWith({ attributeCount: 3 });
    const batch = process(serviceBatch('a', [{ attributes: many(3) }]));
    expect(attributesOf(batch, 0)).toEqual({ attributes: { k0: 'v0', k1: 'v1', k2: 'v2' }, dropped: 0 });
    expect(hits.take()).toEqual([]);
  });

  test('drops and counts the surplus of each span by itself', () => {
    const { process, hits } = stageWith({ attributeCount: 2 });
    const batch = process(
      serviceBatch('a', [{ attributes: many(5) }, { attributes: many(1) }, { attributes: many(3) }]),
    );
    expect(attributesOf(batch, 0)).toEqual({ attributes: { k0: 'v0', k1: 'v1' }, dropped: 3 });
    expect(attributesOf(batch, 1)).toEqual({ attributes: { k0: 'v0' }, dropped: 0 });
    expect(attributesOf(batch, 2)).toEqual({ attributes: { k0: 'v0', k1: 'v1' }, dropped: 1 });
    expect(hits.take()).toEqual([{ limit: 'attribute_count', tenant: 'shop', count: 4 }]);
  });

  test('holds for events, links and resources, which keep their service.name', () => {
    const { process } = stageWith({ attributeCount: 2 });
    const event = { timeUnixNano: 1n, name: 'e', attributes: many(4), droppedAttributesCount: 7 };
    const link = {
      traceId: '0af7651916cd43dd8448eb211c80319c' as TraceId,
      spanId: NO_SPAN_ID,
      traceState: '',
      attributes: many(3),
      droppedAttributesCount: 0,
      flags: 0,
    };
    const batch = process(
      sketchBatch([
        { attributes: [...many(3), text('service.name', 'shop-api')], spans: [{ events: [event], links: [link] }] },
      ]),
    );
    expect(batch.events[EVENT_DROPPED_ATTRIBUTES]).toBe(9);
    expect(batch.events[EVENT_ATTRIBUTES + 1]).toBe(2);
    expect(batch.links[LINK_DROPPED_ATTRIBUTES]).toBe(1);
    expect(batch.resources[RESOURCE_DROPPED_ATTRIBUTES]).toBe(2);
    expect(textsOf(batch, batch.nestedAttributes, batch.resources[RESOURCE_ATTRIBUTES], 2)).toEqual({
      k0: 'v0',
      'service.name': 'shop-api',
    });
  });

  test('is without limit at 0', () => {
    const { process } = stageWith({ attributeCount: 0, attributeKeys: 0, attributeValueBytes: 0 });
    const attributes = [...many(3000), text('long', 'x'.repeat(100_000))];
    const batch = process(serviceBatch('a', [{ attributes }]));
    expect(Object.keys(attributesOf(batch, 0).attributes)).toHaveLength(3001);
    expect(attributesOf(batch, 0).attributes.long).toHaveLength(100_000);
  });
});

describe('the length of a value', () => {
  test('cuts text between two characters', () => {
    const { process, hits } = stageWith({ attributeValueBytes: 5 });
    const batch = process(
      serviceBatch('a', [
        { attributes: [text('ascii', 'abcdefg'), text('two', 'aäöü'), text('four', 'x🦉🦉'), text('fits', '12345')] },
      ]),
    );
    expect(attributesOf(batch, 0)).toEqual({
      attributes: { ascii: 'abcde', two: 'aäö', four: 'x🦉', fits: '12345' },
      dropped: 0,
    });
    expect(hits.take()).toEqual([{ limit: 'attribute_value_bytes', tenant: 'shop', count: 3 }]);
  });

  test('does not touch numbers, however large', () => {
    const { process, hits } = stageWith({ attributeValueBytes: 1 });
    const values: AttributeValue[] = [
      { type: 'int', value: 2n ** 62n },
      { type: 'int', value: -1n },
      { type: 'double', value: 1.5e300 },
      { type: 'bool', value: true },
    ];
    const attributes = values.map((value, i) => ({ key: `k${i}`, value }));
    const batch = serviceBatch('', [{ attributes }]);
    const before = batch.attributes.slice();
    process(batch);
    expect(batch.attributes).toEqual(before);
    expect(hits.take()).toEqual([]);
  });

  test('cuts each text and each bytes inside arrays and lists, and nothing else of them', () => {
    const { process, hits } = stageWith({ attributeValueBytes: 4 });
    const inner: AttributeValue[] = [
      { type: 'string', value: 'abcdef' },
      { type: 'int', value: -5n },
      { type: 'bytes', value: Uint8Array.of(1, 2, 3, 4, 5, 6) },
      { type: 'string', value: 'ok' },
      { type: 'array', value: [{ type: 'string', value: 'ääää' }] },
      { type: 'double', value: 0.5 },
    ];
    const kvlist: Attribute[] = [
      { key: 'a key that is long', value: { type: 'string', value: '123456789' } },
      { key: 'b', value: { type: 'array', value: inner } },
    ];
    const attributes: Attribute[] = [
      { key: 'array', value: { type: 'array', value: inner } },
      { key: 'kvlist', value: { type: 'kvlist', value: kvlist } },
    ];
    const batch = process(serviceBatch('', [{ attributes }]));
    const cut: AttributeValue[] = [
      { type: 'string', value: 'abcd' },
      { type: 'int', value: -5n },
      { type: 'bytes', value: Uint8Array.of(1, 2, 3, 4) },
      { type: 'string', value: 'ok' },
      { type: 'array', value: [{ type: 'string', value: 'ää' }] },
      { type: 'double', value: 0.5 },
    ];
    const [arrayAt, arrayLength] = batch.attributes.subarray(ATTRIBUTE_VALUE, ATTRIBUTE_VALUE + 2);
    expect(decodeArrayContent(batch.bytes, arrayAt, arrayAt + arrayLength)).toEqual(cut);
    const [listAt, listLength] = batch.attributes.subarray(4 + ATTRIBUTE_VALUE, 4 + ATTRIBUTE_VALUE + 2);
    expect(decodeKvlistContent(batch.bytes, listAt, listAt + listLength)).toEqual([
      { key: 'a key that is long', value: { type: 'string', value: '1234' } },
      { key: 'b', value: { type: 'array', value: cut } },
    ]);
    expect(hits.take()).toEqual([{ limit: 'attribute_value_bytes', tenant: 'shop', count: 7 }]);
  });

  test('leaves a long array of short values whole', () => {
    const { process, hits } = stageWith({ attributeValueBytes: 10 });
    const value: AttributeValue[] = Array.from({ length: 500 }, (_, i) => ({ type: 'int', value: BigInt(i) }));
    const batch = process(serviceBatch('', [{ attributes: [{ key: 'n', value: { type: 'array', value } }] }]));
    const [at, length] = batch.attributes.subarray(ATTRIBUTE_VALUE, ATTRIBUTE_VALUE + 2);
    expect(decodeArrayContent(batch.bytes, at, at + length)).toEqual(value);
    expect(hits.take()).toEqual([]);
  });
});

describe('the number of attribute keys', () => {
  test('admits the first ones, again and again, and drops others', () => {
    const { process, hits } = stageWith({ attributeKeys: 2 });
    const dictionary = new Dictionary();
    const send = (...keys: string[]): SpanBatch =>
      process(serviceBatch('a', [{ attributes: keys.map((key) => text(key, 'v')) }], dictionary));
    expect(attributesOf(send('a', 'b'), 0)).toEqual({ attributes: { a: 'v', b: 'v' }, dropped: 0 });
    expect(attributesOf(send('x', 'b', 'y', 'a'), 0)).toEqual({ attributes: { b: 'v', a: 'v' }, dropped: 2 });
    expect(attributesOf(send('y', 'a'), 0)).toEqual({ attributes: { a: 'v' }, dropped: 1 });
    expect(hits.take()).toEqual([{ limit: 'attribute_keys', tenant: 'shop', count: 3 }]);
  });

  test('holds for each tenant and in all workers together', () => {
    const names = new SharedArrayBuffer(SharedNames.byteLength);
    const contexts = new TenantContexts(() => ({ ...DEFAULTS, attributeKeys: 1 }));
    const workers = [0, 1].map(
      () => new AttributeLimits(new AdmittedNames(new SharedNames(names), 7), new LimitCounts()),
    );
    const keysAfter = (worker: number, tenant: string, key: string): string[] => {
      const batch = serviceBatch('a', [{ attributes: [text(key, 'v')] }]);
      workers[worker].process(batch, new Rejections(), contexts.of(tenant));
      return Object.keys(attributesOf(batch, 0).attributes);
    };
    expect(keysAfter(0, 'shop', 'first')).toEqual(['first']);
    expect(keysAfter(1, 'shop', 'second')).toEqual([]);
    expect(keysAfter(1, 'shop', 'first')).toEqual(['first']);
    expect(keysAfter(1, 'bank', 'second')).toEqual(['second']);
    expect(keysAfter(0, 'bank', 'first')).toEqual([]);
  });

  test('never costs a span its service', () => {
    const { process } = stageWith({ attributeKeys: 1 });
    process(serviceBatch('a', [{ attributes: [text('the one', 'v')] }]));
    const batch = process(serviceBatch('b', [{ attributes: [text('the one', 'v')] }]));
    expect(textsOf(batch, batch.nestedAttributes, batch.resources[RESOURCE_ATTRIBUTES], 1)).toEqual({
      'service.name': 'b',
    });
  });

  test('counts anew in the next hour, and after the dictionary was cleared by the same names', () => {
    const clock = { nowMs: 1_000 };
    const { process } = stageWith({ attributeKeys: 1 }, clock);
    const dictionary = new Dictionary();
    const keysOf = (key: string): string[] =>
      Object.keys(
        attributesOf(process(serviceBatch('a', [{ attributes: [text(key, 'v')] }], dictionary)), 0).attributes,
      );
    expect(keysOf('a')).toEqual(['a']);
    dictionary.clear();
    expect(keysOf('b')).toEqual([]);
    expect(keysOf('a')).toEqual(['a']);
    clock.nowMs += 3_600_000;
    expect(keysOf('b')).toEqual(['b']);
    expect(keysOf('a')).toEqual([]);
  });
});
