import { thousands } from '../report/figures.ts';
import { atGoalMachine, GOAL_MACHINE_DECODE_NANO, meanOf } from '../report/machine-pace.ts';
import type { BenchResult } from './report.ts';

/** What a span costs in a measure that travels. */
export function paceLines({ decodeNano, targets }: Pick<BenchResult, 'decodeNano' | 'targets'>): string[] {
  const nano = meanOf(decodeNano);
  const micros = (value: number): string => (value / 1000).toFixed(2);
  const lines = [
    `To decode a span with protobufjs takes ${decodeNano.map(micros).join(' and ')} us (before, after) on this machine; ` +
      `${micros(GOAL_MACHINE_DECODE_NANO)} us on the one that the goals are for.`,
  ];
  for (const { name, transport, cpu, spans, finalMergeCpuSeconds } of targets) {
    const now = atGoalMachine(cpu.seconds / spans, nano);
    const merged = atGoalMachine((cpu.seconds + finalMergeCpuSeconds) / spans, nano);
    lines.push(
      `${name} ${transport}: a span costs ${now.decodes.toFixed(2)} such decodes (${merged.decodes.toFixed(2)} with everything merged to one ` +
        `part); at that, ${thousands(now.spansPerSecond)} spans/s (${thousands(merged.spansPerSecond)}) a core of that machine`,
    );
  }
  return lines;
}
