/** Redis (database semantic conventions, "Redis"). */
import type { OpenSpan } from './open-span.ts';

const HOST = 'redis-master.shop.internal';

/** @returns whether the keys were there. A refused connection counts as not there. */
export function readCache(
  caller: OpenSpan,
  command: 'GET' | 'MGET' | 'HGETALL',
  key: string,
  hitRate: number,
): boolean {
  const isUp = run(caller, command, `${command} ${key}`);
  const isHit = isUp && caller.random.chance(hitRate);
  caller.event(isHit ? 'cache.hit' : 'cache.miss', { 'cache.key': key });
  return isHit;
}

/** @returns false when the connection was refused. */
export function writeCache(caller: OpenSpan, command: 'SET' | 'HSET' | 'DEL' | 'EXPIRE', key: string): boolean {
  return run(caller, command, command === 'DEL' ? `DEL ${key}` : `${command} ${key} ?`);
}

function run(caller: OpenSpan, command: string, text: string): boolean {
  const span = caller.child({
    name: command,
    kind: 'client',
    scope: 'redis-client',
    attributes: {
      'db.system.name': 'redis',
      'db.namespace': '0',
      'db.operation.name': command,
      'db.query.text': text,
      'server.address': HOST,
      'server.port': 6379,
    },
  });
  const isDown = caller.has('cache-down');
  span.work(isDown ? 1.2 : 0.35, isDown ? 0.2 : 0.5);
  if (isDown) {
    span.failWith(
      { type: 'ECONNREFUSED', message: `connect ECONNREFUSED 10.0.7.12:6379` },
      `Error: connect ECONNREFUSED 10.0.7.12:6379\n    at RedisClient.connect (redis/client.ts:218:15)\n    at RedisClient.send (redis/client.ts:301:9)`,
    );
  }
  span.end();
  caller.nowUs = span.nowUs;
  return !isDown;
}
