import type { CompareAnswer, ComparedPathSide } from '@clew/contract';
import { Link } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { Icon } from '../../widgets/icon.tsx';
import { IconButton } from '../../widgets/icon-button.tsx';
import { formatPercent } from './format-difference.ts';
import { SideLetter } from './side-letter.tsx';
import './span-pair.css';

/** A path of the merged tree: its figures on both sides, and the longest span of each. */
export function PathPanel(props: {
  readonly answer: CompareAnswer;
  readonly node: number;
  readonly onClose: () => void;
}) {
  const { answer, node } = props;
  const { populations, pair } = text.compare;
  const path = answer.paths[node];
  const title = `${path.service}: ${path.name === '' ? text.compare.namelessSpan : path.name}`;
  const figures: (readonly [name: string, of: (side: ComparedPathSide, traces: number) => string])[] = [
    [
      populations.path.traces,
      ({ traces }, all) => `${formatCount(traces)}${all === 0 ? '' : ` (${formatPercent(traces / all)})`}`,
    ],
    [populations.figures.spans, ({ spans }) => formatCount(spans)],
    [
      populations.figures.errors,
      ({ errors, spans }) => (spans === 0 ? '–' : `${formatCount(errors)} (${formatPercent(errors / spans)})`),
    ],
    [populations.path.perTrace, (side) => nanos(side, (side.meanNano * side.spans) / side.traces)],
    [populations.figures.mean, (side) => nanos(side, side.meanNano)],
    [populations.figures.p50, (side) => nanos(side, side.p50Nano)],
    [populations.figures.p95, (side) => nanos(side, side.p95Nano)],
    [pair.self, (side) => nanos(side, side.selfNano)],
  ];
  const longest = [path.a.longest, path.b.longest] as const;
  return (
    <aside className="pair" aria-label={title}>
      <header className="pair-head">
        <h2 title={title}>{title}</h2>
        <IconButton icon="close" label={pair.close} onClick={props.onClose} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section className="pair-body" tabIndex={0} aria-label={title}>
        <table className="pair-table">
          <thead>
            <tr>
              <th scope="col">{text.trace.kinds[path.kind] ?? text.trace.kinds[0]}</th>
              <th scope="col">
                <SideLetter letter="A" />
              </th>
              <th scope="col">
                <SideLetter letter="B" />
              </th>
            </tr>
          </thead>
          <tbody>
            {figures.map(([name, of]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{of(path.a, answer.a.traces.count)}</td>
                <td>{of(path.b, answer.b.traces.count)}</td>
              </tr>
            ))}
            <tr>
              <th scope="row">{populations.path.longest}</th>
              {longest.map((span, at) => (
                <td key={at}>
                  {span === undefined ? (
                    '–'
                  ) : (
                    <Link
                      to="/trace/$traceId"
                      params={{ traceId: span.traceId }}
                      search={{ span: span.spanId }}
                      preload={false}
                    >
                      <code>{span.spanId}</code>
                    </Link>
                  )}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
        {longest[0] !== undefined && longest[1] !== undefined && (
          <Link
            to="/compare"
            search={{ a: longest[0].traceId, b: longest[1].traceId, at: `a:${longest[0].spanId}` }}
            className="button"
            preload={false}
          >
            <Icon name="compare" />
            {populations.path.compareLongest}
          </Link>
        )}
      </section>
    </aside>
  );
}

function nanos({ spans }: ComparedPathSide, value: number): string {
  return spans === 0 ? '–' : formatDuration(value);
}
