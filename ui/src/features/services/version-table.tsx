import type { VersionFigures } from '@clew/contract';
import { Link } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { Time } from '../../widgets/time.tsx';
import { useNow } from '../../widgets/use-now.ts';
import { formatRate, formatShare } from '../overview/format-rate.ts';
import { spansQuery } from './explore-queries.ts';
import { ScrollRegion } from './scroll-region.tsx';
import { durationText } from './service-row.tsx';
import type { ServiceViewProps } from './service-view-props.ts';

const words = text.services;

/** The versions of a service, newest first: which of them was deployed in this time. */
export function VersionTable({ answer, service, time }: ServiceViewProps) {
  const nowMs = useNow(10_000);
  const { versions } = answer;
  const names = words.service.versionColumns;
  const linkOf = (version: string): string => spansQuery({ service: service.name, version });
  const origin = BigInt(answer.startUnixNano);
  return (
    <section className="service-part">
      <header className="service-part-head">
        <h2>{words.service.versions}</h2>
        <span>{versions.length}</span>
      </header>
      <ScrollRegion label={words.service.versions} isBounded>
        <table className="figures-table">
          <thead>
            <tr>
              <th>{names.version}</th>
              <th>{names.first}</th>
              <th className="is-number">{words.columns.rate}</th>
              <th className="is-number">{words.columns.errors}</th>
              <th className="is-number">{words.columns.p95}</th>
            </tr>
          </thead>
          <tbody>
            {versions.map(({ version, isNew, figures, firstUnixNano }, at) => (
              <tr key={version}>
                <th scope="row" className="error-what">
                  {version === '' ? (
                    <i>{words.service.noVersion}</i>
                  ) : (
                    <Link to="/explore" search={{ q: linkOf(version), ...time }}>
                      {version}
                    </Link>
                  )}
                  {isNew && <em className="version-new">{words.service.newVersion}</em>}
                  {isNew && <CompareLink versions={versions} at={at} linkOf={linkOf} time={time} />}
                </th>
                <td className="is-muted">
                  {BigInt(firstUnixNano) > origin ? (
                    <Time unixNano={firstUnixNano} as="short" nowMs={nowMs} />
                  ) : (
                    words.service.beforeRange
                  )}
                </td>
                <td className="is-number">{formatRate(figures.rate)}</td>
                <td className="is-number">{formatShare(figures.errors, figures.spans)}</td>
                <td className="is-number">{durationText(figures.p95Nano)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  );
}

/** Two populations: spans of this version and of the one that came before it. */
function CompareLink(props: {
  readonly versions: readonly VersionFigures[];
  readonly at: number;
  readonly linkOf: (version: string) => string;
  readonly time: { readonly from?: string; readonly to?: string };
}) {
  const before = props.versions.slice(props.at + 1).find(({ version }) => version !== '');
  if (before === undefined) return null;
  const { linkOf } = props;
  return (
    <Link
      to="/compare"
      search={{ a: linkOf(before.version), b: linkOf(props.versions[props.at].version), ...props.time }}
      className="version-compare"
    >
      {words.service.compareVersions}
    </Link>
  );
}
