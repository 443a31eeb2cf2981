import { type ColourScheme, ERROR_COLOUR } from '../timeline/colour-scheme.ts';
import type { ThemeColours } from '../timeline/theme-colours.ts';
import type { TimeWindow } from '../timeline/time-scale.ts';
import type { BoxCategories } from './box-categories.ts';
import { type FlameModel, firstEndingAfter } from './flame-model.ts';
import { readableOn } from './readable-on.ts';

export const LANE_HEIGHT_PX = 20;
const FONT_PX = 11;
/** Narrower boxes have no name in them. */
const LABEL_MIN_PX = 28;
const LABEL_PADDING_PX = 4;
/** Boxes narrower than this are drawn as one where they touch: more than the screen has cannot be seen. */
const SMALLEST_PX = 0.7;

export interface FlameScene {
  readonly model: FlameModel;
  readonly scheme: ColourScheme;
  /** Of the scheme. */
  readonly boxes: BoxCategories;
  readonly window: TimeWindow;
  readonly theme: ThemeColours;
  /** Pixels scrolled down. */
  readonly scrollTop: number;
  readonly width: number;
  readonly height: number;
  /** Box of the cursor and of the opened span, or -1. */
  readonly active: number;
  readonly selected: number;
  /** Rows searched for, or undefined when nothing is: others are faded. */
  readonly matches: ((box: number) => boolean) | undefined;
}

/** Draws the lanes in view. About as many boxes are painted as fit on the screen, however many there are. */
export function paintFlame(paint: CanvasRenderingContext2D, scene: FlameScene): void {
  const { model, theme, width, height, scrollTop } = scene;
  paint.fillStyle = theme.background;
  paint.fillRect(0, 0, width, height);
  paint.font = `${FONT_PX}px "Inter Variable", system-ui, sans-serif`;
  paint.textBaseline = 'middle';
  const fills = fillsOf(scene);
  const firstLane = Math.max(0, Math.floor(scrollTop / LANE_HEIGHT_PX));
  const lastLane = Math.min(model.laneCount - 1, Math.ceil((scrollTop + height) / LANE_HEIGHT_PX));
  for (let lane = firstLane; lane <= lastLane; lane++) paintLane(paint, scene, lane, fills);
  for (const box of [scene.selected, scene.active]) {
    if (box !== -1) outline(paint, scene, box, box === scene.active ? theme.text : theme.accent);
  }
}

/** A colour, and what is readable on it. */
interface Fill {
  readonly colour: string;
  readonly ink: string;
}

/** Fills by category; few colours, so that each contrast is computed once. */
function fillsOf({ scheme, theme }: FlameScene): readonly Fill[] {
  const known = new Map<number, Fill>();
  return scheme.categories.map(({ colour: index }) => {
    const colour = index === ERROR_COLOUR ? theme.error : (theme.services[index] ?? theme.control);
    const fill = known.get(index) ?? { colour, ink: readableOn(colour) };
    known.set(index, fill);
    return fill;
  });
}

function paintLane(paint: CanvasRenderingContext2D, scene: FlameScene, lane: number, fills: readonly Fill[]): void {
  const { model, window, theme } = scene;
  const scale = scene.width / (window.to - window.from);
  const top = lane * LANE_HEIGHT_PX - scene.scrollTop;
  const end = model.laneStart[lane + 1];
  let at = firstEndingAfter(model, lane, window.from);
  while (at < end) {
    const box = model.boxes[at];
    if (model.left[box] > window.to) return;
    const from = Math.max(0, (model.left[box] - window.from) * scale);
    const to = Math.min(scene.width, (model.left[box] + model.width[box] - window.from) * scale);
    const wide = Math.max(SMALLEST_PX, to - from - 0.5);
    const { colour, ink } = fills[scene.boxes.categoryOf[box]];
    paint.globalAlpha = scene.matches === undefined || scene.matches(box) ? 1 : 0.25;
    paint.fillStyle = colour;
    paint.fillRect(from, top + 1, wide, LANE_HEIGHT_PX - 2);
    if (model.isError(box)) {
      paint.fillStyle = theme.error;
      paint.fillRect(from, top + LANE_HEIGHT_PX - 4, wide, 3);
    }
    if (to - from >= LABEL_MIN_PX) label(paint, labelOf(model, box), from, to - from, top, ink);
    // What lies within the same pixel cannot be told apart: go on with what ends after it.
    at = to - from < SMALLEST_PX ? nextPixel(model, lane, at, window.from + (from + SMALLEST_PX) / scale) : at + 1;
  }
  paint.globalAlpha = 1;
}

function nextPixel(model: FlameModel, lane: number, at: number, time: number): number {
  return Math.max(at + 1, firstEndingAfter(model, lane, time));
}

function labelOf(model: FlameModel, box: number): string {
  const count = model.count(box);
  return count === 1 ? model.name(box) : `${model.name(box)} ×${count}`;
}

function label(
  paint: CanvasRenderingContext2D,
  words: string,
  from: number,
  wide: number,
  top: number,
  ink: string,
): void {
  const room = wide - 2 * LABEL_PADDING_PX;
  // Half the font's size is what a letter takes on average; measured only when it may not fit.
  let shown = words;
  if (words.length * FONT_PX * 0.5 > room) {
    const letters = Math.floor(room / (FONT_PX * 0.55));
    if (letters < 2) return;
    shown = words.length > letters ? `${words.slice(0, letters - 1)}…` : words;
  }
  paint.fillStyle = ink;
  paint.fillText(shown, from + LABEL_PADDING_PX, top + LANE_HEIGHT_PX / 2, room);
}

function outline(paint: CanvasRenderingContext2D, scene: FlameScene, box: number, colour: string): void {
  const { model, window } = scene;
  const scale = scene.width / (window.to - window.from);
  const from = (model.left[box] - window.from) * scale;
  const wide = Math.max(3, model.width[box] * scale);
  if (from > scene.width || from + wide < 0) return;
  paint.strokeStyle = colour;
  paint.lineWidth = 2;
  const top = model.laneOf[box] * LANE_HEIGHT_PX - scene.scrollTop;
  paint.strokeRect(Math.max(1, from), top + 1, Math.min(wide, scene.width - Math.max(1, from) - 1), LANE_HEIGHT_PX - 2);
}
