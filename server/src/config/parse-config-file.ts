/** clew.yaml → values with their places. */
import { isMap, LineCounter, parseDocument } from 'yaml';
import type { ConfigProblem } from './config-error.ts';
import { ConfigFileReading, type FileValue, keyText } from './config-file-node.ts';
import { tryNearestName } from './nearest-name.ts';
import { parseTenants, type TenantFileValues } from './parse-tenants.ts';
import { NAMED_SETTINGS, SETTINGS } from './settings.ts';

export interface ParsedFile {
  /** By section.key. */
  readonly values: ReadonlyMap<string, FileValue>;
  readonly tenants: TenantFileValues;
  readonly problems: readonly ConfigProblem[];
}

const TENANTS = 'tenants';

/**
 * Pure. Unknown sections and keys, keys without a value and YAML errors become problems.
 * @param name how the file is called in messages.
 */
export function parseConfigFile(source: string, name: string): ParsedFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { lineCounter, prettyErrors: false });
  const reading = new ConfigFileReading(name, document, lineCounter);
  const { problems } = reading;
  const values = new Map<string, FileValue>();
  let tenants: TenantFileValues = new Map();

  for (const error of document.errors) {
    const where = reading.placeAt(error.pos[0]);
    problems.push({ where, message: `this is not YAML: ${error.message}. Correct the line.` });
  }
  if (problems.length > 0 || document.contents === null) return { values, tenants, problems };
  if (!isMap(document.contents)) {
    const message = 'the file is not a mapping. Start it with a section, such as "server:".';
    reading.addProblem(document.contents, message);
    return { values, tenants, problems };
  }

  for (const { key: sectionNode, value } of document.contents.items) {
    const section = keyText(sectionNode);
    if (section.startsWith('x-')) continue; // a place for anchors, as in Compose files
    if (section === TENANTS) {
      tenants = parseTenants(reading, value);
      continue;
    }
    if (!Object.hasOwn(SETTINGS, section)) {
      reading.addProblem(sectionNode, unknownSection(section));
      continue;
    }
    for (const { key: keyNode, value: valueNode } of reading.tryMap(value, section)?.items ?? []) {
      const path = `${section}.${keyText(keyNode)}`;
      if (!NAMED_SETTINGS.some((named) => named.path === path)) {
        reading.addProblem(keyNode, unknownKey(section, path));
        continue;
      }
      const found = reading.tryValue(keyNode, valueNode, path);
      if (found !== undefined) values.set(path, found);
    }
  }
  return { values, tenants, problems };
}

function unknownSection(section: string): string {
  const owner = NAMED_SETTINGS.find((named) => named.key === section);
  if (owner !== undefined) return `${section} stands outside a section. Write it below "${owner.section}:".`;
  const sections = [...Object.keys(SETTINGS), TENANTS];
  const nearest = tryNearestName(section, sections);
  return nearest === undefined
    ? `there is no section "${section}". The sections are ${sections.join(', ')}.`
    : `there is no section "${section}". Did you mean "${nearest}"?`;
}

function unknownKey(section: string, path: string): string {
  const key = path.slice(section.length + 1);
  const keys = NAMED_SETTINGS.filter((named) => named.section === section).map((named) => named.key);
  const nearest = tryNearestName(key, keys);
  if (nearest !== undefined) return `there is no setting "${path}". Did you mean "${nearest}"?`;
  const elsewhere = NAMED_SETTINGS.find((named) => named.key === key);
  if (elsewhere !== undefined) return `there is no setting "${path}". Did you mean "${elsewhere.path}"?`;
  return `there is no setting "${path}". ${section} has ${keys.join(', ')}.`;
}
