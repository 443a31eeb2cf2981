/** One attribute of every span, shown as a column. */
export interface AttributeColumn {
  /** As TraceQL writes it. */
  readonly name: string;
  /** Undefined until they are here. */
  readonly values: readonly string[] | undefined;
  readonly valueIds: Uint32Array;
  /** Place of each row among the spans the values belong to, -1 for none. */
  readonly places: Int32Array;
}

/** The value in a row; empty where there is none. */
export function attributeAt({ values, valueIds, places }: AttributeColumn, row: number): string {
  if (values === undefined || places[row] === -1) return '';
  return values[valueIds[places[row]]] ?? '';
}
