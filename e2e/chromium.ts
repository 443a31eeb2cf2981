/** A headless Chromium out of an npm package, unpacked once into node_modules/.cache; CHROMIUM_PATH overrides it. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { LaunchOptions } from '@playwright/test';

const require = createRequire(import.meta.url);
/** Wherever this is bundled to: beside the package that it finds. */
const PACKAGE = '@sparticuz/chromium';
const packageDir = join(
  require.resolve(PACKAGE).split(join('node_modules', PACKAGE))[0] ?? '',
  'node_modules',
  PACKAGE,
);
const { version } = require(join(packageDir, 'package.json')) as { readonly version: string };

/** By version: the package takes any file it finds there, however old. */
const cacheDir = join(packageDir, '../../.cache', `chromium-${version}`);

/** Unpacks the browser and its libraries; quick when they are there. */
export async function unpackChromium(): Promise<void> {
  if (process.env.CHROMIUM_PATH !== undefined) return;
  mkdirSync(cacheDir, { recursive: true });
  process.env.TMPDIR = cacheDir;
  const { default: chromium, inflate } = (await import('@sparticuz/chromium')) as unknown as {
    readonly default: { executablePath(dir: string): Promise<string> };
    readonly inflate: (file: string) => Promise<string>;
  };
  const bin = join(packageDir, 'bin');
  await chromium.executablePath(bin);
  if (!existsSync(join(cacheDir, 'al2023'))) await inflate(join(bin, 'al2023.tar.br'));
  // The package's own fonts.conf names directories of another machine: without a font, pages show no text at all.
  mkdirSync(join(cacheDir, 'fontconfig'), { recursive: true });
  writeFileSync(join(cacheDir, 'fontconfig/fonts.conf'), fontConfiguration());
}

function fontConfiguration(): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(cacheDir, 'fonts/fonts')}</dir>
  <cachedir>${join(cacheDir, 'fontconfig/cache')}</cachedir>
</fontconfig>
`;
}

/** The package's own flags switch web security off: tests would then lie about it. These do not. */
export function chromiumLaunchOptions(): LaunchOptions {
  const own = process.env.CHROMIUM_PATH;
  return {
    executablePath: own ?? join(cacheDir, 'chromium'),
    chromiumSandbox: false,
    args: [
      '--no-zygote',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--font-render-hinting=none',
      '--enable-precise-memory-info',
    ],
    env: {
      ...(process.env as Record<string, string>),
      ...(own === undefined
        ? { LD_LIBRARY_PATH: join(cacheDir, 'al2023/lib'), FONTCONFIG_PATH: join(cacheDir, 'fontconfig') }
        : {}),
    },
  };
}
