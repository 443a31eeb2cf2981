import { text } from '../../text/catalogue.ts';
import { formatShortInstant } from '../../text/format-time.ts';
import type { Deployment } from './deployments.ts';

const SHOWN = 4;

/** What the markers in the charts are, in words. */
export function DeploymentList({ deployments }: { readonly deployments: readonly Deployment[] }) {
  if (deployments.length === 0) return undefined;
  const nowMs = Date.now();
  const words = (one: Deployment): string =>
    text.overview.deployment(one.service, one.version, formatShortInstant(one.atMs, nowMs));
  const rest = deployments.slice(SHOWN);
  return (
    <p className="deployments">
      <i className="deployment-mark" aria-hidden="true" />
      <b>{text.overview.deployments}</b>
      {deployments.slice(0, SHOWN).map((one) => (
        <span key={`${one.service} ${one.version}`}>{words(one)}</span>
      ))}
      {rest.length > 0 && <span title={rest.map(words).join('\n')}>{text.overview.moreDeployments(rest.length)}</span>}
    </p>
  );
}
