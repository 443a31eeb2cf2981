/** The checkout: everything the shop has to do between the button and the thank-you page. */
import { inside, quotePrices, readCart } from './browse-services.ts';
import { callGrpc } from './call-grpc.ts';
import type { OpenSpan } from './open-span.ts';
import { charge, followOrder, placeOrder, quoteShipping, reserveStock } from './order-services.ts';
import type { PlannedSpan } from './planned-span.ts';
import type { Shopper } from './shopper.ts';
import { processAsOwnTrace } from './use-queue.ts';

/**
 * @param followers takes the traces that the order sets off.
 * @returns the HTTP status.
 */
export function checkOut(at: OpenSpan, shopper: Shopper, followers: PlannedSpan[]): number {
  const { random } = at;
  const items = random.int(1, 6);
  const amount = Math.round(random.latency(70, 0.7) * 100) / 100;
  const orderId = `o-${random.hex(10)}`;
  at.set({
    'user.id': shopper.userId,
    'shop.order.id': orderId,
    'shop.items': items,
    'shop.amount': amount,
    'shop.currency': shopper.currency,
  });
  inside(at, 'validate order', 'com.shop.checkout', 0.8);
  const cart = callGrpc(at, 'cart', 'shop.cart.v1.CartService/GetCart', 400, (cartSpan) =>
    readCart(cartSpan, shopper.userId),
  );
  if (cart.status !== 'OK') return 502;
  let shipping = prepare(at, shopper, items);
  // Shipping is asked once more, three times in the storm: each layer retries, and the load multiplies.
  for (let attempt = 1; shipping !== 'OK' && attempt < (at.has('retry-storm') ? 3 : 2); attempt++) {
    at.event('retry', { 'shop.attempt': attempt, 'shop.reason': shipping });
    at.waitUs(80_000 * attempt);
    shipping = askShipping(at, shopper);
  }
  if (shipping !== 'OK') return 502;

  const reserved = callGrpc(at, 'inventory', 'shop.inventory.v1.InventoryService/Reserve', 1500, (inventory) =>
    reserveStock(inventory, items),
  );
  if (reserved.status === 'FAILED_PRECONDITION') return 409;
  if (reserved.status !== 'OK') return 502;

  const paid = callGrpc(at, 'payment', 'shop.payment.v1.PaymentService/Charge', 4000, (payment) =>
    charge(payment, orderId, amount, shopper.currency),
  );
  if (paid.status !== 'OK') {
    callGrpc(at, 'inventory', 'shop.inventory.v1.InventoryService/Release', 1500, (inventory) => {
      inventory.work(2);
      return 'OK';
    });
    return paid.status === 'FAILED_PRECONDITION' ? 402 : 502;
  }
  callGrpc(at, 'orders', 'shop.orders.v1.OrderService/Place', 2000, (orders) => {
    const message = placeOrder(orders, orderId, shopper.userId, items);
    followOrder(orders, message);
    followers.push(
      processAsOwnTrace(orders, [message], 'recommendations', (learn) => {
        learn.set({ 'user.id': shopper.userId });
        inside(learn, 'update profile', 'recommendations.learn', 11);
      }),
    );
    return 'OK';
  });
  return 200;
}

/** Prices and shipping at the same time. @returns shipping's status. */
function prepare(at: OpenSpan, shopper: Shopper, items: number): string {
  let shipping = '';
  at.parallel([
    () => {
      callGrpc(at, 'pricing', 'shop.pricing.v1.PricingService/Quote', 500, (pricing) =>
        quotePrices(pricing, shopper.currency, items),
      );
    },
    () => {
      shipping = askShipping(at, shopper);
    },
  ]);
  return shipping;
}

function askShipping(at: OpenSpan, shopper: Shopper): string {
  return callGrpc(at, 'shipping', 'shop.shipping.v1.ShippingService/Quote', 3000, (shippingSpan) =>
    quoteShipping(shippingSpan, shopper.country),
  ).status;
}
