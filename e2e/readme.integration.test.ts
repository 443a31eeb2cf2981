/** The README's commands, run as they are written there, in their order, on the default ports. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from './wait-until.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The shell block behind `<!-- run by CI: name -->`. */
function command(name: string): string {
  const match = new RegExp(`<!-- run by CI: ${name} -->\\n\`\`\`sh\\n([\\s\\S]*?)\`\`\``).exec(readme);
  if (match === null) throw new Error(`README.md has no command marked "run by CI: ${name}"`);
  return match[1];
}

interface Finished {
  readonly code: number | null;
  readonly output: string;
}

function run(script: string, env: NodeJS.ProcessEnv = process.env): { child: ChildProcess; done: Promise<Finished> } {
  // A group of its own, so that npm and what it starts can be stopped together.
  const child = spawn('bash', ['-c', script], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return { child, done: new Promise((resolve) => child.once('exit', (code) => resolve({ code, output }))) };
}

let dataDir: string;
let clew: ReturnType<typeof run>;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'clew-readme-'));
  clew = run(command('start'), { ...process.env, CLEW_DATA: dataDir });
  let ended: Finished | undefined;
  void clew.done.then((finished) => {
    ended = finished;
  });
  await waitUntil(
    async () => {
      if (ended !== undefined) throw new Error(`npm start ended: ${ended.output}`);
      const answer = await fetch('http://127.0.0.1:8317/readyz').catch(() => undefined);
      return answer?.status === 200;
    },
    'npm start to be ready',
    120_000,
  );
}, 150_000);

afterAll(async () => {
  if (clew.child.pid !== undefined) process.kill(-clew.child.pid, 'SIGINT');
  const { output } = await clew.done;
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  expect(output).toContain('http://127.0.0.1:8317');
}, 60_000);

describe('README', () => {
  it('sends a first span with curl', async () => {
    const { code, output } = await run(command('curl')).done;
    expect(code, output).toBe(0);
    expect(output).toMatch(/HTTP\/1\.1 200/);
    await waitUntil(async () => {
      const query = new URLSearchParams({ q: '{ name = "hello from curl" }' });
      const answer = await fetch(`http://127.0.0.1:8317/api/v1/search?${query}`);
      return ((await answer.json()) as { traces: unknown[] }).traces.length === 1;
    }, 'the span of the curl command to be found');
  });

  it('fills the store with the demo shop and answers the query shown', async () => {
    const demo = await run(command('demo')).done;
    expect(demo.code, demo.output).toBe(0);
    await waitUntil(async () => {
      const { code, output } = await run(command('query')).done;
      return code === 0 && output.includes('storefront');
    }, 'the query of the README to find the shop');
  });
});
