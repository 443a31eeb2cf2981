import { PALETTE_SIZE } from './service-colours.ts';

/** The tokens a canvas needs, resolved for the theme in force. */
export interface ThemeColours {
  readonly background: string;
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly hairline: string;
  readonly accent: string;
  readonly error: string;
  /** Of bars without a value. */
  readonly control: string;
  readonly services: readonly string[];
}

/** Resolves the colour tokens: a custom property alone would read as the unresolved `light-dark(…)`. */
export function readThemeColours(): ThemeColours {
  const probe = document.createElement('span');
  // Where the system chooses the colours of texts, every token would read as that one.
  probe.style.setProperty('forced-color-adjust', 'none');
  document.body.append(probe);
  const resolve = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colours: ThemeColours = {
    background: resolve('--bg'),
    surface: resolve('--surface'),
    text: resolve('--text'),
    muted: resolve('--muted'),
    hairline: resolve('--hairline'),
    accent: resolve('--accent'),
    error: resolve('--error'),
    control: resolve('--control'),
    services: Array.from({ length: PALETTE_SIZE }, (_, index) => resolve(`--service-${index}`)),
  };
  probe.remove();
  return colours;
}

/** What else than a choice changes colours: the system's theme, colours it chooses, and paper, which is light. */
const MEDIA = ['(prefers-color-scheme: dark)', '(forced-colors: active)', 'print'] as const;

/** Calls back when the theme changes, by the system or by choice, or for paper. Returns the way to stop. */
export function watchTheme(changed: () => void): () => void {
  const media = MEDIA.map((query) => matchMedia(query));
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  for (const query of media) query.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    for (const query of media) query.removeEventListener('change', changed);
  };
}
