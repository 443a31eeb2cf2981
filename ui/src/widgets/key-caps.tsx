const NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  ' ': 'Space',
};

/** "g e" as two caps; arrows as arrows; the command key where there is one. */
export function KeyCaps({ keys }: { readonly keys: string }) {
  const caps = keys === ' ' ? [keys] : keys.split(' ');
  return (
    <span className="key-caps">
      {caps.map((cap) => (
        <kbd key={cap}>{keyName(cap)}</kbd>
      ))}
    </span>
  );
}

function keyName(key: string): string {
  if (key === 'Ctrl') return isApple() ? '⌘' : key;
  return NAMES[key] ?? key;
}

function isApple(): boolean {
  return /^(Mac|iP)/.test(navigator.platform);
}
