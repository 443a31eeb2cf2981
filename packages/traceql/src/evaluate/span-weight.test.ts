import { describe, expect, it } from 'vitest';
import { spanWeight } from './span-weight.ts';

describe('the weight of a span', () => {
  it.each([
    ['', 1],
    ['ot=th:0', 1],
    ['ot=th:8', 2],
    ['ot=th:c', 4],
    ['ot=th:c0', 4],
    ['ot=th:fd70a3d70a3d71', 100.00000000000006],
    ['ot=th:ffffffffffffff', 2 ** 56],
    ['ot=rv:0123456789abcd;th:8', 2],
    ['ot=th:8;rv:0123456789abcd', 2],
    ['vendor=x,ot=th:8', 2],
    ['vendor=x , ot=th:8 ,other=y', 2],
    ['ot=th:', 1],
    ['ot=th:8zz', 1],
    ['ot=th:C', 1],
    ['ot=th:123456789abcdef', 1],
    ['ot=xth:8', 1],
    ['not=th:8', 1],
    ['vendor=th:8', 1],
    ['th:8', 1],
  ])('of trace state %j is %d', (traceState, weight) => {
    expect(spanWeight(traceState)).toBeCloseTo(weight, 9);
  });
});
