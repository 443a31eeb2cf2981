import type { Dictionary } from '@clew/model';
import { NameHash } from './name-hash.ts';
import type { SharedNames } from './shared-names.ts';

/**
 * A worker's memory of what SharedNames has admitted, by dictionary id: one comparison for a name met before in the
 * same place. A place (a tenant, a service of a tenant) is entered before its names are asked for.
 */
export class AdmittedNames {
  readonly #names: SharedNames;
  readonly #hash: NameHash;
  #generation = -1;
  #epoch = -1;
  #placeHigh = 0;
  /** By dictionary id: the place in which the name was admitted last. At least as long as the dictionary. */
  admittedIn = new Int32Array(1 << 10);
  /** Of the place entered; never zero. */
  place = 0;

  constructor(names: SharedNames, seed: number) {
    this.#names = names;
    this.#hash = new NameHash(seed);
  }

  /** Once a batch, before anything else. */
  prepare(dictionary: Dictionary): void {
    const epoch = this.#names.epoch();
    if (epoch !== this.#epoch || dictionary.generation !== this.#generation) {
      this.#epoch = epoch;
      this.#generation = dictionary.generation;
      this.admittedIn.fill(0);
    }
    if (dictionary.size > this.admittedIn.length) {
      const grown = new Int32Array(Math.max(dictionary.size, this.admittedIn.length * 2));
      grown.set(this.admittedIn);
      this.admittedIn = grown;
    }
  }

  /** @param kind 'k' for keys and 's' for services, so that the two never meet. */
  enterPlace(kind: 'k' | 's', tenant: string, view?: DataView, offset = 0, length = 0): void {
    const hash = this.#hash;
    hash.start();
    hash.addText(kind);
    hash.addText(tenant);
    if (view !== undefined) hash.addBytes(view, offset, length);
    hash.finish();
    this.place = hash.low;
    this.#placeHigh = hash.high;
  }

  /** For a name whose `admittedIn` is not this place. */
  admit(dictionary: Dictionary, id: number, limit: number): boolean {
    const hash = this.#hash;
    hash.start();
    hash.addWords(dictionary.words, dictionary.offsets[id] >> 2, dictionary.lengths[id]);
    hash.finish();
    if (!this.#names.admit(this.place, this.#placeHigh, hash.low, hash.high, limit)) return false;
    this.admittedIn[id] = this.place;
    return true;
  }
}
