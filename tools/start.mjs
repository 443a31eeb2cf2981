/** `npm start`: installs what is missing, builds what is stale, runs `clew serve` with the given arguments. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWhenStale, installWhenStale, requireNode, root } from './prepare.mjs';

requireNode();
installWhenStale();
buildWhenStale();
// Hints shall work as they are typed.
process.env.CLEW_COMMAND = 'npm start --';
const given = process.argv.slice(2);
const commands = ['serve', 'demo', 'query', 'trace', 'config', 'help', '--help', '-h', '--version', '-V'];
const program = join(root, 'dist/clew.js');
process.argv = [process.argv[0], program, ...(commands.includes(given[0]) ? given : ['serve', ...given])];
await import(pathToFileURL(program).href);
