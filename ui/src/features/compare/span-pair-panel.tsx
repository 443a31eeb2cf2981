import { spanIdAt } from '@clew/model';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { IconButton } from '../../widgets/icon-button.tsx';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { spanQuery } from '../trace/span-query.ts';
import { STORED_TRACES } from '../trace/trace-source.ts';
import { SideLetter } from './side-letter.tsx';
import { type PairedAttribute, type PairMark, pairAttributes } from './span-pair.ts';
import './span-pair.css';

const SIGNS: Readonly<Record<PairMark, string>> = { equal: '=', differs: '≠', onlyA: 'A', onlyB: 'B' };

/** A trace and its rows in the selected place. */
export interface PairSide {
  readonly trace: TraceModel;
  readonly rows: Int32Array;
}

/** The spans of one place of the tree side by side: times, status, attributes, what differs marked. */
export function SpanPairPanel(props: {
  readonly title: string;
  readonly a: PairSide;
  readonly b: PairSide;
  readonly onClose: () => void;
}) {
  const { a, b } = props;
  const { pair } = text.compare;
  const [at, setAt] = useState(0);
  const count = Math.max(a.rows.length, b.rows.length);
  const rowA = a.rows[Math.min(at, a.rows.length - 1)];
  const rowB = b.rows[Math.min(at, b.rows.length - 1)];
  return (
    <aside className="pair" aria-label={pair.label}>
      <header className="pair-head">
        <h2 title={props.title}>{props.title}</h2>
        {count > 1 && (
          <span className="pair-pager">
            <IconButton icon="chevronLeft" label={pair.previous} disabled={at === 0} onClick={() => setAt(at - 1)} />
            {pair.ofSpans(at + 1, count)}
            <IconButton
              icon="chevronRight"
              label={pair.next}
              disabled={at === count - 1}
              onClick={() => setAt(at + 1)}
            />
          </span>
        )}
        <IconButton icon="close" label={pair.close} onClick={props.onClose} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section className="pair-body" tabIndex={0} aria-label={props.title}>
        <PairFacts a={a.trace} rowA={rowA} b={b.trace} rowB={rowB} />
        <PairAttributes a={spanOf(a.trace, rowA)} b={spanOf(b.trace, rowB)} />
      </section>
    </aside>
  );
}

interface SpanRef {
  readonly traceId: string;
  readonly spanId: string;
}

function spanOf({ columns }: TraceModel, row: number | undefined): SpanRef | undefined {
  return row === undefined ? undefined : { traceId: columns.traceId, spanId: spanIdAt(columns, row) };
}

function PairFacts(props: {
  readonly a: TraceModel;
  readonly rowA: number | undefined;
  readonly b: TraceModel;
  readonly rowB: number | undefined;
}) {
  const { a, rowA, b, rowB } = props;
  const { pair } = text.compare;
  const facts: (readonly [name: string, of: (trace: TraceModel, row: number) => string])[] = [
    [pair.duration, ({ columns }, row) => formatDuration(columns.duration[row])],
    [pair.self, ({ selfTime }, row) => formatDuration(selfTime[row])],
    [pair.start, ({ columns }, row) => `+${formatDuration(columns.start[row])}`],
    [pair.kind, ({ columns }, row) => text.trace.kinds[columns.kind[row]] ?? text.trace.kinds[0]],
    [pair.status, ({ columns }, row) => text.trace.statuses[columns.statusCode[row]] ?? text.trace.statuses[0]],
    [pair.events, ({ columns }, row) => String(columns.eventCount[row])],
  ];
  return (
    <table className="pair-table">
      <thead>
        <tr>
          <th scope="col" className="pair-sign">
            <span className="visually-hidden">{pair.marks.differs}</span>
          </th>
          <th scope="col">{pair.facts}</th>
          <SideHead letter="A" trace={a} row={rowA} />
          <SideHead letter="B" trace={b} row={rowB} />
        </tr>
      </thead>
      <tbody>
        {facts.map(([name, of]) => {
          const one = rowA === undefined ? undefined : of(a, rowA);
          const other = rowB === undefined ? undefined : of(b, rowB);
          const mark =
            other === undefined ? 'onlyA' : one === undefined ? 'onlyB' : one === other ? 'equal' : 'differs';
          return <PairRow key={name} name={name} a={one} b={other} mark={mark} />;
        })}
      </tbody>
    </table>
  );
}

function SideHead(props: { readonly letter: 'A' | 'B'; readonly trace: TraceModel; readonly row: number | undefined }) {
  const { letter, trace, row } = props;
  const span = spanOf(trace, row);
  return (
    <th scope="col">
      <SideLetter letter={letter} />{' '}
      {span === undefined ? (
        <span className="muted">{text.compare.pair.none(letter)}</span>
      ) : (
        <Link
          to="/trace/$traceId"
          params={{ traceId: span.traceId }}
          search={{ span: span.spanId }}
          preload={false}
          title={text.compare.pair.open(letter)}
        >
          <code>{span.spanId}</code>
        </Link>
      )}
    </th>
  );
}

function PairAttributes({ a, b }: { readonly a: SpanRef | undefined; readonly b: SpanRef | undefined }) {
  const { pair } = text.compare;
  const [onlyChanged, setOnlyChanged] = useState(false);
  const id = useId();
  const spanA = useQuery({ ...spanQuery(STORED_TRACES, a?.traceId ?? '', a?.spanId ?? ''), enabled: a !== undefined });
  const spanB = useQuery({ ...spanQuery(STORED_TRACES, b?.traceId ?? '', b?.spanId ?? ''), enabled: b !== undefined });
  const failed = spanA.error ?? spanB.error;
  if (failed !== null) {
    return (
      <ProblemMessage
        error={failed}
        onRetry={() => {
          if (spanA.error !== null) void spanA.refetch();
          if (spanB.error !== null) void spanB.refetch();
        }}
      />
    );
  }
  if (spanA.isLoading || spanB.isLoading) return <div className="progress" />;
  const all = pairAttributes(a && spanA.data, b && spanB.data);
  const shown = onlyChanged ? all.filter(({ mark }) => mark !== 'equal') : all;
  const messages = [spanA.data?.span.status?.message ?? '', spanB.data?.span.status?.message ?? ''];
  return (
    <>
      <label className="compare-check" htmlFor={id}>
        <input
          id={id}
          type="checkbox"
          checked={onlyChanged}
          onChange={(event) => setOnlyChanged(event.target.checked)}
        />
        {pair.onlyChanged}
        {shown.length < all.length && <span className="muted">{pair.hidden(all.length - shown.length)}</span>}
      </label>
      {all.length === 0 && <p className="muted">{pair.noAttributes}</p>}
      {all.length > 0 && shown.length === 0 && <p className="muted">{pair.allEqual(all.length)}</p>}
      {messages.some((message) => message !== '') && (
        <AttributeGroup
          title={pair.status}
          attributes={[
            {
              ...{ scope: 'span', key: pair.message, a: messages[0], b: messages[1] },
              mark: messages[0] === messages[1] ? 'equal' : 'differs',
            },
          ]}
        />
      )}
      {(['span', 'resource', 'scope'] as const).map((scope) => (
        <AttributeGroup
          key={scope}
          title={pair.groups[scope]}
          attributes={shown.filter((attribute) => attribute.scope === scope)}
        />
      ))}
    </>
  );
}

function AttributeGroup(props: { readonly title: string; readonly attributes: readonly PairedAttribute[] }) {
  if (props.attributes.length === 0) return null;
  return (
    <table className="pair-table">
      <thead>
        <tr>
          <th scope="col" className="pair-sign">
            <span className="visually-hidden">{text.compare.pair.marks.differs}</span>
          </th>
          <th scope="col">{props.title}</th>
          <th scope="col">
            <SideLetter letter="A" />
          </th>
          <th scope="col">
            <SideLetter letter="B" />
          </th>
        </tr>
      </thead>
      <tbody>
        {props.attributes.map(({ key, a, b, mark }) => (
          <PairRow key={key} name={key} a={a} b={b} mark={mark} />
        ))}
      </tbody>
    </table>
  );
}

function PairRow(props: {
  readonly name: string;
  readonly a: string | undefined;
  readonly b: string | undefined;
  readonly mark: PairMark;
}) {
  const mark = text.compare.pair.marks[props.mark];
  return (
    <tr className={`is-${props.mark}`}>
      <td className="pair-sign" title={mark}>
        <span aria-hidden="true">{SIGNS[props.mark]}</span>
        <span className="visually-hidden">{mark}</span>
      </td>
      <th scope="row">{props.name}</th>
      <td>{props.a ?? <span className="muted">–</span>}</td>
      <td>{props.b ?? <span className="muted">–</span>}</td>
    </tr>
  );
}
