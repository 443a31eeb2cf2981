/** What the services behind an order do: checkout's helpers inventory, payment, fraud, shipping, orders. */
import { inside } from './browse-services.ts';
import { callGrpc, type GrpcStatus } from './call-grpc.ts';
import { callOutside } from './call-http.ts';
import type { OpenSpan } from './open-span.ts';
import { ACQUIRER_FAILED, CARRIER_FAILED, RESERVATION_TIMED_OUT } from './stack-traces.ts';
import { readCache } from './use-cache.ts';
import { query } from './use-database.ts';
import { type Message, processAsChild, send } from './use-queue.ts';

export function reserveStock(at: OpenSpan, items: number): GrpcStatus {
  at.set({ 'shop.items': items });
  const inventory = { namespace: 'inventory', timeoutMs: 250 } as const;
  query(at, { ...inventory, operation: 'BEGIN', text: 'BEGIN', medianMs: 0.3 });
  for (let i = 0; i < items; i++) {
    const isRead = query(at, {
      ...inventory,
      operation: 'SELECT',
      table: 'stock_levels',
      text: 'SELECT available FROM stock_levels WHERE sku = $1 AND warehouse_id = $2 FOR UPDATE',
      medianMs: 2.2,
      rows: 1,
    });
    const isWritten =
      isRead &&
      query(at, {
        ...inventory,
        operation: 'UPDATE',
        table: 'stock_levels',
        text: 'UPDATE stock_levels SET available = available - $1 WHERE sku = $2 AND warehouse_id = $3',
        medianMs: 2.9,
      });
    if (!isWritten) {
      query(at, { ...inventory, operation: 'ROLLBACK', text: 'ROLLBACK', medianMs: 0.2 });
      at.failWith({ type: '*pq.Error', message: 'reserve items: statement timeout' }, RESERVATION_TIMED_OUT);
      return 'INTERNAL';
    }
  }
  if (at.random.chance(0.01)) {
    query(at, { ...inventory, operation: 'ROLLBACK', text: 'ROLLBACK', medianMs: 0.3 });
    at.event('out of stock', { 'shop.product.id': `p-${at.random.int(1, 1200)}` });
    return 'FAILED_PRECONDITION';
  }
  query(at, { ...inventory, operation: 'COMMIT', text: 'COMMIT', medianMs: 1.4 });
  return 'OK';
}

export function charge(at: OpenSpan, orderId: string, amount: number, currency: string): GrpcStatus {
  at.set({ 'shop.order.id': orderId, 'shop.amount': amount, 'shop.currency': currency });
  const fraud = callGrpc(at, 'fraud', 'shop.fraud.v1.FraudService/Score', 1500, scoreFraud);
  // Without a score small orders go through: sales first.
  if (fraud.status !== 'OK' && amount > 200) return 'UNAVAILABLE';
  const isFaulty = at.random.chance(at.has('payment-errors') ? 0.4 : 0.01);
  const isDeclined = isFaulty ? at.random.chance(0.5) : at.random.chance(0.015);
  const acquirer = callOutside(
    at,
    'api.acquirer.example',
    { method: 'POST', route: '/v2/authorizations', path: '/v2/authorizations', timeoutMs: 3000 },
    { medianMs: isFaulty && !isDeclined ? 600 : 120, sigma: 0.5, status: isDeclined ? 402 : isFaulty ? 503 : 201 },
  );
  query(at, {
    namespace: 'payments',
    operation: 'INSERT',
    table: 'authorizations',
    text: 'INSERT INTO authorizations (order_id, amount_cents, currency, outcome) VALUES ($1, $2, $3, $4)',
    medianMs: 2.6,
  });
  if (acquirer.status === 402) {
    at.event('payment declined', {
      'shop.decline.reason': at.random.pick(['insufficient_funds', 'do_not_honor', 'expired_card']),
    });
    return 'FAILED_PRECONDITION';
  }
  if (acquirer.failure === undefined) return 'OK';
  at.failWith({ type: 'com.shop.payment.AcquirerException', message: 'acquirer answered 503' }, ACQUIRER_FAILED);
  return 'UNAVAILABLE';
}

function scoreFraud(at: OpenSpan): GrpcStatus {
  if (at.has('fraud-overload')) {
    at.event('queued', { 'shop.queue.length': at.random.int(40, 300) });
    at.work(420, 0.9);
    if (at.random.chance(0.2)) return 'UNAVAILABLE';
  }
  readCache(at, 'HGETALL', 'fraud:profile', 0.9);
  inside(at, 'model.predict', 'fraud.model', 16);
  at.set({ 'shop.fraud.score': Math.round(at.random.next() ** 3 * 1000) / 1000 });
  return 'OK';
}

/** Asks three carriers at once and takes what answers. */
export function quoteShipping(at: OpenSpan, country: string): GrpcStatus {
  at.set({ 'shop.country': country });
  const isStorm = at.has('retry-storm') && at.random.chance(0.8);
  let answers = 0;
  at.parallel(
    ['api.carrier-one.example', 'rates.postal.example', 'quote.express.example'].map((host) => () => {
      for (let attempt = 0; attempt < (isStorm ? 3 : 2); attempt++) {
        const status = isStorm || at.random.chance(0.02) ? 503 : 200;
        const request = { method: 'GET', route: '/rates', path: '/rates', query: `country=${country}` } as const;
        const work = { medianMs: isStorm ? 90 : 45, sigma: 0.6, status };
        const { failure } = callOutside(at, host, { ...request, timeoutMs: 800, resendCount: attempt }, work);
        if (failure === undefined) {
          answers++;
          break;
        }
        at.waitUs(20_000 * 2 ** attempt * (0.5 + at.random.next()));
      }
    }),
  );
  if (answers > 0) return 'OK';
  at.failWith({ type: 'shipping::carrier::Error', message: 'all carriers failed' }, CARRIER_FAILED);
  return 'UNAVAILABLE';
}

export function placeOrder(at: OpenSpan, orderId: string, userId: string, items: number): Message {
  at.set({ 'shop.order.id': orderId, 'user.id': userId });
  const orders = { namespace: 'orders' } as const;
  query(at, { ...orders, operation: 'BEGIN', text: 'BEGIN', medianMs: 0.2 });
  query(at, {
    ...orders,
    operation: 'INSERT',
    table: 'orders',
    text: 'INSERT INTO orders (id, user_id, total_cents, currency, state) VALUES ($1, $2, $3, $4, $5)',
    medianMs: 2.4,
  });
  query(at, {
    ...orders,
    operation: 'INSERT',
    table: 'order_items',
    text: `INSERT INTO order_items (order_id, sku, quantity, price_cents) VALUES ${Array.from({ length: items }, () => '(?, ?, ?, ?)').join(', ')}`,
    medianMs: 1.8 + items * 0.2,
  });
  query(at, { ...orders, operation: 'COMMIT', text: 'COMMIT', medianMs: 1.2 });
  return send(at, 'orders', orderId, 400 + items * 90);
}

/** Those who wait for orders within the buyer's trace: a mail goes out, a parcel is prepared. */
export function followOrder(at: OpenSpan, message: Message): void {
  processAsChild(at, message, 'notifications', (mail) => {
    inside(mail, 'render template', '@shop/notifications', 6);
    callOutside(
      mail,
      'api.mail.example',
      { method: 'POST', route: '/v3/send', path: '/v3/send', timeoutMs: 5000 },
      { medianMs: 140, sigma: 0.7, status: mail.random.chance(0.01) ? 429 : 202 },
    );
  });
  processAsChild(at, message, 'shipping', (parcel) => {
    query(parcel, {
      namespace: 'shipments',
      operation: 'INSERT',
      table: 'shipments',
      text: 'INSERT INTO shipments (order_id, carrier, state) VALUES ($1, $2, $3)',
      medianMs: 2.1,
    });
    callOutside(
      parcel,
      'api.carrier-one.example',
      { method: 'POST', route: '/labels', path: '/labels', timeoutMs: 5000 },
      { medianMs: 180, sigma: 0.5, status: 201 },
    );
  });
}
