import type { ReactNode } from 'react';

export interface FigureColumn<Row> {
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  /** Figures stand to the right. */
  readonly isFigure?: boolean;
}

/** A table of figures: the first column names the row. */
export function FigureTable<Row>(props: {
  readonly caption: string;
  readonly columns: readonly FigureColumn<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** In place of the table when there are no rows. */
  readonly empty: string;
}) {
  return (
    <section className="figures" aria-label={props.caption}>
      <h2>{props.caption}</h2>
      {props.rows.length === 0 ? (
        <p className="figures-empty">{props.empty}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and must do so from the keyboard.
        <div className="figures-scroll" tabIndex={0}>
          <table>
            <thead>
              <tr>
                {props.columns.map(({ name, isFigure }) => (
                  <th key={name} scope="col" className={isFigure === true ? 'is-figure' : ''}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {props.rows.map((row) => (
                <tr key={props.keyOf(row)}>
                  {props.columns.map(({ name, cell, isFigure }, at) =>
                    at === 0 ? (
                      <th key={name} scope="row">
                        {cell(row)}
                      </th>
                    ) : (
                      <td key={name} className={isFigure === true ? 'is-figure' : ''}>
                        {cell(row)}
                      </td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
