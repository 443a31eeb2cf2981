import type { RedFigures, ServiceFigures } from '@clew/contract';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { formatRate, formatShare } from '../overview/format-rate.ts';
import { ChangeMark } from './change-mark.tsx';
import { durationChange, ratioChange, shareChange } from './figure-change.ts';
import { describeHealth, HealthMark } from './health-mark.tsx';
import { healthOf } from './service-health.ts';
import type { RangeSearch } from './services-search.ts';
import { Sparkline } from './sparkline.tsx';

const words = text.services;

/** One service: health, rate and errors over time, durations, and how they have changed. */
export const ServiceRow = memo(function ServiceRow(props: {
  readonly service: ServiceFigures;
  readonly search: RangeSearch;
}) {
  const { service } = props;
  const { now, before } = service;
  const health = healthOf(now);
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows that are laid out lazily cannot be a <table>.
    <div role="row" className="service-row" tabIndex={-1}>
      <Cell name="name">
        <HealthMark health={health} label={describeHealth(health, now?.errors, now?.spans)} />
        <Link
          to="/services/$name"
          params={{ name: service.name }}
          search={props.search}
          className="service-link"
          preload={false}
          title={service.counted === 'spans' ? words.ofSpans : undefined}
        >
          {service.name}
        </Link>
        {service.namespace !== '' && <span className="service-namespace">{service.namespace}</span>}
      </Cell>
      <Cell name="rate" label={words.columns.rate}>
        <Sparkline values={service.rates} tone="rate" label={sparkLabel(service.rates)} />
        <b>{now === null ? words.none : formatRate(now.rate)}</b>
        {now === null ? (
          <span className="change">{words.change.gone}</span>
        ) : (
          <ChangeMark change={ratioChange(now.rate, before?.rate)} />
        )}
      </Cell>
      <Cell name="errors" label={words.columns.errors}>
        <Sparkline values={service.errorRates} tone="error" label={sparkLabel(service.errorRates)} />
        <b className={health === 'bad' ? 'is-error' : health === 'warn' ? 'is-warning' : ''}>
          {now === null ? words.none : formatShare(now.errors, now.spans)}
        </b>
        <ChangeMark change={shareChange(shareOf(now), shareOf(before))} worse="up" />
      </Cell>
      <Cell name="p50" label={words.columns.p50}>
        <b>{durationText(now?.p50Nano)}</b>
      </Cell>
      <Cell name="p95" label={words.columns.p95}>
        <b>{durationText(now?.p95Nano)}</b>
        <ChangeMark change={durationChange(now?.p95Nano, before?.p95Nano)} worse="up" />
      </Cell>
      <Cell name="p99" label={words.columns.p99}>
        <b>{durationText(now?.p99Nano)}</b>
      </Cell>
    </div>
  );
});

function Cell(props: { readonly name: string; readonly label?: string; readonly children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as of the row.
    <div role="cell" className={`service-cell is-${props.name}`} data-label={props.label}>
      {props.children}
    </div>
  );
}

export function durationText(nanos: number | null | undefined): string {
  return nanos === null || nanos === undefined ? words.none : formatDuration(nanos);
}

export function shareOf(figures: RedFigures | null | undefined): number | undefined {
  return figures === null || figures === undefined ? undefined : figures.errors / figures.spans;
}

function sparkLabel(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  return words.sparkRate(formatRate(Math.min(...known, Number.MAX_VALUE)), formatRate(Math.max(...known, 0)));
}
