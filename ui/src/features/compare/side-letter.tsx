/** The badge of a side: a letter, its colour only helps. */
export function SideLetter({ letter }: { readonly letter: 'A' | 'B' }) {
  return <span className={`side-letter is-${letter.toLowerCase()}`}>{letter}</span>;
}
