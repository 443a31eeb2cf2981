import type { Terminal } from '../terminal.ts';
import { printable, truncated } from '../text/display-width.ts';
import { formatCount } from '../text/format-values.ts';
import type { ShopProgress } from './send/run-shop.ts';

/** Without a terminal a line this often is enough for a log. */
const LOG_EVERY_MS = 10_000;

const PHASES = { backfill: 'filling the past', live: 'live', flush: 'flushing' } as const;

/** Says how the shop is doing: one line that rewrites itself on a terminal, now and then a line elsewhere. */
export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #endpoint: string;
  #lastLogMs = Number.NEGATIVE_INFINITY;
  #lastTrouble: string | undefined;
  #isOpen = false;

  constructor(terminal: Terminal, endpoint: string) {
    this.#terminal = terminal;
    this.#endpoint = endpoint;
  }

  show(progress: ShopProgress): void {
    const { colors } = this.#terminal;
    if (progress.trouble !== this.#lastTrouble) {
      this.#lastTrouble = progress.trouble;
      this.close();
      this.#terminal.err(
        progress.trouble === undefined
          ? `${colors.green('the endpoint takes spans again')}\n`
          : `${colors.yellow(`${this.#endpoint} does not take spans: ${printable(progress.trouble)}. Trying again.`)}\n`,
      );
    }
    if (this.#terminal.isTty) {
      this.#terminal.err(`\r\u001b[2K${truncated(progressText(progress), this.#terminal.columns - 1)}`);
      this.#isOpen = true;
      return;
    }
    const nowMs = performance.now();
    if (nowMs - this.#lastLogMs < LOG_EVERY_MS) return;
    this.#lastLogMs = nowMs;
    this.#terminal.err(`${progressText(progress)}\n`);
  }

  /** Ends a line that could still be rewritten. */
  close(): void {
    if (this.#isOpen) this.#terminal.err('\n');
    this.#isOpen = false;
  }
}

export function progressText(progress: ShopProgress): string {
  const refused = progress.refusedSpans === 0 ? '' : `, ${formatCount(progress.refusedSpans)} refused`;
  return (
    `${PHASES[progress.phase]}: ${formatCount(progress.journeys)} journeys, ` +
    `${formatCount(progress.emittedSpans)} spans made, ${formatCount(progress.sentSpans)} sent${refused}`
  );
}
