import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { type ErrorStack, stackClass, stackLabel } from './error-stacks.ts';
import { tryErrorsOf } from './overview-query.ts';

const words = text.overview.errorPanel;

/** The legend with its numbers; a click narrows the query to the group. */
export function ErrorGroups(props: {
  readonly stacks: readonly ErrorStack[];
  readonly query: string;
  readonly onQuery: (query: string) => void;
}) {
  const { stacks, query } = props;
  const total = stacks.reduce((sum, one) => sum + one.total, 0);
  return (
    <ul className="errors-groups" aria-label={words.groups}>
      {stacks.map((stack, at) => {
        const narrowed = stack.labels.length === 0 ? undefined : tryErrorsOf(query, stack.labels);
        const share = total === 0 ? 0 : Math.round((100 * stack.total) / total);
        return (
          <li key={stackLabel(stack)}>
            <i className={`errors-mark ${stackClass(stack, at)}`} aria-hidden="true" />
            {narrowed === undefined ? (
              <span className="errors-name">{stackLabel(stack)}</span>
            ) : (
              <button
                type="button"
                className="link-button errors-name"
                title={words.narrow}
                onClick={() => props.onQuery(narrowed)}
              >
                {stackLabel(stack)}
              </button>
            )}
            <span className="errors-count">{`${formatCount(Math.round(stack.total))} · ${share} %`}</span>
          </li>
        );
      })}
    </ul>
  );
}
