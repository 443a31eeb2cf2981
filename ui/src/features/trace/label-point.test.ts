import { describe, expect, it } from 'vitest';
import { layoutLayered } from '../../graph/layered-layout.ts';
import { labelPoints } from './label-point.ts';

function layoutOf(pairs: readonly (readonly [string, string])[]) {
  const ids = [...new Set(pairs.flat())];
  const nodes = ids.map((id) => ({ id, width: 100, height: 40 }));
  return layoutLayered({ nodes, edges: pairs.map(([from, to]) => ({ from, to, weight: 1 })) }, {});
}

describe('labels of lines', () => {
  it('stand by the called services where one calls many, and by the callers where many call one', () => {
    for (const [pairs, side] of [
      [
        [
          ['a', 'b'],
          ['a', 'c'],
          ['a', 'd'],
        ],
        'called',
      ],
      [
        [
          ['b', 'a'],
          ['c', 'a'],
          ['d', 'a'],
        ],
        'caller',
      ],
    ] as const) {
      const { edges, nodes } = layoutOf(pairs);
      labelPoints(edges).forEach((point, at) => {
        const other = nodes.find(({ id }) => id === (side === 'called' ? edges[at].to : edges[at].from));
        const near = Math.abs(point.y - (other?.y ?? 0) - 20);
        expect(near, `${edges[at].from} to ${edges[at].to}`).toBeLessThanOrEqual(
          Math.abs(edges[at].labelY - (other?.y ?? 0) - 20) + 0.01,
        );
        expect(Number.isFinite(point.x)).toBe(true);
      });
    }
  });

  it('stand in the middle of a lone line', () => {
    const { edges } = layoutOf([['a', 'b']]);
    expect(labelPoints(edges)[0].x).toBeCloseTo(edges[0].labelX, 0);
  });
});
