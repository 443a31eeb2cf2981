import { tryNearestWord } from './nearest-word.ts';
import { typeError } from './traceql-error.ts';
import type { Hint, Static } from './tree.ts';

interface HintRule {
  readonly takes: string;
  readonly fits: (value: Static) => boolean;
}

const isFlag = (value: Static) => value.type === 'bool';
const FLAG: HintRule = { takes: 'true or false', fits: isFlag };
const SHARE: HintRule = {
  takes: 'true, false, or a share above 0 and up to 1',
  fits: (value) =>
    isFlag(value) ||
    ((value.type === 'int' || value.type === 'float') && Number(value.value) > 0 && Number(value.value) <= 1),
};
const COUNT: HintRule = {
  takes: 'true, false, or a number from 0 to 10000',
  fits: (value) => isFlag(value) || (value.type === 'int' && value.value >= 0n && value.value <= 10_000n),
};

/** The hints that mean something, or are accepted because clients send them. */
const HINTS: ReadonlyMap<string, HintRule> = new Map([
  ['sample', SHARE],
  ['span_sample', SHARE],
  ['trace_sample', SHARE],
  ['exemplars', COUNT],
  ['most_recent', FLAG],
  ['extrapolate', FLAG],
]);

/** Hints by which Tempo's operators steer its own engine: read, and without effect here. */
const IGNORED_HINTS: ReadonlySet<string> = new Set([
  ...['job_size', 'job_interval', 'debug', 'dedupe', 'time_overlap_cutoff', 'concurrent_blocks', 'spanonly_fetch'],
  'skip_optimization',
]);

/** @throws TraceqlError TRACEQL_TYPE for a hint that does not exist, is given twice, or has a value that does not fit. */
export function validateHints(hints: readonly Hint[]): void {
  const seen = new Set<string>();
  for (const hint of hints) {
    if (seen.has(hint.name)) throw typeError(`the hint ${hint.name} is given twice.`, hint.at);
    seen.add(hint.name);
    if (IGNORED_HINTS.has(hint.name)) continue;
    const rule = HINTS.get(hint.name);
    if (rule === undefined) {
      const near = tryNearestWord(hint.name, [...HINTS.keys()]);
      const known = `Known are ${[...HINTS.keys()].join(', ')}.`;
      throw typeError(`unknown hint ${hint.name}.`, hint.at, near === undefined ? known : `Did you mean ${near}?`);
    }
    if (!rule.fits(hint.value)) throw typeError(`the hint ${hint.name} takes ${rule.takes}.`, hint.at);
  }
}
