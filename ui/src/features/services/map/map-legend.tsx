import { text } from '../../../text/catalogue.ts';
import { HealthMark } from '../health-mark.tsx';
import { BAD_SHARE, type Health, WARN_SHARE } from '../service-health.ts';

const words = text.services;
const percent = (share: number): string => `${100 * share} %`;

/** What the shapes say. */
export function MapLegend({ hasGroups }: { readonly hasGroups: boolean }) {
  const meanings: readonly (readonly [Health, string])[] = [
    ['ok', words.health.ok],
    ['warn', words.map.errorsFrom(percent(WARN_SHARE))],
    ['bad', words.map.errorsFrom(percent(BAD_SHARE))],
    ['unknown', words.health.unknown],
  ];
  return (
    <ul className="map-legend" aria-label={words.map.legend}>
      {meanings.map(([health, meaning]) => (
        <li key={health}>
          <HealthMark health={health} />
          {meaning}
        </li>
      ))}
      <li>{words.map.lines}</li>
      {hasGroups && <li>{words.map.groupHealth}</li>}
    </ul>
  );
}
