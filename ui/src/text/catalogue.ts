import { commandsText } from './commands-text.ts';
import { compareText } from './compare-text.ts';
import { controlsText } from './controls-text.ts';
import { dockText } from './dock-text.ts';
import { eventsText } from './events-text.ts';
import { exploreText } from './explore-text.ts';
import { exportText } from './export-text.ts';
import { foundText } from './found-text.ts';
import { healthText } from './health-text.ts';
import { importText } from './import-text.ts';
import { locale } from './locale.ts';
import { overviewText } from './overview-text.ts';
import { problemText } from './problem-text.ts';
import { buildPseudoText } from './pseudo-text.ts';
import { seriesText } from './series-text.ts';
import { servicesText } from './services-text.ts';
import { settingsText } from './settings-text.ts';
import { setupText } from './setup-text.ts';
import { shellText } from './shell-text.ts';
import { traceMapText } from './trace-map-text.ts';
import { traceText } from './trace-text.ts';
import { waterfallText } from './waterfall-text.ts';

const english = {
  shell: shellText,
  commands: commandsText,
  explore: exploreText,
  controls: controlsText,
  found: foundText,
  overview: overviewText,
  series: seriesText,
  trace: traceText,
  traceMap: traceMapText,
  waterfall: waterfallText,
  dock: dockText,
  export: exportText,
  events: eventsText,
  import: importText,
  compare: compareText,
  services: servicesText,
  setup: setupText,
  settings: settingsText,
  health: healthText,
  problem: problemText,
} as const;

/** Every string people read, by page. Components hold none, so that another language is another catalogue. */
export const text: typeof english = locale === 'en-XA' ? buildPseudoText(english) : english;
