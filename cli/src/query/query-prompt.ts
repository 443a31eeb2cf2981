import { createInterface, type Interface } from 'node:readline';
import type { ClewClient } from '../api/clew-client.ts';
import { EXIT_OK } from '../exit-code.ts';
import { showTrace } from '../show-trace.ts';
import type { Keyboard, Terminal } from '../terminal.ts';
import { isUnfinished } from './is-unfinished.ts';
import { buildCatalogue, completeLine } from './line-completion.ts';
import { PROMPT_HELP, parsePromptCommand } from './prompt-command.ts';
import { loadHistory, MAX_HISTORY, saveHistory } from './query-history.ts';
import { type RunFlags, runQuery } from './run-query.ts';

const PROMPT = 'clew> ';
const NEXT_LINE_PROMPT = '   …> ';
/** Rows of a trace shown by :trace. */
const MAX_TRACE_ROWS = 500;
/** Lines typed while a query runs that are kept for afterwards. */
const MAX_WAITING_LINES = 100;

export interface PromptOptions {
  readonly keyboard: Keyboard;
  readonly flags: RunFlags;
  readonly historyFile: string;
}

/** `clew query` without a query on a terminal: asks for one after the other until Ctrl-D. @returns the exit code. */
export async function promptQueries(terminal: Terminal, client: ClewClient, options: PromptOptions): Promise<number> {
  const prompt = new QueryPrompt(terminal, client, options);
  await prompt.run();
  return EXIT_OK;
}

class QueryPrompt {
  readonly #terminal: Terminal;
  readonly #client: ClewClient;
  readonly #historyFile: string;
  readonly #lines: Interface;
  #flags: RunFlags;
  /** Lines of the query above the present one, each with its line break. */
  #before = '';
  /** Stops the query that runs. */
  #running: AbortController | undefined;
  /** Typed while a query runs, in order. */
  readonly #waiting: string[] = [];
  #isTaking = false;
  /** Ctrl-C was the last that was pressed, with nothing written. */
  #isLeaving = false;
  #isClosed = false;

  constructor(terminal: Terminal, client: ClewClient, { keyboard, flags, historyFile }: PromptOptions) {
    this.#terminal = terminal;
    this.#client = client;
    this.#flags = flags;
    this.#historyFile = historyFile;
    const catalogue = buildCatalogue(client, () => this.#flags.sinceMs);
    this.#lines = createInterface({
      ...keyboard,
      prompt: PROMPT,
      terminal: true,
      history: loadHistory(historyFile),
      historySize: MAX_HISTORY,
      removeHistoryDuplicates: true,
      completer: (line: string, done: (error: null, result: [string[], string]) => void) => {
        if (line.startsWith(':')) done(null, [[], line]);
        else void completeLine(this.#before, line, catalogue).then((result) => done(null, result));
      },
    });
  }

  async run(): Promise<void> {
    const { colors } = this.#terminal;
    this.#terminal.err(colors.dim('TraceQL, TAB completes, :help says more, Ctrl-D leaves.\n'));
    this.#lines.on('history', (history: readonly string[]) => saveHistory(this.#historyFile, history));
    this.#lines.on('SIGINT', () => this.#interrupt());
    await new Promise<void>((resolve) => {
      this.#lines.on('close', () => {
        this.#isClosed = true;
        this.#running?.abort();
        resolve();
      });
      this.#lines.on('line', (line) => void this.#enter(line));
      this.#lines.prompt();
    });
  }

  /** Stops the query that runs, else throws away what is written; with neither, or at once again, leaves. */
  #interrupt(): void {
    const isWritten = this.#lines.line !== '' || this.#before !== '';
    if (this.#isLeaving && !isWritten) {
      this.#terminal.err('\n');
      this.#lines.close();
      return;
    }
    this.#isLeaving = this.#running !== undefined || !isWritten;
    this.#before = '';
    this.#waiting.length = 0;
    this.#terminal.err(this.#isLeaving && this.#running === undefined ? '^C (again to leave)\n' : '^C\n');
    this.#lines.setPrompt(PROMPT);
    // Clears the line as well.
    this.#lines.write(null, { ctrl: true, name: 'e' });
    this.#lines.write(null, { ctrl: true, name: 'u' });
    // The query's end brings the prompt back.
    if (this.#running === undefined) this.#lines.prompt();
    else this.#running.abort();
  }

  /** One line after the other, however fast they come. */
  async #enter(line: string): Promise<void> {
    this.#isLeaving = false;
    if (this.#waiting.length < MAX_WAITING_LINES) this.#waiting.push(line);
    else this.#terminal.err(this.#terminal.colors.red(`more than ${MAX_WAITING_LINES} lines wait: one is left out\n`));
    if (this.#isTaking) return;
    this.#isTaking = true;
    for (let next = this.#waiting.shift(); next !== undefined && !this.#isClosed; next = this.#waiting.shift()) {
      await this.#take(next);
    }
    this.#isTaking = false;
  }

  async #take(line: string): Promise<void> {
    const isCommand = this.#before === '' && line.trimStart().startsWith(':');
    const text = this.#before + line;
    // An empty line ends a query that seems unfinished: what is wrong with it is then said.
    if (!isCommand && line.trim() !== '' && isUnfinished(text)) {
      this.#before = `${text}\n`;
      this.#lines.setPrompt(NEXT_LINE_PROMPT);
      this.#lines.prompt(true);
      return;
    }
    this.#before = '';
    this.#lines.setPrompt(PROMPT);
    const running = new AbortController();
    this.#running = running;
    const client = this.#client.until(running.signal);
    try {
      if (isCommand) await this.#command(line, client);
      else if (text.trim() !== '') await runQuery(this.#terminal, client, text.trim(), this.#flags);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const { red, dim } = this.#terminal.colors;
      if (!this.#isClosed) this.#terminal.err(`${running.signal.aborted ? dim('stopped') : red(message)}\n`);
    } finally {
      this.#running = undefined;
    }
    // Keeps what has been typed meanwhile.
    if (!this.#isClosed) this.#lines.prompt(true);
  }

  async #command(line: string, client: ClewClient): Promise<void> {
    const command = parsePromptCommand(line, this.#flags);
    switch (command.kind) {
      case 'set':
        this.#flags = command.flags;
        this.#terminal.err(this.#terminal.colors.dim(`${command.said}\n`));
        return;
      case 'mistake':
        this.#terminal.err(`${this.#terminal.colors.red(command.said)}\n`);
        return;
      case 'help':
        this.#terminal.err(PROMPT_HELP);
        return;
      case 'quit':
        this.#lines.close();
        return;
      case 'trace': {
        const flags = { maxDepth: Number.POSITIVE_INFINITY, maxRows: MAX_TRACE_ROWS, onlyErrors: false, json: false };
        await showTrace(this.#terminal, client, command.traceId, flags);
      }
    }
  }
}
