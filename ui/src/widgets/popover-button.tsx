import { type ReactNode, useEffect, useId, useRef } from 'react';

const GAP_PX = 4;
const MARGIN_PX = 8;

/** A button with a panel under it, by the Popover API: Escape and a click elsewhere close it, focus comes back. */
export function PopoverButton(props: {
  readonly className: string;
  readonly caption: ReactNode;
  readonly label?: string;
  readonly panelClass: string;
  /** Gets the way to close the panel. */
  readonly children: (close: () => void) => ReactNode;
}) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = panel.current;
    const place = (): void => {
      if (element === null || button.current === null || !element.matches(':popover-open')) return;
      const anchor = button.current.getBoundingClientRect();
      const { width, height } = element.getBoundingClientRect();
      const left = Math.max(MARGIN_PX, Math.min(anchor.right - width, innerWidth - width - MARGIN_PX));
      const fits = anchor.bottom + GAP_PX + height <= innerHeight;
      element.style.left = `${anchor.left + width + MARGIN_PX <= innerWidth ? anchor.left : left}px`;
      element.style.top = `${fits ? anchor.bottom + GAP_PX : Math.max(MARGIN_PX, anchor.top - height - GAP_PX)}px`;
    };
    element?.addEventListener('toggle', place);
    window.addEventListener('resize', place);
    return () => {
      element?.removeEventListener('toggle', place);
      window.removeEventListener('resize', place);
    };
  }, []);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={props.className}
        popoverTarget={id}
        aria-haspopup="dialog"
        aria-label={props.label}
        title={props.label}
      >
        {props.caption}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={props.label}
        className={`popover ${props.panelClass}`}
      >
        {props.children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}
