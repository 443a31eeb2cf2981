import type { z } from 'zod';

/** One setting: what it allows, its default and what it is for. */
export interface Setting<T> {
  readonly schema: z.ZodType<NonNullable<T>>;
  readonly defaultValue: T;
  /** One line, for `--help` and the docs. */
  readonly about: string;
  /** How the value prints. */
  readonly unit?: 'bytes' | 'ms';
  /** The flag, where it is shorter than `section-key`. Without dashes. */
  readonly flag?: string;
  /** The environment variable, where it is shorter than CLEW_SECTION_KEY; both are read. */
  readonly env?: string;
  /** How the value follows from `memory.limitBytes` when nobody sets it; `defaultValue` is it at the default limit. */
  readonly fromMemory?: (memoryLimitBytes: number) => number;
}
