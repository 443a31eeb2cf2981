import type { FoundAttribute, FoundSeries } from '@clew/contract';
import { formatDuration } from '../../text/format-duration.ts';

/** What tells a series from the others: values alone where one attribute does it, names with values otherwise. */
export function seriesLabel({ labels }: Pick<FoundSeries, 'labels'>): string {
  const [only] = labels;
  if (only === undefined) return '';
  if (labels.length === 1 && !/^(p|__bucket)$/.test(only.name)) return attributeValue(only);
  // The name of the function says nothing beside other labels.
  const telling = labels.filter((label) => label.name !== '__name__');
  return telling.map((label) => `${label.name}=${attributeValue(label)}`).join(' ');
}

/** A value as people read it. */
export function attributeValue({ type, value }: FoundAttribute): string {
  if (type === 'nil') return 'nil';
  if (type === 'duration') return formatDuration(Number(value));
  if (type === 'double') return String(Number(Number(value).toPrecision(6)));
  return value === '' ? '""' : value;
}
