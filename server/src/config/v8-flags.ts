import { setFlagsFromString } from 'node:v8';

/**
 * Garbage is collected at once, when it is time, and not in steps beforehand.
 *
 * V8 counts the buffers of bodies and blocks as growth of a heap of 20 MB, and starts to mark that heap in steps and on
 * helper threads whenever 10 MB of them have come: 90 times in a million spans, which cost more than reading the bodies
 * (measured at 512 spans a request, quiet machine: Node 15 CPU s a million spans before; the number of full
 * collections fell from 90 to 5 a million). At once, one takes 15 to 50 ms.
 *
 * And later: a heap may grow fourfold between two collections, where V8 would collect 20 MB again after one. That halves
 * their number once more; buffers still start one for every 64 MB.
 */
export function setV8Flags(): void {
  setFlagsFromString('--no-incremental-marking');
  setFlagsFromString('--heap-growing-percent=400');
}
