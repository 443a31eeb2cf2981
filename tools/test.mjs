/**
 * `npm test`: everything, from a clean clone: install, types, lint, import rules, docs, build, unit, integration,
 * browser. Goes on after a failure so that one run shows them all, and prints a total at its end.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildBeside, installWhenStale, requireNode, root } from './prepare.mjs';

requireNode();
installWhenStale();

const reports = join(root, 'test-results');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const bin = (name) => join(root, 'node_modules', '.bin', name);
const totals = { passed: 0, failed: 0 };
const failures = [];

const flaky = [];

function run(command, args, env = {}) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
}

/**
 * Runs a step; `count` reads how many tests it ran, default one for the step itself. `mend` may run what failed once
 * more, and says what is counted then.
 */
function step(title, command, args, { count = () => undefined, mend = (counted) => counted, env = {} } = {}) {
  const started = Date.now();
  console.log(`\n── ${title}`);
  const result = run(command, args, env);
  const first = count() ?? { passed: result.status === 0 ? 1 : 0, failed: result.status === 0 ? 0 : 1 };
  const counted = result.status === 0 ? first : mend(first);
  // A runner that dies before or beside its tests is a failure of its own.
  if (result.status !== 0 && first.failed === 0) counted.failed = 1;
  totals.passed += counted.passed;
  totals.failed += counted.failed;
  if (counted.failed > 0) failures.push(title);
  console.log(
    `── ${title}: ${counted.passed} passed, ${counted.failed} failed (${((Date.now() - started) / 1000).toFixed(1)} s)`,
  );
}

function vitestCount(file) {
  return () => {
    if (!existsSync(file)) return undefined;
    const report = JSON.parse(readFileSync(file, 'utf8'));
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + (report.numFailedTestSuites > 0 && report.numFailedTests === 0 ? 1 : 0),
    };
  };
}

function playwrightCount(file) {
  return () => {
    if (!existsSync(file)) return undefined;
    const { stats } = JSON.parse(readFileSync(file, 'utf8'));
    if (stats.flaky > 0) flaky.push(`${stats.flaky} browser tests, marked "flaky" above`);
    return { passed: stats.expected + stats.flaky, failed: stats.unexpected };
  };
}

/** More files than these do not fail by the chance of a busy machine. */
const MAX_RERUN_FILES = 4;

/**
 * Runs the files with failures once more, by themselves, and names what passed then: these tests kill processes and
 * race real sockets on machines of unknown load. What is broken fails twice; what is named here wants mending.
 */
function rerunFailed(project, file) {
  return (first) => {
    if (!existsSync(file)) return first;
    const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
    const failed = testResults.filter(({ status }) => status === 'failed');
    if (failed.length === 0 || failed.length > MAX_RERUN_FILES) return first;
    const names = failed.map(({ name }) => relative(root, name));
    console.log(`\n── ${project} tests: once more, ${names.join(', ')}`);
    const { status } = run(bin('vitest'), ['run', '--project', project, '--maxWorkers=1', ...names]);
    if (status !== 0) return first;
    for (const { name, assertionResults } of failed) {
      const tests = assertionResults.filter((one) => one.status === 'failed').map(({ fullName }) => fullName);
      flaky.push(`${relative(root, name)}: ${tests.join('; ') || 'the file itself'}`);
    }
    return { passed: first.passed + first.failed, failed: 0 };
  };
}

function vitest(project, ...options) {
  const file = join(reports, `${project}.json`);
  step(
    `${project} tests`,
    bin('vitest'),
    ['run', '--project', project, ...options, '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`],
    { count: vitestCount(file), mend: rerunFailed(project, file) },
  );
}

// What is checked before needs one core and no build.
const built = buildBeside();

const only = process.argv[2];
const wanted = (name) => only === undefined || only === name;

if (wanted('types')) {
  for (const project of ['tsconfig.json', 'packages/tsconfig.json', 'ui/tsconfig.json']) {
    step(`types: ${project}`, bin('tsc'), ['-p', project]);
  }
}
if (wanted('lint')) step('lint and format', bin('biome'), ['check', '--error-on-warnings', '.']);
if (wanted('imports')) step('import rules', process.execPath, ['tools/check-imports.mjs']);
if (wanted('docs')) step('docs', process.execPath, ['tools/check-docs.mjs']);
await built;
if (wanted('size')) step('size of the interface', process.execPath, ['tools/ui-size.mjs']);
if (wanted('unit')) vitest('unit');
if (wanted('integration')) {
  // One more than the cores of a small machine: engines write, sync and start while tests wait for them.
  vitest('integration', '--maxWorkers=3');
  vitest('alone');
}
if (wanted('browser')) {
  const file = join(reports, 'browser.json');
  // As above: one waits for spans to be stored while others draw. CI: run again by itself, and recorded, what fails.
  step('browser tests', bin('playwright'), ['test', '-c', 'e2e/playwright.config.ts', '--workers=3'], {
    count: playwrightCount(file),
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: file, CI: '1' },
  });
}

for (const one of flaky) console.log(`\nflaky, passed when run again: ${one}`);
if (failures.length > 0) console.log(`\nfailed: ${failures.join(', ')}`);
console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed === 0 ? 0 : 1);
