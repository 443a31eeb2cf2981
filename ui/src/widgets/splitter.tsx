import type { KeyboardEvent, PointerEvent } from 'react';

const KEY_STEP_PX = 16;

/** A bar between two panes: drag it, or focus it and use the arrow keys. `grows` is the direction that enlarges. */
export function Splitter(props: {
  readonly label: string;
  readonly grows: 'left' | 'right' | 'up';
  /** Pixels. */
  readonly size: number;
  readonly min: number;
  readonly max: number;
  readonly onSize: (size: number) => void;
}) {
  const { grows, size, min, max, onSize } = props;
  const resize = (wanted: number): void => onSize(Math.round(Math.min(max, Math.max(min, wanted))));
  const vertical = grows !== 'up';
  const down = (event: PointerEvent<HTMLDivElement>): void => {
    const startAt = vertical ? event.clientX : event.clientY;
    const sign = grows === 'right' ? 1 : -1;
    const element = event.currentTarget;
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent): void =>
      resize(size + sign * ((vertical ? moved.clientX : moved.clientY) - startAt));
    element.addEventListener('pointermove', move);
    element.addEventListener('lostpointercapture', () => element.removeEventListener('pointermove', move), {
      once: true,
    });
  };
  const press = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = vertical ? { ArrowLeft: -1, ArrowRight: 1 } : { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    resize(size + (grows === 'right' ? step : -step) * KEY_STEP_PX);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be focused and moved; this is the ARIA window splitter.
    <div
      className={`splitter is-${vertical ? 'vertical' : 'horizontal'}`}
      role="separator"
      tabIndex={0}
      aria-label={props.label}
      aria-orientation={vertical ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      onPointerDown={down}
      onKeyDown={press}
    />
  );
}
