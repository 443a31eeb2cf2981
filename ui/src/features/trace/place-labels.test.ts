import { describe, expect, it } from 'vitest';
import { layoutLayered } from '../../graph/layered-layout.ts';
import { labelPoints } from './label-point.ts';
import { type LabelPlace, type LineLabel, placeLabels } from './place-labels.ts';

const LONG: LineLabel = { text: '1,234 calls · 12.3 ms · 12 %', lines: 1, importance: 0 };

function layoutOf(pairs: readonly (readonly [string, string])[], rankGap: number) {
  const ids = [...new Set(pairs.flat())];
  const nodes = ids.map((id) => ({ id, width: 100, height: 40 }));
  return layoutLayered({ nodes, edges: pairs.map(([from, to]) => ({ from, to, weight: 1 })) }, { rankGap });
}

/** As the drawing has them, without the halo. */
function boxes(places: readonly LabelPlace[], { text }: LineLabel) {
  const half = text.length * 3;
  return places
    .filter(({ isCovered }) => !isCovered)
    .map(({ x, y }) => ({ left: x - half, right: x + half, top: y - 14, bottom: y - 3 }));
}

function countOverlaps(all: ReturnType<typeof boxes>): number {
  return all
    .flatMap((a, at) => all.slice(at + 1).map((b) => [a, b] as const))
    .filter(([a, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).length;
}

describe('labels of the lines of a map', () => {
  // Everyone calls everyone of the next rank: more figures than there is room for.
  const crowd = ['b', 'c', 'd', 'e'].flatMap((from) => ['w', 'x', 'y', 'z'].map((to) => [from, to] as const));
  const layout = layoutOf([['a', 'b'], ['a', 'c'], ['a', 'd'], ['a', 'e'], ...crowd], 200);
  const labels = layout.edges.map((): LineLabel => LONG);

  it('cover neither each other nor a node, where they did', () => {
    const before = labelPoints(layout.edges).map((point) => ({ ...point, isCovered: false }));
    expect(countOverlaps(boxes(before, LONG))).toBeGreaterThan(0);
    const places = placeLabels(layout, labels);
    const shown = boxes(places, LONG);
    expect(shown.length).toBeGreaterThan(layout.nodes.length / 2);
    expect(countOverlaps(shown)).toBe(0);
    for (const { x, y, width, height } of layout.nodes) {
      const node = { left: x, right: x + width, top: y, bottom: y + height };
      expect(countOverlaps([...shown, node])).toBe(0);
    }
  });

  it('leave their place to what matters more', () => {
    const covered = placeLabels(layout, labels).findIndex(({ isCovered }) => isCovered);
    expect(covered).toBeGreaterThanOrEqual(0);
    const raised = labels.map((label, at) => (at === covered ? { ...label, importance: 1 } : label));
    expect(placeLabels(layout, raised)[covered].isCovered).toBe(false);
  });

  it('stay where they were wanted while there is room', () => {
    const roomy = layoutOf(
      [
        ['a', 'b'],
        ['b', 'c'],
      ],
      300,
    );
    const places = placeLabels(
      roomy,
      roomy.edges.map((): LineLabel => LONG),
    );
    expect(places).toEqual(labelPoints(roomy.edges).map((point) => ({ ...point, isCovered: false })));
  });
});
