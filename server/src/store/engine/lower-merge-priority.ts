import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** The engine's name for the threads that merge parts and mutate them. */
const MERGE_THREAD = 'MergeMutate';
/** A quarter of the weight of other threads when cores are short, all of a core that is idle. */
export const MERGE_NICE = 5;

/**
 * Lets merges stand back for those who wait: senders for an acknowledgement, people for an answer. The engine's own
 * setting for this (os_threads_nice_value_merge_mutate) does nothing without CAP_SYS_NICE, because it wants to raise
 * the threads again; lowering needs no right.
 *
 * @param tasksPath of the engine's process: a folder for each thread, named by its number. Elsewhere than on Linux there is none.
 * @returns how many threads were lowered.
 */
export function lowerMergePriority(tasksPath = '/proc/self/task'): number {
  let lowered = 0;
  for (const thread of listThreads(tasksPath)) {
    try {
      if (readFileSync(`${tasksPath}/${thread}/comm`, 'utf8').trim() !== MERGE_THREAD) continue;
      setPriority(Number(thread), MERGE_NICE);
      lowered++;
    } catch {
      // The thread has ended, or is somebody else's to judge: it merges as before.
    }
  }
  return lowered;
}

function listThreads(tasksPath: string): string[] {
  try {
    return readdirSync(tasksPath);
  } catch {
    return [];
  }
}
