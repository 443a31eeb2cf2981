/** clew.yaml → values with their places. */
import { isAlias, isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { ConfigProblem } from './config-error.ts';
import { tryNearestName } from './nearest-name.ts';
import { NAMED_SETTINGS, SETTINGS } from './settings.ts';

export interface FileValue {
  readonly value: unknown;
  /** "clew.yaml:4:9" */
  readonly where: string;
}

export interface ParsedFile {
  /** By section.key. */
  readonly values: ReadonlyMap<string, FileValue>;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Pure. Unknown sections and keys, keys without a value and YAML errors become problems.
 * @param name how the file is called in messages.
 */
export function parseConfigFile(source: string, name: string): ParsedFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { lineCounter, prettyErrors: false });
  const values = new Map<string, FileValue>();
  const problems: ConfigProblem[] = [];
  const placeAt = (offset: number): string => {
    const { line, col } = lineCounter.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const placeOf = (node: unknown): string => placeAt((node as Node | null)?.range?.[0] ?? 0);

  for (const error of document.errors) {
    problems.push({ where: placeAt(error.pos[0]), message: `this is not YAML: ${error.message}. Correct the line.` });
  }
  if (problems.length > 0 || document.contents === null) return { values, problems };
  if (!isMap(document.contents)) {
    problems.push({
      where: placeOf(document.contents),
      message: 'the file is not a mapping. Start it with a section, such as "server:".',
    });
    return { values, problems };
  }

  const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  for (const { key: sectionNode, value } of document.contents.items) {
    const section = isScalar(sectionNode) ? String(sectionNode.value) : '';
    if (section.startsWith('x-')) continue; // a place for anchors, as in Compose files
    if (!Object.hasOwn(SETTINGS, section)) {
      problems.push({ where: placeOf(sectionNode), message: unknownSection(section) });
      continue;
    }
    const body = resolve(value);
    if (body === null || (isScalar(body) && body.value === null)) continue;
    if (!isMap(body)) {
      problems.push({ where: placeOf(value), message: `${section} is not a mapping. Write its keys indented below.` });
      continue;
    }
    for (const { key: keyNode, value: valueNode } of body.items) {
      const path = `${section}.${isScalar(keyNode) ? String(keyNode.value) : ''}`;
      if (!NAMED_SETTINGS.some((named) => named.path === path)) {
        problems.push({ where: placeOf(keyNode), message: unknownKey(section, path) });
        continue;
      }
      const node = resolve(valueNode);
      if (node === null || node === undefined || (isScalar(node) && node.value === null)) {
        problems.push({ where: placeOf(keyNode), message: `${path} has no value. Give it one or remove the line.` });
        continue;
      }
      values.set(path, { value: (node as Node).toJS(document), where: placeOf(valueNode) });
    }
  }
  return { values, problems };
}

function unknownSection(section: string): string {
  const owner = NAMED_SETTINGS.find((named) => named.key === section);
  if (owner !== undefined) return `${section} stands outside a section. Write it below "${owner.section}:".`;
  const sections = Object.keys(SETTINGS);
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
