/** How inputs of a target are changed: blindly, or so that most of them stay well formed. */
export type MutationStyle = 'bytes' | 'protobuf' | 'json' | 'text';

export interface CorpusInput {
  /** Unique in its target; becomes a file name. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One entry of Clew that takes bytes from others, and what must hold whatever they are. */
export interface FuzzTarget {
  /** Also the name of its folders in corpus/ and fixtures/. */
  readonly name: string;
  readonly style: MutationStyle;
  /** What is mixed into inputs beside random bytes: magic numbers, keywords, type names. */
  readonly dictionary?: readonly Uint8Array[];
  /** Where feeding an input costs by the byte: shorter than the general limit. */
  readonly maxInputBytes?: number;
  /** Real payloads and hand-made ones: what `npm run fuzz -- --make-corpus` writes. */
  seeds(): readonly CorpusInput[];
  /** Makes checksums right again, so that what lies behind them is reached too. */
  repair?(input: Uint8Array): Uint8Array;
  /**
   * Feeds one input and checks every invariant.
   * @returns the verdict: `accepted…` or the coded error, for the statistics. Inputs with a new verdict are kept and
   *   changed further, so the more it tells of the way taken, the better the search.
   * @throws whatever was not meant to happen.
   */
  check(input: Uint8Array): string | Promise<string>;
  /** Gives back what `check` holds on to, at the end. */
  close?(): void | Promise<void>;
}

/** A broken invariant, said in words. */
export class FuzzFinding extends Error {
  override readonly name = 'FuzzFinding';
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A message without its numbers and quoted parts: what is alike of two errors. */
export function shapeOf(message: string): string {
  return message
    .replace(/'[^']*'|"[^"]*"/g, '…')
    .replace(/type [\s\S]* is not read/, 'type … is not read')
    .replace(/0x[0-9a-f]+|-?\d[\d,.]*/g, 'n')
    .slice(0, 160);
}

/** Number of binary digits: counts that differ little are one way. */
export function magnitude(count: number): number {
  return count === 0 ? 0 : 32 - Math.clz32(count);
}
