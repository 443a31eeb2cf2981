import type { PlannedSpan } from './send-spans.ts';

const ms = (value: number): number => value * 1e6;

/** A checkout. A new version of it reads the cart with 40 queries, fails to pay at first, and sends no mail. */
export function planCheckout(version: 'old' | 'new'): PlannedSpan[] {
  const isNew = version === 'new';
  const spans: PlannedSpan[] = [
    {
      ...{ service: 'web', name: 'POST /checkout', start: 0, duration: ms(isNew ? 480 : 410) },
      attributes: { 'http.request.method': 'POST', 'app.version': isNew ? '2.0' : '1.9' },
    },
    { service: 'auth', name: 'check token', parent: 0, start: ms(1), duration: ms(isNew ? 4 : 20) },
    { service: 'cart', name: 'load cart', parent: 0, start: ms(25), duration: ms(isNew ? 250 : 40) },
  ];
  for (let at = 0; at < (isNew ? 40 : 3); at++) {
    spans.push({ service: 'cart', name: 'SELECT items', parent: 2, start: ms(26 + at * 6), duration: ms(5) });
  }
  const payment = spans.length;
  spans.push(
    {
      ...{ service: 'payment', name: 'charge card', parent: 0, start: ms(290), duration: ms(90), error: isNew },
      attributes: { 'payment.provider': isNew ? 'bank-b' : 'bank-a', currency: 'EUR' },
    },
    { service: 'payment', name: 'call bank', parent: payment, start: ms(300), duration: ms(70), error: isNew },
  );
  if (isNew) spans.push({ service: 'fraud', name: 'score order', parent: 0, start: ms(385), duration: ms(80) });
  else spans.push({ service: 'mail', name: 'send receipt', parent: 0, start: ms(385), duration: ms(15) });
  return spans;
}
