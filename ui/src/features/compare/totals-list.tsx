import { text } from '../../text/catalogue.ts';
import { formatRelative } from './format-difference.ts';

/** One figure of both sides. */
export interface Total {
  readonly name: string;
  readonly a: number;
  readonly b: number;
  readonly format: (value: number) => string;
  readonly difference: (more: number) => string;
  readonly note?: string;
  /** More of it is worse. */
  readonly isBad: boolean;
}

/** Figures of A and B with their difference: a shape and a sign say which way, the colour only helps. */
export function TotalsList({ label, totals }: { readonly label: string; readonly totals: readonly Total[] }) {
  return (
    <dl className="compare-totals" aria-label={label}>
      {totals.map((total) => (
        <div key={total.name} className="compare-total">
          <dt>{total.name}</dt>
          <dd className="compare-total-values">
            <span>
              <i>{text.compare.sideA}</i> {total.format(total.a)}
            </span>
            <span>
              <i>{text.compare.sideB}</i> {total.format(total.b)}
            </span>
          </dd>
          <dd className={differenceClass(total)}>
            {total.a !== total.b && <i className={`triangle ${total.b > total.a ? 'is-up' : 'is-down'}`} />}
            {total.a === total.b
              ? text.compare.totals.equal
              : `${total.difference(total.b - total.a)} ${formatRelative(total.a, total.b)}`}
          </dd>
          {total.note !== undefined && total.note !== '' && (
            <dd className="compare-total-note" title={total.note}>
              {total.note}
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

function differenceClass({ a, b, isBad }: Total): string {
  if (a === b || !isBad) return 'compare-total-difference';
  return `compare-total-difference ${b > a ? 'is-worse' : 'is-better'}`;
}
