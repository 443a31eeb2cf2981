import type { FieldExpression } from '@clew/traceql';
import { type AttributeTypes, attributeKeysOf } from '../../sql/attribute-types.ts';
import { loadAttributeTypes } from '../load-attribute-types.ts';
import type { StatementRunner } from '../statement-runner.ts';

/**
 * How long an answer is used again where other programs may store spans, too. A span with a new key or type of value
 * is found this much later at worst.
 */
const KEPT_MS = 1_000;
/** The same where this program stores all spans: it calls `forget` before a span of a new kind is there. */
const KEPT_ALONE_MS = 60_000;
const MAX_KEPT = 500;

/**
 * How attributes are stored, remembered for a while: a page of the UI asks several questions about the same
 * attributes, and each would begin with the same look-up.
 */
export class AttributeTypesMemory {
  readonly #keptMs: number;
  readonly #kept = new Map<string, { readonly untilMs: number; readonly types: Promise<AttributeTypes> }>();

  /** @param isOnlyWriter whether `forget` is called for every key or type that comes to be stored. */
  constructor(isOnlyWriter = false) {
    this.#keptMs = isOnlyWriter ? KEPT_ALONE_MS : KEPT_MS;
  }

  /** To be called after new keys or types are stored and before the spans that have them. */
  forget(): void {
    // What is being asked at this moment is forgotten, too: it may have missed them.
    this.#kept.clear();
  }

  /** The types of the attributes of an expression. */
  load(runner: StatementRunner, tenant: string, expression: FieldExpression): Promise<AttributeTypes> {
    const keys = attributeKeysOf(expression);
    if (keys.length === 0) return loadAttributeTypes(runner, tenant, expression);
    const name = JSON.stringify([tenant, ...keys.toSorted()]);
    const kept = this.#kept.get(name);
    if (kept !== undefined && performance.now() < kept.untilMs) {
      // Who asked first may have been cancelled: that is nothing to the others.
      return kept.types.catch(() => loadAttributeTypes(runner, tenant, expression));
    }
    const types = loadAttributeTypes(runner, tenant, expression);
    const entry = { untilMs: performance.now() + this.#keptMs, types };
    this.#kept.delete(name);
    this.#kept.set(name, entry);
    this.#forgetOldest();
    types.catch(() => {
      if (this.#kept.get(name) === entry) this.#kept.delete(name);
    });
    return types;
  }

  #forgetOldest(): void {
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}
