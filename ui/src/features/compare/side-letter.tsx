import { text } from '../../text/catalogue.ts';

/** The badge of a side: a letter, its colour only helps. */
export function SideLetter({ letter }: { readonly letter: 'A' | 'B' }) {
  return <span className={`side-letter is-${letter.toLowerCase()}`}>{sideName(letter)}</span>;
}

export function sideName(letter: 'A' | 'B'): string {
  return letter === 'A' ? text.compare.sideA : text.compare.sideB;
}
