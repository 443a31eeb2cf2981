import { encodeMessage } from '@clew/wire/tempo/encode-message-protobuf';
import type { MessageShape } from '@clew/wire/tempo/message-shape';

/** Larger answers are cut into several messages. */
export const MAX_MESSAGE_BYTES = 2 ** 20;

/** The lists that answers are made of. */
const LISTS = ['traces', 'series', 'tagNames', 'tagValues', 'scopes'] as const;

/**
 * The message as messages of at most MAX_MESSAGE_BYTES, where its list allows: each has all the rest of the message,
 * since metrics are cumulative. An answer of one value a series is not cut: clients keep the last message only.
 */
export function splitMessage(shape: MessageShape, message: object): readonly object[] {
  const listName = LISTS.find((name) => Reflect.has(message, name));
  const list: unknown = listName === undefined ? undefined : Reflect.get(message, listName);
  const isInstant =
    listName === 'series' && Array.isArray(list) && list.some((one) => !Reflect.has(one as object, 'samples'));
  if (listName === undefined || !Array.isArray(list) || list.length < 2 || isInstant) return [message];
  if (encodeMessage(shape, message).length <= MAX_MESSAGE_BYTES) return [message];
  const middle = list.length >> 1;
  return [list.slice(0, middle), list.slice(middle)].flatMap((half) =>
    splitMessage(shape, { ...message, [listName]: half }),
  );
}
