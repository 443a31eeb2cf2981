import { text } from '../text/catalogue.ts';

/** The pages of the navigation, in its order, each with the second key after `g`. */
export const DESTINATIONS = [
  { to: '/explore', label: text.shell.explore, key: 'e' },
  { to: '/services', label: text.services.page, key: 's' },
  { to: '/compare', label: text.compare.page, key: 'c' },
  { to: '/setup', label: text.shell.setup, key: 'd' },
  { to: '/health', label: text.shell.health, key: 'h' },
] as const;
