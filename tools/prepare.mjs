/**
 * Set-up that `npm start` and `npm test` do by themselves: a Node new enough, dependencies installed, build fresh.
 * Plain JavaScript: it runs before anything is installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Oldest Node that works: zlib.crc32, worker and fetch behaviour, and what the dependencies ask for. */
const MINIMUM_NODE = [20, 19];

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  console.error(
    `clew: Node ${process.versions.node} is too old (needs ${MINIMUM_NODE.join('.')} or newer). Install a newer Node.`,
  );
  process.exit(1);
}

/** Runs a command with its output shown; exits with its code when it fails. */
export function run(title, command, args, options = {}) {
  const started = Date.now();
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.status !== 0) {
    console.error(
      `clew: ${title} failed: ${command} ${args.join(' ')} (exit ${result.status ?? result.signal ?? result.error?.message}).`,
    );
    process.exit(1);
  }
  return Date.now() - started;
}

const npmCommand = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** `npm ci` when package-lock.json changed since the last one, or node_modules is missing. */
export function installWhenStale() {
  const stamp = join(root, 'node_modules', '.clew-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  // A developer's own `npm install` leaves npm's copy of the lock file; that is as good as ours.
  if (!existsSync(stamp) && hasCurrentInstall()) {
    writeFileSync(stamp, wanted);
    return;
  }
  console.error('clew: installing dependencies (once, about a minute) …');
  run('installing dependencies', npmCommand, ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, wanted);
}

function hasCurrentInstall() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

const SOURCES = ['packages', 'server/src', 'cli/src', 'ui', 'tools/build.mjs', 'package-lock.json', 'package.json'];

/** A fingerprint of every source file: names, sizes and contents. */
export function sourceFingerprint() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) {
        if (name === 'node_modules' || name === 'dist' || name.startsWith('.')) continue;
        visit(join(path, name));
      }
      return;
    }
    if (/\.test\.tsx?$/.test(path)) return;
    hash.update(path).update(readFileSync(full));
  };
  for (const source of SOURCES) visit(source);
  return hash.digest('hex');
}

const BUILD = ['tools/build.mjs'];

/** Where the last build says what it was made of, and what one of now would say; undefined when they are the same. */
function staleBuild() {
  const stamp = join(root, 'dist', '.fingerprint');
  const wanted = sourceFingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return undefined;
  console.error('clew: building (a few seconds) …');
  const done = () => {
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, wanted);
  };
  return { done };
}

/** Builds into dist/ when a source changed since the last build. */
export function buildWhenStale() {
  const stale = staleBuild();
  if (stale === undefined) return;
  run('building', process.execPath, BUILD);
  stale.done();
}

/** The same beside what the caller does meanwhile; the promise is settled when there is a fresh build. */
export async function buildBeside() {
  const stale = staleBuild();
  if (stale === undefined) return;
  const child = spawn(process.execPath, BUILD, { cwd: root, stdio: 'inherit' });
  const code = await new Promise((resolve) => child.once('exit', (exit, signal) => resolve(exit ?? signal)));
  if (code === 0) return stale.done();
  console.error(`clew: building failed: ${process.execPath} ${BUILD.join(' ')} (exit ${code}).`);
  process.exit(1);
}
