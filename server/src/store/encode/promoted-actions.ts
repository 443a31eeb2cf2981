import type { Dictionary } from '@clew/model/dictionary';
import { PROMOTED_ATTRIBUTES } from '../schema/promoted-attributes.ts';

/** What to do with an attribute by its key id: 0 for the maps, n + 1 for promoted column n. */
export class PromotedActions {
  readonly #dictionary: Dictionary;
  actions = new Uint8Array(1 << 10);

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary;
    this.#enter();
  }

  /** Makes room for all keys of the dictionary. */
  reserve(): void {
    if (this.actions.length >= this.#dictionary.size) return;
    const actions = new Uint8Array(this.#dictionary.size * 2);
    actions.set(this.actions);
    this.actions = actions;
  }

  /** Call when the dictionary has been cleared. */
  reset(): void {
    this.actions = new Uint8Array(1 << 10);
    this.#enter();
  }

  #enter(): void {
    PROMOTED_ATTRIBUTES.forEach(({ key }, index) => {
      const id = this.#dictionary.internString(key);
      this.reserve();
      this.actions[id] = index + 1;
    });
  }
}
