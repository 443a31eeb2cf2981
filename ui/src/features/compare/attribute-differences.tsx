import type { CompareAnswer, ComparedAttribute, ComparedValue } from '@clew/contract';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { Icon } from '../../widgets/icon.tsx';
import { formatPercent } from './format-difference.ts';
import { SideLetter } from './side-letter.tsx';
import { type TypedValue, valueQuery } from './value-query.ts';
import './attribute-differences.css';

/** Attributes shown at once. */
const FIRST_SHOWN = 12;
/** Values shown of each at once. */
const FIRST_VALUES = 6;

export interface SideQuery extends TimeRange {
  readonly letter: 'A' | 'B';
  readonly query: string;
}

/** Attributes that tell the sides apart, most telling first; each value leads to the spans that have it. */
export function AttributeDifferences(props: {
  readonly answer: CompareAnswer;
  readonly sides: readonly [a: SideQuery, b: SideQuery];
}) {
  const { answer, sides } = props;
  const { attributes: words } = text.compare.populations;
  const [shown, setShown] = useState(FIRST_SHOWN);
  const { attributes, alike, leftOut, a, b } = answer;
  const isUncounted = (side: CompareAnswer['a']): boolean => side.attributeSpans.count === 0 && side.spanCount > 0;
  if (a.attributeSpans.count === 0 || b.attributeSpans.count === 0) {
    return <p className="compare-none">{isUncounted(a) || isUncounted(b) ? words.uncounted : words.noSpans}</p>;
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className="attribute-differences" tabIndex={0} aria-label={words.label}>
      <p className="muted">{words.sample(sampleText('A', a.attributeSpans), sampleText('B', b.attributeSpans))}</p>
      {attributes.length === 0 && <p>{words.none}</p>}
      <ol className="attribute-cards">
        {attributes.slice(0, shown).map((attribute) => (
          <AttributeCard key={attribute.name} {...{ attribute, answer, sides }} />
        ))}
      </ol>
      {attributes.length > shown && (
        <button type="button" className="button" onClick={() => setShown(attributes.length)}>
          {words.more(attributes.length - shown)}
        </button>
      )}
      {leftOut.length > 0 && (
        <p className="muted">
          {words.leftOut} {leftOut.map(({ name, reason }) => `${name} (${words.reasons[reason]})`).join(', ')}.
        </p>
      )}
      {alike.length > 0 && (
        <details className="attribute-alike">
          <summary>{words.alike(alike.length)}</summary>
          <p className="muted">{alike.join(', ')}</p>
        </details>
      )}
    </section>
  );
}

function sampleText(letter: 'A' | 'B', { count, isAll }: CompareAnswer['a']['attributeSpans']): string {
  const { attributes } = text.compare.populations;
  return isAll ? attributes.all(letter, count) : attributes.sampled(letter, count);
}

function AttributeCard(props: {
  readonly attribute: ComparedAttribute;
  readonly answer: CompareAnswer;
  readonly sides: readonly [a: SideQuery, b: SideQuery];
}) {
  const { attribute, answer, sides } = props;
  const { attributes: words } = text.compare.populations;
  const [isWhole, setWhole] = useState(false);
  const values = isWhole ? attribute.values : attribute.values.slice(0, FIRST_VALUES);
  const spans = { a: answer.a.attributeSpans.count, b: answer.b.attributeSpans.count };
  const hidden = attribute.values.length - values.length;
  const isPartial = attribute.a < spans.a || attribute.b < spans.b;
  return (
    <li className="attribute-card">
      <h3>
        <code>{attribute.name}</code>
        {attribute.isNamed && <span className="chip">{words.named}</span>}
        <span className="attribute-score" title={words.scoreHint}>
          {words.score(attribute.score)}
        </span>
      </h3>
      <table className="value-table">
        <colgroup>
          <col />
          <col className="value-share" />
          <col className="value-share" />
          <col className="value-actions" />
        </colgroup>
        <thead>
          <tr>
            {[words.value, text.compare.sideA, text.compare.sideB, words.actions].map((title) => (
              <th key={title} scope="col">
                <span className="visually-hidden">{title}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {values.map((value) => (
            <ValueRow key={`${value.type} ${value.value}`} {...{ value, attribute, spans, sides }} />
          ))}
          {isPartial && (
            <tr>
              <th scope="row" className="muted">
                {words.absent}
              </th>
              <ShareCells a={(spans.a - attribute.a) / spans.a} b={(spans.b - attribute.b) / spans.b} />
              <td />
            </tr>
          )}
        </tbody>
      </table>
      {hidden > 0 && (
        <button type="button" className="link-button" onClick={() => setWhole(true)}>
          {words.moreValues(hidden)}
        </button>
      )}
      {hidden === 0 && attribute.otherValues > 0 && <p className="muted">{words.otherValues(attribute.otherValues)}</p>}
    </li>
  );
}

function ValueRow(props: {
  readonly value: ComparedValue;
  readonly attribute: ComparedAttribute;
  readonly spans: { readonly a: number; readonly b: number };
  readonly sides: readonly [a: SideQuery, b: SideQuery];
}) {
  const { value, attribute, spans, sides } = props;
  const shown = value.value === '' ? text.compare.populations.attributes.empty : value.value;
  const share = { a: value.a / spans.a, b: value.b / spans.b };
  // The side where the value is more frequent has the more to show of it.
  const side = sides[share.a >= share.b ? 0 : 1];
  return (
    <tr>
      <th scope="row" title={`${shown} (${value.type})`}>
        {shown}
      </th>
      <ShareCells a={share.a} b={share.b} countA={value.a} countB={value.b} />
      <td className="value-actions">
        <ValueLink {...{ side, attribute, value, shown }} isIncluded />
        <ValueLink {...{ side, attribute, value, shown }} isIncluded={false} />
      </td>
    </tr>
  );
}

/** Shares as bars one above the other, with their numbers. */
function ShareCells(props: {
  readonly a: number;
  readonly b: number;
  readonly countA?: number;
  readonly countB?: number;
}) {
  const cell = (letter: 'A' | 'B', share: number, count: number | undefined) => (
    <td className="value-share" title={count === undefined ? undefined : text.trace.spans(count)}>
      <SideLetter letter={letter} />
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" className={`is-${letter.toLowerCase()}`}>
        <rect className="value-track" width="100" height="8" />
        <rect className="value-bar" width={share * 100} height="8" />
      </svg>
      <span>{formatPercent(share)}</span>
      {count !== undefined && <span className="visually-hidden">{`, ${formatCount(count)}`}</span>}
    </td>
  );
  return (
    <>
      {cell('A', props.a, props.countA)}
      {cell('B', props.b, props.countB)}
    </>
  );
}

function ValueLink(props: {
  readonly side: SideQuery;
  readonly attribute: ComparedAttribute;
  readonly value: TypedValue;
  readonly shown: string;
  readonly isIncluded: boolean;
}) {
  const { side, attribute, value, shown, isIncluded } = props;
  const { attributes: words } = text.compare.populations;
  const query = valueQuery(side.query, attribute.name, value, isIncluded);
  if (query === undefined) return null;
  const label = (isIncluded ? words.include : words.exclude)(attribute.name, shown, side.letter);
  return (
    <Link
      to="/explore"
      search={{ q: query, from: side.from, to: side.to }}
      preload={false}
      className="button is-quiet is-small is-icon"
      aria-label={label}
      title={label}
    >
      <Icon name={isIncluded ? 'plus' : 'minus'} />
    </Link>
  );
}
