/** The program `clew`: bundled as dist/clew.js. */
import { runCli } from './run-cli.ts';
import type { StopSignals } from './serve.ts';
import { processTerminal } from './terminal.ts';

/** Put in by the build. */
declare const __CLEW_VERSION__: string | undefined;

/** Ctrl-C, a supervisor's stop, a closed terminal window. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const signals: StopSignals = {
  onStop: (handler) => {
    for (const name of STOP_SIGNALS) process.on(name, handler);
    return () => {
      for (const name of STOP_SIGNALS) process.off(name, handler);
    };
  },
  exitNow: () => process.exit(130),
};

// `clew query | head` closes the pipe early: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

process.exitCode = await runCli({
  argv: process.argv.slice(2),
  terminal: processTerminal(),
  version: typeof __CLEW_VERSION__ === 'string' ? __CLEW_VERSION__ : 'development',
  signals,
});
