/** A status message is a header, up to three times as long in it, and once more in the details: longer ones are cut. */
const MAX_MESSAGE_BYTES = 1024;

/** A message as the gRPC specification wants it in a header: bytes other than 0x20–0x24 and 0x26–0x7E as %XX. */
export function percentEncoded(message: string): string {
  const bytes = Buffer.from(message);
  let encoded = '';
  for (const byte of bytes) {
    encoded +=
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** As much of a message as goes into a status. */
export function cutStatusMessage(message: string): string {
  const bytes = Buffer.from(message);
  if (bytes.length <= MAX_MESSAGE_BYTES) return message;
  let end = MAX_MESSAGE_BYTES;
  // Back to the start of the character that would be cut in two.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return `${bytes.toString('utf8', 0, end)}…`;
}
