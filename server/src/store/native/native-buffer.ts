/** Bytes being written, of a size known beforehand. */
export class NativeBuffer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
  position = 0;

  /** @param memory of at least `byteLength` bytes. Default: new. */
  constructor(byteLength: number, memory: ArrayBuffer = new ArrayBuffer(byteLength)) {
    this.bytes = new Uint8Array(memory, 0, byteLength);
    this.view = new DataView(memory, 0, byteLength);
  }

  putVarint(value: number): void {
    this.position = putVarint(this.bytes, this.position, value);
  }

  /** A UInt64 below 2^53. */
  putUInt64(value: number): void {
    this.view.setUint32(this.position, value >>> 0, true);
    this.view.setUint32(this.position + 4, Math.floor(value / 4294967296), true);
    this.position += 8;
  }

  putBytes(source: Uint8Array): void {
    this.bytes.set(source, this.position);
    this.position += source.length;
  }
}

/** Writes an unsigned LEB128 number below 2^32 and returns the position after it. */
export function putVarint(bytes: Uint8Array, position: number, value: number): number {
  let rest = value >>> 0;
  let at = position;
  while (rest > 0x7f) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

/** Bytes an unsigned LEB128 number below 2^32 takes. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value >>> 7; rest !== 0; rest >>>= 7) length++;
  return length;
}
