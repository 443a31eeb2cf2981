import type { RecentTrace } from '../features/trace/recent-traces.ts';
import { text } from '../text/catalogue.ts';
import type { Command } from '../widgets/command.ts';
import { keysOf } from '../widgets/command-keys.ts';
import { matchScore, tryReadTraceReference } from './palette-match.ts';

/** One line of the palette. */
export interface PaletteEntry {
  readonly id: string;
  readonly label: string;
  /** What kind of thing it is. */
  readonly hint: string;
  readonly keys: readonly string[];
  readonly run: () => unknown;
}

export interface PaletteSources {
  readonly commands: readonly Command[];
  readonly traces: readonly RecentTrace[];
  /** Query texts, newest first. */
  readonly queries: readonly string[];
  /** Names of services. */
  readonly services: readonly string[];
  readonly openTrace: (traceId: string, span: string | undefined) => void;
  readonly openQuery: (query: string) => void;
  readonly openService: (service: string) => void;
  /** Its traces in Explore. */
  readonly openTracesOf: (service: string) => void;
}

export interface PaletteAnswer {
  /** Best first. */
  readonly entries: readonly PaletteEntry[];
  /** Services that match as well and are not among them. */
  readonly omittedServices: number;
}

/** Of each kind, while nothing is typed. */
const MAX_RECENT = 5;
const MAX_ENTRIES = 60;
/** Each with its page and its traces. */
const MAX_SERVICES = 8;

/**
 * What the palette offers for a typed text, best first: a pasted trace, a typed query, commands, services, what is
 * recent.
 */
export function paletteEntries(sources: PaletteSources, typed: string): PaletteAnswer {
  const direct = directEntries(sources, typed);
  const commands = sources.commands
    .filter((command) => command.run !== undefined && command.palette !== false && command.label !== '')
    .map((command) => ({
      id: command.id,
      label: command.label,
      hint: text.commands.groups[command.group],
      keys: keysOf(command),
      run: () => command.run?.(),
    }));
  const traces = sources.traces.map(({ traceId, title }) => ({
    id: `trace ${traceId}`,
    label: title,
    hint: text.shell.recentTrace,
    keys: [],
    run: () => sources.openTrace(traceId, undefined),
  }));
  const queries = sources.queries.map((query) => ({
    id: `query ${query}`,
    label: query,
    hint: text.shell.recentQuery,
    keys: [],
    run: () => sources.openQuery(query),
  }));
  if (typed.trim() === '') {
    const recent = [...traces.slice(0, MAX_RECENT), ...queries.slice(0, MAX_RECENT)];
    return { entries: [...direct, ...commands, ...recent], omittedServices: 0 };
  }
  // Before the bound is put: the best of all services, not of the first ones.
  const found = bestFirst(sources.services, typed, (service) => service);
  const services = found.slice(0, MAX_SERVICES).flatMap((service) => serviceEntries(sources, service));
  const scored = bestFirst([...commands, ...services, ...traces, ...queries], typed, ({ label }) => label);
  return {
    entries: [...direct, ...scored].slice(0, MAX_ENTRIES),
    omittedServices: Math.max(0, found.length - MAX_SERVICES),
  };
}

/** What matches; equally good ones stay in their order. */
function bestFirst<Item>(items: readonly Item[], typed: string, labelOf: (item: Item) => string): readonly Item[] {
  return items
    .map((item) => ({ item, score: matchScore(labelOf(item), typed) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

function serviceEntries(sources: PaletteSources, service: string): readonly PaletteEntry[] {
  return [
    {
      id: `service ${service}`,
      label: service,
      hint: text.shell.paletteService,
      keys: [],
      run: () => sources.openService(service),
    },
    {
      id: `traces ${service}`,
      label: text.shell.paletteTraces(service),
      hint: text.commands.groups.explore,
      keys: [],
      run: () => sources.openTracesOf(service),
    },
  ];
}

/** What the typed text is itself. */
function directEntries(sources: PaletteSources, typed: string): readonly PaletteEntry[] {
  const trimmed = typed.trim();
  const trace = tryReadTraceReference(trimmed);
  if (trace !== undefined) {
    const { traceId, span } = trace;
    const run = (): void => sources.openTrace(traceId, span);
    return [{ id: 'open', label: text.shell.openTrace(traceId), hint: text.shell.pasted, keys: [], run }];
  }
  if (!trimmed.startsWith('{')) return [];
  const run = (): void => sources.openQuery(trimmed);
  return [{ id: 'search', label: text.shell.searchFor(trimmed), hint: text.shell.typed, keys: [], run }];
}
