/**
 * A ClickHouse server out of libchdb, for tests: `node clickhouse-server.mjs <configuration file> <host>`.
 * It listens once the configuration is read and runs until it is killed. Never for users: libchdb as a server dies of
 * a client's reset connection. Needs glibc (on_exit).
 */
import { createRequire } from 'node:module';
import koffi from 'koffi';

const [configFile, host] = process.argv.slice(2);
const { libchdbPath } = createRequire(import.meta.url)('chdb/libchdb');

// No statement waits for ever; sleeping in blocks of one row is as good.
const WAIT =
  'SELECT sleepEachRow(3) FROM numbers(1000000) ' +
  'SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0, max_execution_time = 0 FORMAT Null';
const program = [
  'clickhouse',
  `--config-file=${configFile}`,
  '--multiquery',
  `--query=SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP; ${WAIT}`,
  '--',
  `--listen_host=${host}`,
];

/*
 * ClickHouse checks the bounds of its thread's stack, and koffi calls on a stack of its own. A handler that exit()
 * runs is called on the real one, as `handler(status, argument)`: chdb_query_cmdline(argc, argv).
 */
const main = koffi.load(libchdbPath()).symbol('chdb_query_cmdline', 'void*');
const onExit = koffi.load('libc.so.6').func('int on_exit(void* handler, void* argument)');
const argv = koffi.alloc('char*', program.length + 1);
koffi.encode(argv, koffi.array('char*', program.length), program);
onExit(main, argv);
process.reallyExit(program.length);
