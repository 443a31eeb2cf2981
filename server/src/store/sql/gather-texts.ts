import { type Field, isSameExpression, type NormalFilter } from '@clew/traceql';

/** A field and the texts that it is compared with. */
export type FieldTexts = readonly [field: Field, texts: readonly string[]];

/**
 * Of conditions joined by `||` those that compare one field with several texts: `a = "x" || a = "y"` is asked of an
 * index once. Ids are left alone: they are compared as bytes, one by one.
 */
export function gatherTexts(operands: readonly NormalFilter[]): {
  readonly texts: readonly FieldTexts[];
  readonly others: readonly NormalFilter[];
} {
  const groups: { readonly field: Field; readonly texts: string[]; readonly operands: NormalFilter[] }[] = [];
  const others: NormalFilter[] = [];
  for (const operand of operands) {
    const [field, text] = textEquality(operand) ?? [];
    if (field === undefined || text === undefined) {
      others.push(operand);
      continue;
    }
    const group = groups.find((known) => isSameExpression(known.field, field));
    if (group === undefined) groups.push({ field, texts: [text], operands: [operand] });
    else {
      group.texts.push(text);
      group.operands.push(operand);
    }
  }
  const several = groups.filter(({ texts }) => texts.length > 1);
  for (const { texts, operands: alone } of groups) if (texts.length === 1) others.push(...alone);
  return { texts: several.map(({ field, texts }) => [field, texts]), others };
}

function textEquality(filter: NormalFilter): readonly [Field, string] | undefined {
  if (filter.kind !== 'comparison' || filter.operator !== '=') return undefined;
  const { left, right } = filter;
  if (right.kind !== 'static' || right.static.type !== 'string') return undefined;
  if (left.kind === 'attribute') return [left, right.static.value];
  if (left.kind !== 'intrinsic' || /ID$|:id$/.test(left.intrinsic)) return undefined;
  return [left, right.static.value];
}
