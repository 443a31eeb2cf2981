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

/** Calls back when the theme changes, by the system or by choice. Returns the way to stop. */
export function watchTheme(changed: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)');
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  media.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    media.removeEventListener('change', changed);
  };
}
