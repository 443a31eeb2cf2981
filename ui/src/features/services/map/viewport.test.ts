import { describe, expect, it } from 'vitest';
import {
  fitViewport,
  MAX_SCALE,
  MIN_SCALE,
  panViewport,
  readableViewport,
  revealBox,
  zoomViewport,
} from './viewport.ts';

const AREA = { width: 800, height: 400 };

describe('the viewport of a map', () => {
  it('fits a drawing into the middle, without making it larger', () => {
    expect(fitViewport({ width: 200, height: 100 }, AREA)).toEqual({ scale: 1, left: 300, top: 150 });
    const wide = fitViewport({ width: 3008, height: 100 }, AREA);
    expect(wide.scale).toBeCloseTo(0.25);
    expect(wide.left).toBeCloseTo(24);
    expect(fitViewport({ width: 1e6, height: 1 }, AREA).scale).toBe(MIN_SCALE);
  });

  it('shows the beginning of what would be too small to read at once', () => {
    const long = readableViewport({ width: 4_000, height: 200 }, AREA);
    expect(long).toEqual({ scale: 0.5, left: 24, top: 150 });
    expect(readableViewport({ width: 200, height: 4_000 }, AREA)).toEqual({ scale: 0.5, left: 350, top: 24 });
    expect(readableViewport({ width: 200, height: 100 }, AREA).scale).toBe(1);
  });

  it('zooms around a point, between its bounds', () => {
    const view = { scale: 1, left: 10, top: 20 };
    const larger = zoomViewport(view, 2, 100, 50);
    expect([(100 - larger.left) / larger.scale, (50 - larger.top) / larger.scale]).toEqual([90, 30]);
    expect(zoomViewport(view, 1e9, 0, 0).scale).toBe(MAX_SCALE);
    expect(zoomViewport(view, 1e-9, 0, 0).scale).toBe(MIN_SCALE);
  });

  it('never loses the drawing', () => {
    const view = panViewport({ scale: 1, left: 0, top: 0 }, 1e6, -1e6, { width: 300, height: 300 }, AREA);
    expect([view.left, view.top]).toEqual([752, -252]);
  });

  it('brings a box into sight, and stays where it is in sight', () => {
    const view = { scale: 1, left: 0, top: 0 };
    expect(revealBox(view, { x: 900, y: 100, width: 100, height: 40 }, AREA)).toEqual({ scale: 1, left: -224, top: 0 });
    expect(revealBox(view, { x: 100, y: 100, width: 100, height: 40 }, AREA)).toEqual(view);
  });
});
