/** What rows are written with: asked for beside the page's code, not when they are first painted. */
const FONTS = ['13px "Inter Variable"', '12px "JetBrains Mono Variable"'];

/** Begins to load the fonts. A font that does not come is the style sheet's matter: it names others. */
export function loadFonts(): void {
  for (const font of FONTS) void document.fonts.load(font).catch(() => undefined);
}
