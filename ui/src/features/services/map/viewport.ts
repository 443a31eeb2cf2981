/** Which part of a drawing is seen: a point (x, y) of it appears at (x × scale + left, y × scale + top). */
export interface Viewport {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const MIN_SCALE = 0.1;
export const MAX_SCALE = 3;
/** Text smaller than this part of its size is hard to read: small drawings are not made larger to fit either. */
const MAX_FIT_SCALE = 1;
const MARGIN = 24;

/** All of a drawing in the middle. */
export function fitViewport(drawing: Size, area: Size): Viewport {
  const scale = Math.min(
    MAX_FIT_SCALE,
    (area.width - 2 * MARGIN) / Math.max(1, drawing.width),
    (area.height - 2 * MARGIN) / Math.max(1, drawing.height),
  );
  const clamped = Math.max(MIN_SCALE, scale);
  return {
    scale: clamped,
    left: (area.width - drawing.width * clamped) / 2,
    top: (area.height - drawing.height * clamped) / 2,
  };
}

/** What is smaller than this cannot be read. */
const READABLE_SCALE = 0.5;

/** All of a drawing where it can be read so, else its beginning. */
export function readableViewport(drawing: Size, area: Size): Viewport {
  const fit = fitViewport(drawing, area);
  if (fit.scale >= READABLE_SCALE) return fit;
  const place = (size: number, room: number): number => Math.max((room - size * READABLE_SCALE) / 2, MARGIN);
  const isWide = drawing.width / area.width > drawing.height / area.height;
  const middle = (size: number, room: number): number => (room - size * READABLE_SCALE) / 2;
  return {
    scale: READABLE_SCALE,
    left: isWide ? place(drawing.width, area.width) : middle(drawing.width, area.width),
    top: isWide ? middle(drawing.height, area.height) : place(drawing.height, area.height),
  };
}

/** Larger or smaller by a factor around a point that stays where it is. */
export function zoomViewport(view: Viewport, factor: number, x: number, y: number): Viewport {
  const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, view.scale * factor));
  const ratio = scale / view.scale;
  return { scale, left: x - (x - view.left) * ratio, top: y - (y - view.top) * ratio };
}

/** Moved, but so that a part of the drawing stays in sight. */
export function panViewport(view: Viewport, dx: number, dy: number, drawing: Size, area: Size): Viewport {
  const within = (at: number, size: number, room: number): number =>
    Math.min(room - MARGIN * 2, Math.max(MARGIN * 2 - size * view.scale, at));
  return {
    scale: view.scale,
    left: within(view.left + dx, drawing.width, area.width),
    top: within(view.top + dy, drawing.height, area.height),
  };
}

/** Moved as little as brings a box into sight. */
export function revealBox(
  view: Viewport,
  box: Size & { readonly x: number; readonly y: number },
  area: Size,
): Viewport {
  const shift = (from: number, to: number, room: number): number => {
    if (from < MARGIN) return MARGIN - from;
    return to > room - MARGIN ? Math.max(MARGIN - from, room - MARGIN - to) : 0;
  };
  const [x, y] = [box.x * view.scale + view.left, box.y * view.scale + view.top];
  return {
    scale: view.scale,
    left: view.left + shift(x, x + box.width * view.scale, area.width),
    top: view.top + shift(y, y + box.height * view.scale, area.height),
  };
}
