import type { ServiceFigures } from '@clew/contract';
import { text } from '../../text/catalogue.ts';
import { formatRate, formatShare } from '../overview/format-rate.ts';
import { ChangeMark } from './change-mark.tsx';
import { durationChange, type FigureChange, ratioChange, shareChange } from './figure-change.ts';
import { durationText, shareOf } from './service-row.tsx';

const words = text.services;

/** The figures of a service in large, each with its change. */
export function FigureStrip({ service }: { readonly service: ServiceFigures }) {
  const { now, before } = service;
  return (
    <dl className="figure-strip" aria-label={words.service.figures}>
      <Figure
        label={words.service.rate}
        value={now === null ? words.none : formatRate(now.rate)}
        change={ratioChange(now?.rate, before?.rate)}
      />
      <Figure
        label={words.service.share}
        value={now === null ? words.none : formatShare(now.errors, now.spans)}
        change={shareChange(shareOf(now), shareOf(before))}
        worse="up"
      />
      {(['p50', 'p95', 'p99'] as const).map((name) => (
        <Figure
          key={name}
          label={words.columns[name]}
          value={durationText(now?.[`${name}Nano`])}
          change={durationChange(now?.[`${name}Nano`], before?.[`${name}Nano`])}
          worse="up"
        />
      ))}
    </dl>
  );
}

function Figure(props: {
  readonly label: string;
  readonly value: string;
  readonly change: FigureChange;
  readonly worse?: 'up';
}) {
  return (
    <div className="figure">
      <dt>{props.label}</dt>
      <dd>
        <b>{props.value}</b>
        <ChangeMark change={props.change} {...(props.worse && { worse: props.worse })} />
      </dd>
    </div>
  );
}
