import { readClientEnvironment } from '@clew/server/config/client-environment';
import pc from 'picocolors';

/** Where somebody types, with what echoes it. */
export interface Keyboard {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Where a command writes: the process's own streams, or a test's. */
export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Everything that is not a result: progress, hints, errors. */
  err(text: string): void;
  /** Width to fit lines into; Infinity when the output is not a terminal and lines must stay whole. */
  readonly columns: number;
  readonly isTty: boolean;
  /** Absent when nobody sits at it: input or output is a file or a pipe. */
  readonly keyboard?: Keyboard;
  readonly colors: ReturnType<typeof pc.createColors>;
}

/** Colours only on a terminal; NO_COLOR forbids them there, FORCE_COLOR allows them elsewhere. */
export function processTerminal(): Terminal {
  const { noColor, forceColor } = readClientEnvironment();
  const isTty = process.stdout.isTTY === true;
  return {
    out: (text) => {
      process.stdout.write(text);
    },
    err: (text) => {
      process.stderr.write(text);
    },
    columns: isTty ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY,
    isTty,
    ...(isTty && process.stdin.isTTY === true ? { keyboard: { input: process.stdin, output: process.stdout } } : {}),
    colors: pc.createColors(!noColor && (isTty || forceColor)),
  };
}
