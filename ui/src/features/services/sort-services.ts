import type { ServiceFigures } from '@clew/contract';
import type { ServiceSort } from './services-search.ts';

/** Part of the name or of the namespace, in any case. */
export function findServices(services: readonly ServiceFigures[], find: string): readonly ServiceFigures[] {
  const wanted = find.toLowerCase();
  return services.filter(
    ({ name, namespace }) => name.toLowerCase().includes(wanted) || namespace.toLowerCase().includes(wanted),
  );
}

/** Largest first, names from A; turned: the other way round. Silent services come last either way. */
export function sortServices(
  services: readonly ServiceFigures[],
  sort: ServiceSort,
  isTurned: boolean,
): readonly ServiceFigures[] {
  const sign = isTurned ? -1 : 1;
  const byName = (a: ServiceFigures, b: ServiceFigures): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  if (sort === 'name') return [...services].sort((a, b) => sign * byName(a, b));
  return [...services].sort((a, b) => {
    const [x, y] = [sortValueOf(a, sort), sortValueOf(b, sort)];
    if (x === undefined || y === undefined) {
      return Number(x === undefined) - Number(y === undefined) || byName(a, b);
    }
    return sign * (y - x) || byName(a, b);
  });
}

function sortValueOf({ now }: ServiceFigures, sort: Exclude<ServiceSort, 'name'>): number | undefined {
  if (now === null) return undefined;
  switch (sort) {
    case 'rate':
      return now.rate;
    case 'errors':
      return now.errors / now.spans;
    case 'p50':
      return now.p50Nano ?? undefined;
    case 'p95':
      return now.p95Nano ?? undefined;
    case 'p99':
      return now.p99Nano ?? undefined;
  }
}
