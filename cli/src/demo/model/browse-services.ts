/** What the services behind browsing do: catalog, search, pricing, recommendations, cart. */
import type { GrpcStatus } from './call-grpc.ts';
import { callGrpc } from './call-grpc.ts';
import type { OpenSpan } from './open-span.ts';
import { findService } from './services.ts';
import { BAD_TERM, NULL_CART_LINE, OUT_OF_MEMORY } from './stack-traces.ts';
import { readCache, writeCache } from './use-cache.ts';
import { query } from './use-database.ts';

const PRODUCT_COLUMNS = 'id, sku, title, description, price_cents, brand_id, updated_at';

export function listProducts(at: OpenSpan, category: string, count: number): number {
  at.set({ 'shop.category': category });
  if (!readCache(at, 'GET', `catalog:list:${category}`, 0.85)) {
    if (at.has('n-plus-one')) {
      const ids = { operation: 'SELECT', table: 'products', namespace: 'catalog' } as const;
      query(at, { ...ids, text: 'SELECT id FROM products WHERE category_id = $1 LIMIT $2', medianMs: 3, rows: count });
      for (let i = 0; i < count; i++) {
        query(at, { ...ids, text: `SELECT ${PRODUCT_COLUMNS} FROM products WHERE id = $1`, medianMs: 1.6, rows: 1 });
      }
    } else {
      query(at, {
        namespace: 'catalog',
        operation: 'SELECT',
        table: 'products',
        text: `SELECT ${PRODUCT_COLUMNS} FROM products WHERE category_id = $1 ORDER BY rank LIMIT $2`,
        medianMs: 9,
        rows: count,
      });
    }
    writeCache(at, 'SET', `catalog:list:${category}`);
  }
  inside(at, 'ProductMapper.toResponse', 'com.shop.catalog', 1.1);
  return 200;
}

export function getProduct(at: OpenSpan, productId: string): number {
  at.set({ 'shop.product.id': productId });
  if (!readCache(at, 'GET', `catalog:product:${productId}`, 0.9)) {
    query(at, {
      namespace: 'catalog',
      operation: 'SELECT',
      table: 'products',
      text: `SELECT ${PRODUCT_COLUMNS} FROM products WHERE id = $1`,
      medianMs: 2.4,
      rows: 1,
    });
    writeCache(at, 'SET', `catalog:product:${productId}`);
  }
  if (at.random.chance(0.004)) return 404;
  inside(at, 'ProductMapper.toResponse', 'com.shop.catalog', 0.6);
  return 200;
}

export function searchProducts(at: OpenSpan, term: string): number {
  at.set({ 'shop.search.term': term });
  inside(at, 'parse query', 'search', 0.3);
  if (at.random.chance(0.012)) {
    at.failWith({ type: 'search::query::ParseError', message: 'unbalanced quote at byte 14' }, BAD_TERM);
    return 500;
  }
  const isStalled = at.has('slow-search') && at.random.chance(0.25);
  at.parallel(
    Array.from({ length: 4 }, (_, shard) => () => {
      const span = at.child({
        name: 'search shard',
        kind: 'internal',
        scope: 'search',
        attributes: { 'shop.search.shard': shard },
      });
      if (isStalled && shard === 2) {
        span.event('segment merge started', { 'shop.search.segments': 41 });
        span.work(4200, 0.3);
      } else span.work(14, 0.5);
      span.end();
      at.nowUs = span.nowUs;
    }),
  );
  inside(at, 'merge hits', 'search', 0.9);
  at.set({ 'shop.search.hits': at.random.int(0, 240) });
  return 200;
}

export function quotePrices(at: OpenSpan, currency: string, items: number): GrpcStatus {
  at.set({ 'shop.currency': currency, 'shop.items': items });
  if (!readCache(at, 'MGET', `price:${currency}:*`, 0.8)) {
    query(at, {
      namespace: 'prices',
      operation: 'SELECT',
      table: 'price_rules',
      text: 'SELECT sku, amount_cents, valid_until FROM price_rules WHERE currency = $1 AND sku = ANY($2)',
      medianMs: 4,
      rows: items,
    });
  }
  inside(at, 'apply promotions', 'shop/pricing', 0.4 + items * 0.05);
  return 'OK';
}

export function recommend(at: OpenSpan, userId: string): number {
  at.set({
    'user.id': userId,
    'feature_flag.key': 'ranker-v2',
    'feature_flag.result.variant': at.random.chance(0.3) ? 'on' : 'off',
  });
  readCache(at, 'MGET', `features:${userId}`, 0.7);
  const rank = at.child({ name: 'rank candidates', kind: 'internal', scope: 'recommendations.ranker' });
  rank.set({ 'shop.candidates': at.random.int(100, 900) });
  rank.work(22, 0.6);
  if (at.has('memory-leak')) {
    rank.event('gc pause', { 'process.memory.usage': at.random.int(1_600_000_000, 2_140_000_000) });
    rank.work(260, 0.9);
    if (at.random.chance(0.15)) {
      rank.failWith({ type: 'MemoryError', message: 'Unable to allocate 2.11 GiB for an array' }, OUT_OF_MEMORY);
    }
  }
  rank.end();
  at.nowUs = rank.nowUs;
  if (rank.failure === undefined) return 200;
  at.fail({ type: 'MemoryError', message: 'worker killed' });
  return 500;
}

export function readCart(at: OpenSpan, userId: string): GrpcStatus {
  at.set({ 'user.id': userId });
  if (isBrokenCart(at)) return 'INTERNAL';
  readCache(at, 'HGETALL', `cart:${userId}`, 0.97);
  at.work(0.7);
  return 'OK';
}

export function addToCart(at: OpenSpan, userId: string, productId: string): GrpcStatus {
  at.set({ 'user.id': userId, 'shop.product.id': productId });
  if (isBrokenCart(at)) return 'INTERNAL';
  readCache(at, 'HGETALL', `cart:${userId}`, 0.97);
  callGrpc(at, 'pricing', 'shop.pricing.v1.PricingService/Quote', 500, (pricing) => quotePrices(pricing, 'EUR', 1));
  const isStored = writeCache(at, 'HSET', `cart:${userId}`);
  writeCache(at, 'EXPIRE', `cart:${userId}`);
  return isStored ? 'OK' : 'UNAVAILABLE';
}

function isBrokenCart(at: OpenSpan): boolean {
  const isNewVersion = at.span.instance === findService('cart').instances - 1;
  if (!at.has('bad-deploy') || !isNewVersion || !at.random.chance(0.5)) return false;
  at.work(0.9);
  at.failWith(
    { type: 'System.NullReferenceException', message: 'Object reference not set to an instance of an object.' },
    NULL_CART_LINE,
  );
  return true;
}

/** A step inside a service. */
export function inside(at: OpenSpan, name: string, scope: string, medianMs: number): void {
  const span = at.child({ name, kind: 'internal', scope });
  span.work(medianMs);
  span.end();
  at.nowUs = span.nowUs;
}
