import type { ReactNode } from 'react';
import './figures-table.css';

/** What may be wider than the page, or longer than its place: scrolls by itself, also by keyboard. */
export function ScrollRegion(props: {
  readonly label: string;
  readonly isBounded?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <section
      className={`service-scroll${props.isBounded === true ? ' is-bounded' : ''}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      aria-label={props.label}
    >
      {props.children}
    </section>
  );
}
