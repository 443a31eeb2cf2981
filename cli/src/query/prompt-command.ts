import { tryParseDurationMs } from '@clew/server/config/duration';
import { MAX_TRACES } from '../search-traces.ts';
import type { RunFlags } from './run-query.ts';

export const PROMPT_HELP = `  TAB        completes attributes, values, operators and functions
  Enter      runs the query; goes on to another line while something is open
  Ctrl-C     stops the query, or throws away what is written; twice, it leaves as Ctrl-D does
  :since 3h  how far back to look        :limit 50    most traces
  :step 30s  length of a bucket          :explain     how queries are answered, on and off
  :spans     found spans, on and off     :trace ID    shows a trace
  :help      this text                   :quit        leaves
`;

/** What a line that begins with a colon does. */
export type PromptCommand =
  | { readonly kind: 'set'; readonly flags: RunFlags; readonly said: string }
  | { readonly kind: 'trace'; readonly traceId: string }
  | { readonly kind: 'help' | 'quit' }
  | { readonly kind: 'mistake'; readonly said: string };

export function parsePromptCommand(line: string, flags: RunFlags): PromptCommand {
  const [name = '', ...rest] = line.trim().slice(1).split(/\s+/);
  const value = rest.join(' ');
  switch (name) {
    case 'since':
    case 'step': {
      const ms = tryParseDurationMs(value);
      if (ms === undefined || ms <= 0 || /^\d+$/.test(value)) {
        return { kind: 'mistake', said: `:${name} takes a duration with a unit: 90s, 15m, 7d.` };
      }
      return name === 'since'
        ? { kind: 'set', flags: { ...flags, sinceMs: ms }, said: `looking back ${value}` }
        : { kind: 'set', flags: { ...flags, stepMs: ms }, said: `a bucket is ${value}` };
    }
    case 'limit': {
      const limit = /^\d{1,6}$/.test(value) ? Number(value) : 0;
      if (limit < 1 || limit > MAX_TRACES) return { kind: 'mistake', said: `:limit takes a number to ${MAX_TRACES}.` };
      return { kind: 'set', flags: { ...flags, limit }, said: `at most ${limit} traces` };
    }
    case 'explain':
    case 'spans': {
      const isOn = value === '' ? !flags[name] : value === 'on';
      return { kind: 'set', flags: { ...flags, [name]: isOn }, said: `${name} is ${isOn ? 'on' : 'off'}` };
    }
    case 'trace':
      return { kind: 'trace', traceId: value };
    case 'help':
      return { kind: 'help' };
    case 'quit':
    case 'q':
    case 'exit':
      return { kind: 'quit' };
    default:
      return { kind: 'mistake', said: `there is no :${name}. :help lists what there is.` };
  }
}
