import { Link } from '@tanstack/react-router';
import { text } from '../text/catalogue.ts';
import { zoneLabel } from '../text/format-time.ts';
import { useTimeZone } from '../widgets/use-time-zone.ts';

/** The zone of all times, always in sight; leads to where it is chosen. */
export function ZoneChip() {
  const zone = useTimeZone();
  return (
    <Link to="/settings" hash="time-zone" className="zone-chip" title={text.shell.zoneHint(zone)}>
      {zoneLabel()}
    </Link>
  );
}
