import type { FieldExpression } from '@clew/traceql';
import { type AttributeTypes, attributeKeysOf } from '../../sql/attribute-types.ts';
import { loadAttributeTypes } from '../load-attribute-types.ts';
import type { StatementRunner } from '../statement-runner.ts';

/** How long an answer is used again. A span with a new key or type of value is found this much later at worst. */
const KEPT_MS = 1_000;
const MAX_KEPT = 500;

/**
 * How attributes are stored, remembered for a moment: a page of the UI asks several questions about the same
 * attributes at once, and each would begin with the same look-up.
 */
export class AttributeTypesMemory {
  readonly #kept = new Map<string, { readonly untilMs: number; readonly types: Promise<AttributeTypes> }>();

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
    const entry = { untilMs: performance.now() + KEPT_MS, types };
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
