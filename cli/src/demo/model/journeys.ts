/** What people and schedules do in the shop, each a way through the services. */
import {
  addToCart,
  getProduct,
  inside,
  listProducts,
  quotePrices,
  readCart,
  recommend,
  searchProducts,
} from './browse-services.ts';
import { callGrpc } from './call-grpc.ts';
import {
  callHttp,
  callOutside,
  finishHttpServer,
  type HttpRequest,
  httpScope,
  httpServerAttributes,
} from './call-http.ts';
import { checkOut } from './check-out.ts';
import type { FaultSet } from './faults.ts';
import { OpenSpan } from './open-span.ts';
import type { PlannedSpan } from './planned-span.ts';
import type { Random } from './random.ts';
import { newProductId, newShopper, SEARCH_TERMS, type Shopper } from './shopper.ts';
import { query } from './use-database.ts';
import { processAsOwnTrace, send } from './use-queue.ts';

export interface Journey {
  readonly name: string;
  /** Relative frequency. */
  readonly weight: number;
  /** The traces, the one that starts it first. */
  readonly plan: (random: Random, faults: FaultSet) => readonly PlannedSpan[];
}

export const JOURNEYS: readonly Journey[] = [
  { name: 'browse', weight: 300, plan: (random, faults) => [browse(random, faults)] },
  { name: 'product', weight: 260, plan: (random, faults) => [viewProduct(random, faults)] },
  { name: 'search', weight: 180, plan: (random, faults) => [search(random, faults)] },
  { name: 'add-to-cart', weight: 120, plan: (random, faults) => [fillCart(random, faults)] },
  { name: 'checkout', weight: 90, plan: (random, faults) => checkout(random, faults) },
  { name: 'account', weight: 35, plan: (random, faults) => [viewAccount(random, faults)] },
  { name: 'refund', weight: 12, plan: (random, faults) => [refund(random, faults)] },
  { name: 'nightly-batch', weight: 2, plan: (random, faults) => nightlyBatch(random, faults) },
];

const PAGE_TIMEOUT_MS = 2500;

/** Every page comes through storefront and gateway. `handle` is the gateway's work. */
function openPage(
  random: Random,
  faults: FaultSet,
  page: HttpRequest,
  api: HttpRequest,
  handle: (gateway: OpenSpan, shopper: Shopper) => number,
): OpenSpan {
  const shopper = newShopper(random);
  const root = OpenSpan.root(random, faults, 'storefront', 0, {
    name: `${page.method} ${page.route}`,
    kind: 'server',
    scope: httpScope('storefront'),
    attributes: {
      ...httpServerAttributes('storefront', page),
      'server.address': 'shop.example.com',
      'url.scheme': 'https',
      'client.address': `203.0.113.${random.int(1, 254)}`,
      'session.id': shopper.sessionId,
      'shop.country': shopper.country,
      'shop.tier': shopper.tier,
    },
  });
  if (shopper.tier !== 'guest') root.set({ 'user.id': shopper.userId });
  root.work(1.2);
  const answer = callHttp(root, 'gateway', { timeoutMs: PAGE_TIMEOUT_MS, ...api }, (gateway) => {
    gateway.set({ 'user.id': shopper.userId });
    inside(gateway, 'authenticate', 'shop/gateway/auth', 0.4);
    return handle(gateway, shopper);
  });
  inside(root, 'render page', 'next.js', answer.status === 200 ? 7 : 2);
  finishHttpServer(root, needs(answer));
  return root;
}

/** What a proxy answers when it needs this answer to go on: 504 where time ran out, 502 for other failures. */
function needs({ status }: { readonly status: number }): number {
  if (status === 0 || status === 504) return 504;
  return status >= 500 ? 502 : status;
}

function browse(random: Random, faults: FaultSet): PlannedSpan {
  const category = random.pick(['tents', 'sleeping-bags', 'lights', 'shoes', 'stoves', 'rainwear']);
  const page = { method: 'GET', route: '/c/:category', path: `/c/${category}` } as const;
  const api = { method: 'GET', route: '/api/categories/{category}', path: `/api/categories/${category}` } as const;
  return openPage(random, faults, page, api, (gateway, shopper) => {
    let status = 200;
    gateway.parallel([
      () => {
        const list = { method: 'GET', route: '/products', path: '/products', query: `category=${category}` } as const;
        status = needs(callHttp(gateway, 'catalog', list, (catalog) => listProducts(catalog, category, 24)));
      },
      () => {
        callRecommendations(gateway, shopper);
      },
    ]);
    if (status === 200) quoteFor(gateway, shopper, 24);
    return status;
  }).end();
}

function viewProduct(random: Random, faults: FaultSet): PlannedSpan {
  const id = newProductId(random);
  const page = { method: 'GET', route: '/p/:id', path: `/p/${id}` } as const;
  const api = { method: 'GET', route: '/api/products/{id}', path: `/api/products/${id}` } as const;
  return openPage(random, faults, page, api, (gateway, shopper) => {
    let status = 200;
    gateway.parallel([
      () => {
        const get = { method: 'GET', route: '/products/{id}', path: `/products/${id}` } as const;
        status = needs(callHttp(gateway, 'catalog', get, (catalog) => getProduct(catalog, id)));
      },
      () => quoteFor(gateway, shopper, 1),
      () => callRecommendations(gateway, shopper),
      () => {
        callGrpc(gateway, 'inventory', 'shop.inventory.v1.InventoryService/Available', 300, (inventory) => {
          const text = 'SELECT sum(available) FROM stock_levels WHERE sku = $1';
          const isRead = query(inventory, {
            namespace: 'inventory',
            operation: 'SELECT',
            table: 'stock_levels',
            text,
            medianMs: 1.9,
            rows: 1,
          });
          return isRead ? 'OK' : 'INTERNAL';
        });
      },
    ]);
    return status;
  }).end();
}

function search(random: Random, faults: FaultSet): PlannedSpan {
  const term = random.pick(SEARCH_TERMS);
  const text = `q=${encodeURIComponent(term)}`;
  const page = { method: 'GET', route: '/search', path: '/search', query: text } as const;
  const api = { method: 'GET', route: '/api/search', path: '/api/search', query: text } as const;
  return openPage(random, faults, page, api, (gateway, shopper) => {
    const find = { method: 'GET', route: '/search', path: '/search', query: text, timeoutMs: 2000 } as const;
    const status = needs(callHttp(gateway, 'search', find, (at) => searchProducts(at, term)));
    if (status === 200) {
      const list = { method: 'GET', route: '/products', path: '/products', query: 'ids=…' } as const;
      callHttp(gateway, 'catalog', list, (catalog) => listProducts(catalog, `search:${term}`, 12));
      quoteFor(gateway, shopper, 12);
    }
    return status;
  }).end();
}

function fillCart(random: Random, faults: FaultSet): PlannedSpan {
  const id = newProductId(random);
  const page = { method: 'POST', route: '/cart/items', path: '/cart/items' } as const;
  const api = { method: 'POST', route: '/api/cart/items', path: '/api/cart/items' } as const;
  return openPage(random, faults, page, api, (gateway, shopper) => {
    const method = 'shop.cart.v1.CartService/AddItem';
    const added = callGrpc(gateway, 'cart', method, 800, (cart) => addToCart(cart, shopper.userId, id));
    if (added.status === 'OK') send(gateway, 'cart-events', shopper.userId, 180);
    return added.status === 'OK' ? 200 : added.status === 'DEADLINE_EXCEEDED' ? 504 : 502;
  }).end();
}

function checkout(random: Random, faults: FaultSet): readonly PlannedSpan[] {
  const page = { method: 'POST', route: '/checkout', path: '/checkout', timeoutMs: 10_000 } as const;
  const api = { method: 'POST', route: '/api/checkout', path: '/api/checkout', timeoutMs: 9_000 } as const;
  const followers: PlannedSpan[] = [];
  const root = openPage(random, faults, page, api, (gateway, shopper) => {
    const retries = gateway.has('retry-storm') ? 3 : 1;
    for (let attempt = 0; ; attempt++) {
      const request = {
        method: 'POST',
        route: '/checkout',
        path: '/checkout',
        timeoutMs: 8000,
        resendCount: attempt,
      } as const;
      const status = needs(callHttp(gateway, 'checkout', request, (at) => checkOut(at, shopper, followers)));
      if (status < 500 || attempt + 1 >= retries) return status;
      gateway.waitUs(50_000 * 2 ** attempt);
    }
  });
  return [root.end(), ...followers];
}

function viewAccount(random: Random, faults: FaultSet): PlannedSpan {
  const page = { method: 'GET', route: '/account/orders', path: '/account/orders' } as const;
  const api = { method: 'GET', route: '/api/orders', path: '/api/orders' } as const;
  return openPage(random, faults, page, api, (gateway, shopper) => {
    const list = { method: 'GET', route: '/orders', path: '/orders', query: `user=${shopper.userId}` } as const;
    const orders = callHttp(gateway, 'orders', list, (at) => {
      at.set({ 'user.id': shopper.userId });
      query(at, {
        namespace: 'orders',
        operation: 'SELECT',
        table: 'orders',
        text: 'SELECT id, state, total_cents, created_at FROM orders WHERE user_id = $1 ORDER BY created_at DESC LIMIT 20',
        medianMs: 12,
        rows: random.int(0, 20),
      });
      return 200;
    });
    callGrpc(gateway, 'cart', 'shop.cart.v1.CartService/GetCart', 400, (cart) => readCart(cart, shopper.userId));
    return needs(orders);
  }).end();
}

function refund(random: Random, faults: FaultSet): PlannedSpan {
  const orderId = `o-${random.hex(10)}`;
  const page = {
    method: 'POST',
    route: '/account/orders/:id/refund',
    path: `/account/orders/${orderId}/refund`,
  } as const;
  const api = { method: 'POST', route: '/api/orders/{id}/refund', path: `/api/orders/${orderId}/refund` } as const;
  return openPage(random, faults, { ...page, timeoutMs: 10_000 }, { ...api, timeoutMs: 9000 }, (gateway) => {
    const path = { method: 'POST', route: '/orders/{id}/refund', path: `/orders/${orderId}/refund` } as const;
    return needs(
      callHttp(gateway, 'orders', path, (orders) => {
        const text = 'UPDATE orders SET state = $1 WHERE id = $2 AND state = $3';
        query(orders, { namespace: 'orders', operation: 'UPDATE', table: 'orders', text, medianMs: 2.6 });
        const paid = callGrpc(orders, 'payment', 'shop.payment.v1.PaymentService/Refund', 5000, (payment) => {
          const call = { method: 'POST', route: '/v2/refunds', path: '/v2/refunds', timeoutMs: 4000 } as const;
          const work = { medianMs: 260, sigma: 0.6, status: payment.random.chance(0.03) ? 500 : 201 };
          return callOutside(payment, 'api.acquirer.example', call, work).failure === undefined ? 'OK' : 'UNAVAILABLE';
        });
        if (paid.status !== 'OK') return 502;
        send(orders, 'refunds', orderId, 240);
        return 200;
      }),
    );
  }).end();
}

/** Every night each brand's stock is counted and its products scored: long, wide, and full of small statements. */
function nightlyBatch(random: Random, faults: FaultSet): readonly PlannedSpan[] {
  const root = OpenSpan.root(random, faults, 'inventory', 0, {
    name: 'nightly stock count',
    kind: 'internal',
    scope: 'shop/inventory/batch',
    attributes: { 'shop.batch.id': random.hex(8) },
  });
  const brands = random.int(15, 40);
  for (let brand = 0; brand < brands; brand++) {
    const step = root.child({ name: 'count brand', kind: 'internal', scope: 'shop/inventory/batch' });
    step.set({ 'shop.brand.id': brand });
    const stock = { namespace: 'inventory', operation: 'SELECT', table: 'stock_levels' } as const;
    for (let sku = random.int(3, 14); sku > 0; sku--) {
      query(step, { ...stock, text: 'SELECT available FROM stock_levels WHERE sku = $1', medianMs: 1.3, rows: 1 });
    }
    step.end();
    root.nowUs = step.nowUs;
  }
  const message = send(root, 'stock-counted', String(brands), 2048);
  const learn = processAsOwnTrace(root, [message], 'recommendations', (at) => at.work(40));
  return [root.end(), learn];
}

function quoteFor(gateway: OpenSpan, shopper: Shopper, items: number): void {
  callGrpc(gateway, 'pricing', 'shop.pricing.v1.PricingService/Quote', 500, (pricing) =>
    quotePrices(pricing, shopper.currency, items),
  );
}

function callRecommendations(gateway: OpenSpan, shopper: Shopper): void {
  const path = `/recommendations/${shopper.userId}`;
  const request = { method: 'GET', route: '/recommendations/{user}', path, timeoutMs: 600 } as const;
  const { failure } = callHttp(gateway, 'recommendations', request, (at) => recommend(at, shopper.userId));
  if (failure !== undefined) gateway.event('recommendations left out', { 'shop.reason': failure.type });
}
