import type { FoundAttribute } from '@clew/contract';
import { printable } from './display-width.ts';
import { formatDurationNano } from './format-values.ts';

/** `count()=3`, `span.http.route=/cart`, `avg(duration)=12.4ms`. */
export function attributeText(attribute: FoundAttribute): string {
  return `${printable(attribute.name)}=${valueText(attribute)}`;
}

/** The value as people read it; text as it is, for it stands beside its name. */
export function valueText({ type, value }: FoundAttribute): string {
  if (type === 'nil') return 'nil';
  if (type === 'duration') return formatDurationNano(Number(value));
  if (type === 'double') return String(Number(Number(value).toPrecision(6)));
  return value === '' ? '""' : printable(value);
}
