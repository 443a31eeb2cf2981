import { Link } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { DependencyPanel } from './dependency-panel.tsx';
import { ErrorTable } from './error-table.tsx';
import { spansQuery } from './explore-queries.ts';
import { FigureStrip } from './figure-strip.tsx';
import { describeHealth, HealthMark } from './health-mark.tsx';
import { InstanceTable } from './instance-table.tsx';
import { LatencyChart } from './latency-chart.tsx';
import { OperationTable } from './operation-table.tsx';
import { lengthOf } from './page-time.ts';
import { ServiceCharts } from './service-charts.tsx';
import { healthOf } from './service-health.ts';
import type { ServiceViewProps } from './service-view-props.ts';
import { VersionTable } from './version-table.tsx';

const words = text.services;

/** What is known of a service, one part below the other. */
export function ServiceView(props: ServiceViewProps) {
  const { answer, service, time } = props;
  const { now, name, counted } = service;
  const health = healthOf(now);
  const slow = now?.p95Nano ?? undefined;
  const explore = (label: string, q: string, title?: string) => (
    <Link to="/explore" search={{ q, ...time }} className="button" title={title}>
      {label}
    </Link>
  );
  return (
    <>
      <header className="service-header">
        <h1 className="service-title">
          <HealthMark health={health} label={describeHealth(health, now?.errors, now?.spans)} />
          {name}
          {service.namespace !== '' && <span className="service-namespace">{service.namespace}</span>}
        </h1>
        <div className="service-actions">
          {explore(words.service.explore, spansQuery({ service: name }))}
          {explore(words.service.exploreErrors, spansQuery({ service: name, onlyErrors: true }))}
          {slow !== undefined &&
            explore(
              words.service.exploreSlow,
              spansQuery({ service: name, counted, longerThan: slow }),
              words.service.slowHint,
            )}
          <Link to="/services" search={{ ...time, view: 'map', focus: `service:${name}` }} className="button">
            {words.service.onMap}
          </Link>
        </div>
      </header>
      <FigureStrip service={service} />
      <p className="services-note">
        {words.compared(lengthOf(props.range))} {counted === 'requests' ? words.ofRequests : words.ofSpans}
        {answer.latencyShare < 1 && ` ${words.latencySampled(answer.latencyShare)}`}
      </p>
      <ServiceCharts service={service} range={props.range} versions={answer.versions} />
      <OperationTable {...props} />
      <div className="service-pair">
        <LatencyChart {...props} />
        <ErrorTable {...props} />
      </div>
      <DependencyPanel {...props} />
      <div className="service-pair">
        <InstanceTable {...props} />
        <VersionTable {...props} />
      </div>
    </>
  );
}
