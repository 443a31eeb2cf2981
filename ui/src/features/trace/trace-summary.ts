import { FLAG_MISSING_PARENT, NO_PARENT, type TraceColumns } from '@clew/model';
import { assignServiceColours, type ServiceColour } from '../../timeline/service-colours.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';

export interface ServiceShare extends ServiceColour {
  readonly name: string;
  readonly spanCount: number;
  /** Nanoseconds of self time. */
  readonly selfTime: number;
}

export interface TraceSummary {
  /** The root's; empty when no root has arrived. */
  readonly rootService: string;
  readonly rootName: string;
  /** Services by self time, heaviest first. */
  readonly services: readonly ServiceShare[];
  /** By service index of the columns. */
  readonly colours: readonly ServiceColour[];
  readonly missingParents: number;
  readonly clockSkews: number;
}

/** What header and legend say about a trace. */
export function summarizeTrace(trace: TraceModel): TraceSummary {
  const { columns, serviceSpans: spans, serviceSelf: times, orphanCount: missingParents, skew } = trace;
  const order = columns.services.map((_, index) => index).sort((a, b) => times[b] - times[a] || a - b);
  const assigned = assignServiceColours(order.map((index) => columns.services[index]));
  const colours = columns.services.map((name) => assigned.get(name) ?? { colour: 0, monogram: '' });
  const services = order
    .filter((index) => spans[index] > 0)
    .map((index) => ({
      name: columns.services[index],
      spanCount: spans[index],
      selfTime: times[index],
      ...colours[index],
    }));
  return { ...rootOf(columns), services, colours, missingParents, clockSkews: skew.count };
}

/** The first span without a parent id; spans whose parent is missing are not roots. */
function rootOf(columns: TraceColumns): { rootService: string; rootName: string } {
  for (let row = 0; row < columns.spanCount; row++) {
    if (columns.parent[row] !== NO_PARENT || (columns.flags[row] & FLAG_MISSING_PARENT) !== 0) continue;
    return { rootService: columns.services[columns.service[row]], rootName: columns.names[columns.name[row]] };
  }
  return { rootService: '', rootName: '' };
}
