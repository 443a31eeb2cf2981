/** Corpus and fixtures in the repository: one file an input. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CorpusInput } from './fuzz-target.ts';

const EXTENSION = '.bin';

export class CorpusFiles {
  readonly #root: string;

  /** @param root the folder that holds `corpus` and `fixtures`. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Inputs to begin with. */
  corpus(target: string): CorpusInput[] {
    return readInputs(join(this.#root, 'corpus', target));
  }

  /** Inputs that once broke something. */
  fixtures(target: string): CorpusInput[] {
    return readInputs(join(this.#root, 'fixtures', target));
  }

  /** Replaces a target's seeds; inputs that runs have found stay. */
  writeSeeds(target: string, seeds: readonly CorpusInput[]): void {
    const folder = join(this.#root, 'corpus', target);
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) if (!name.startsWith('found-')) rmSync(join(folder, name));
    for (const { name, bytes } of seeds) writeFileSync(join(folder, name + EXTENSION), bytes);
  }

  /** Keeps an input that went a new way. @returns its path */
  saveFound(target: string, bytes: Uint8Array): string {
    return this.#save(join(this.#root, 'corpus', target), `found-${digest(bytes)}`, bytes);
  }

  /** Keeps an input that broke something. @returns its path */
  saveFixture(target: string, bytes: Uint8Array): string {
    return this.#save(join(this.#root, 'fixtures', target), digest(bytes), bytes);
  }

  #save(folder: string, name: string, bytes: Uint8Array): string {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, name + EXTENSION);
    writeFileSync(path, bytes);
    return path;
  }
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 12);
}

function readInputs(folder: string): CorpusInput[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(EXTENSION))
    .sort()
    .map((name) => ({
      name: name.slice(0, -EXTENSION.length),
      bytes: Uint8Array.from(readFileSync(join(folder, name))),
    }));
}
