import { Dictionary, type SpanBatch } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import { AdmittedNames } from './admitted-names.ts';
import { LimitCounts } from './limit-counts.ts';
import { Rejections } from './rejections.ts';
import { SharedNames } from './shared-names.ts';
import { ORIGINAL_NAME_KEY, OTHER_NAME, SpanNameLimit } from './span-name-limit.ts';
import { TenantContexts } from './tenant-context.ts';
import { attributesOf, namesOf, serviceBatch, sketchBatch, text } from './test/sketch-batch.ts';

const DEFAULTS = loadConfig({ cwd: '/nowhere', env: {} }).limits;

function stageWith(spanNamesPerService: number): { process: (batch: SpanBatch) => SpanBatch; hits: LimitCounts } {
  const hits = new LimitCounts();
  const names = new SharedNames(new SharedArrayBuffer(SharedNames.byteLength));
  const stage = new SpanNameLimit(new AdmittedNames(names, 7), hits);
  const context = new TenantContexts(() => ({ ...DEFAULTS, spanNamesPerService })).of('shop');
  return {
    hits,
    process(batch) {
      stage.process(batch, new Rejections(), context);
      return batch;
    },
  };
}

describe('the number of span names of a service', () => {
  test('gives surplus names a stand-in and keeps the original in an attribute', () => {
    const { process, hits } = stageWith(2);
    const attributes = [text('http.route', '/order'), text('a', 'b')];
    const batch = process(
      serviceBatch('api', [
        { name: 'GET', attributes },
        { name: 'POST' },
        { name: 'GET /order/1', attributes },
        { name: 'GET /order/2' },
        { name: 'POST', attributes },
      ]),
    );
    expect(namesOf(batch)).toEqual(['GET', 'POST', OTHER_NAME, OTHER_NAME, 'POST']);
    expect(attributesOf(batch, 2)).toEqual({
      attributes: { 'http.route': '/order', a: 'b', [ORIGINAL_NAME_KEY]: 'GET /order/1' },
      dropped: 0,
    });
    expect(attributesOf(batch, 3).attributes).toEqual({ [ORIGINAL_NAME_KEY]: 'GET /order/2' });
    expect(attributesOf(batch, 4).attributes).toEqual({ 'http.route': '/order', a: 'b' });
    expect(hits.take()).toEqual([{ limit: 'span_names_per_service', tenant: 'shop', count: 2 }]);
  });

  test('counts each service by itself, and spans without one as one', () => {
    const { process } = stageWith(1);
    const dictionary = new Dictionary();
    const service = (name: string | undefined, ...spans: string[]) => ({
      attributes: name === undefined ? [] : [text('service.name', name)],
      spans: spans.map((span) => ({ name: span })),
    });
    const batch = process(
      sketchBatch(
        [service('a', 'x', 'y'), service('b', 'y', 'x'), service(undefined, 'x', 'y'), service('a', 'y', 'x')],
        dictionary,
      ),
    );
    expect(namesOf(batch)).toEqual(['x', OTHER_NAME, 'y', OTHER_NAME, 'x', OTHER_NAME, OTHER_NAME, 'x']);
    dictionary.clear();
    expect(namesOf(process(serviceBatch('b', [{ name: 'x' }, { name: 'y' }], dictionary)))).toEqual([OTHER_NAME, 'y']);
  });

  test('works for whole batches of new names, which make every table grow', () => {
    const { process } = stageWith(3);
    const spans = Array.from({ length: 20_000 }, (_, i) => ({
      name: `GET /order/${i}`,
      attributes: [text('i', String(i)), text('j', 'x')],
    }));
    const batch = process(serviceBatch('api', spans));
    expect(new Set(namesOf(batch))).toEqual(new Set([OTHER_NAME, 'GET /order/0', 'GET /order/1', 'GET /order/2']));
    for (const row of [3, 9_999, 19_999]) {
      expect(attributesOf(batch, row).attributes).toEqual({
        i: String(row),
        j: 'x',
        [ORIGINAL_NAME_KEY]: `GET /order/${row}`,
      });
    }
  });
});
