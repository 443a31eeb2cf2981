import type { ReactNode } from 'react';

/** Figures with their names, as tiles. */
export function FactList({ label, children }: { readonly label?: string; readonly children: ReactNode }) {
  return (
    <dl className="facts" aria-label={label}>
      {children}
    </dl>
  );
}

export function Fact(props: {
  readonly label: string;
  readonly value: string;
  readonly note?: string | undefined;
  readonly wrong?: boolean;
}) {
  return (
    <div className={`fact${props.wrong === true ? ' is-wrong' : ''}`}>
      <dt>{props.label}</dt>
      <dd>
        {props.value}
        {props.note !== undefined && <small>{props.note}</small>}
      </dd>
    </div>
  );
}
