/** Queries of the whole language over fixed traces, with the results that follow from SEMANTICS.md. */
import { readdirSync, readFileSync } from 'node:fs';
import { type CaseFile, readCaseFile } from './traceql-cases/read-cases.ts';

export { type FoundTraceLines, printFound, printSeries } from './traceql-cases/print-answer.ts';
export type { CaseFile, TraceqlCase } from './traceql-cases/read-cases.ts';
export { WORLD_ORIGIN_UNIX_NANO, type World } from './traceql-cases/read-world.ts';

const FOLDER = new URL('./traceql-cases/', import.meta.url);

/** Every file with its traces and queries, by name. */
export function loadTraceqlCases(): readonly CaseFile[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));
  return names.toSorted().map((name) => readCaseFile(name, readFileSync(new URL(name, FOLDER), 'utf8')));
}
