import type { ServiceAnswer, ServiceFigures } from '@clew/contract';
import type { TimeRange } from '../../client/api.ts';
import type { ServiceSearch } from './service-search.ts';
import type { RangeSearch } from './services-search.ts';

/** What the parts of the page of a service show, and how they change its URL. */
export interface ServiceViewProps {
  readonly answer: ServiceAnswer;
  readonly service: ServiceFigures;
  readonly range: TimeRange;
  readonly search: ServiceSearch;
  /** The time of the page, for links. */
  readonly time: RangeSearch;
  readonly onChange: (change: Partial<Record<keyof ServiceSearch, string>>) => void;
}
