/** Bytes that are not a Native block this reader understands, or a column of another type than asked for. */
export class NativeFormatError extends Error {
  override readonly name = 'NativeFormatError';
  readonly code = 'native-format';
}
