import { text } from '../../text/catalogue.ts';
import { IconButton } from '../../widgets/icon-button.tsx';
import type { SpanAttribute } from './use-span-attributes.ts';
import './column-heads.css';

/** Above the attribute columns: their names, and the way to remove one. */
export function ColumnHeads(props: {
  readonly columns: readonly SpanAttribute[];
  readonly onRemove: (name: string) => void;
}) {
  return (
    <ul className="column-heads" aria-label={text.waterfall.options.columns}>
      {props.columns.map(({ name, values, problem }) => (
        <li key={name} className={problem === undefined ? '' : 'is-error'}>
          <span
            className="column-name"
            title={
              problem !== undefined
                ? text.waterfall.values.failed(name, problem)
                : values === undefined
                  ? text.waterfall.values.loading(name)
                  : name
            }
          >
            {name.replace(/^(span|resource)?\./, '')}
          </span>
          <IconButton
            icon="close"
            label={text.waterfall.options.removeColumn(name)}
            onClick={() => props.onRemove(name)}
          />
        </li>
      ))}
    </ul>
  );
}
