import { text } from '../../text/catalogue.ts';
import { formatShare } from '../overview/format-rate.ts';
import type { Health } from './service-health.ts';

/** A shape for each health, 12 × 12 around 0, 0: told apart without colour. */
export const HEALTH_SHAPES: Readonly<Record<Health, string>> = {
  ok: 'M0-5A5 5 0 1 1 0 5A5 5 0 1 1 0-5Z',
  warn: 'M0-5.500L6 5.500H-6Z',
  bad: 'M-2.300-5.500H2.300L5.500-2.300V2.300L2.300 5.500H-2.300L-5.500 2.300V-2.300Z',
  idle: 'M-5-1.500H5V1.500H-5Z',
  unknown: 'M0-5.500L5.500 0L0 5.500L-5.500 0Z',
};

/** What the shape of a health says. */
export function describeHealth(health: Health, errors = 0, spans = 0): string {
  const words = text.services.health;
  if (health === 'warn' || health === 'bad') return words[health](formatShare(errors, spans));
  return words[health];
}

/** Health by colour and by shape, with words for those who see neither. */
export function HealthMark(props: { readonly health: Health; readonly label?: string }) {
  const { health, label } = props;
  return (
    <span className="health-mark" title={label}>
      <svg className={`health is-${health}`} width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
        <path d={HEALTH_SHAPES[health]} />
      </svg>
      {label !== undefined && <span className="visually-hidden">{label}</span>}
    </span>
  );
}
