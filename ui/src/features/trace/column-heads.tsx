import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';
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
          <button
            type="button"
            className="button is-quiet is-small is-icon"
            aria-label={text.waterfall.options.removeColumn(name)}
            title={text.waterfall.options.removeColumn(name)}
            onClick={() => props.onRemove(name)}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}
