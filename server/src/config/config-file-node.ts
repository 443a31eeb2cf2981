/** Nodes of clew.yaml with their places: what every part of the file is read with. */
import { type Document, isAlias, isMap, isScalar, type LineCounter, type Node, type YAMLMap } from 'yaml';
import type { ConfigProblem } from './config-error.ts';

export interface FileValue {
  readonly value: unknown;
  /** "clew.yaml:4:9" */
  readonly where: string;
}

/** One file being read: finds places and collects problems. */
export class ConfigFileReading {
  readonly problems: ConfigProblem[] = [];
  readonly #name: string;
  readonly #document: Document;
  readonly #lines: LineCounter;

  /** @param name how the file is called in messages. */
  constructor(name: string, document: Document, lines: LineCounter) {
    this.#name = name;
    this.#document = document;
    this.#lines = lines;
  }

  placeAt(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#name}:${line}:${col}`;
  }

  addProblem(node: unknown, message: string): void {
    this.problems.push({ where: this.#placeOf(node), message });
  }

  /** The mapping that `node` is; undefined when it is empty, or something else, which becomes a problem. */
  tryMap(node: unknown, path: string): YAMLMap | undefined {
    const body = this.#resolve(node);
    if (body === null || body === undefined || (isScalar(body) && body.value === null)) return undefined;
    if (isMap(body)) return body;
    this.addProblem(node, `${path} is not a mapping. Write its keys indented below.`);
    return undefined;
  }

  /** The value of a key; undefined when it has none, which becomes a problem. */
  tryValue(keyNode: unknown, valueNode: unknown, path: string): FileValue | undefined {
    const node = this.#resolve(valueNode);
    if (node === null || node === undefined || (isScalar(node) && node.value === null)) {
      this.addProblem(keyNode, `${path} has no value. Give it one or remove the line.`);
      return undefined;
    }
    return { value: (node as Node).toJS(this.#document), where: this.#placeOf(valueNode) };
  }

  #placeOf(node: unknown): string {
    return this.placeAt((node as Node | null)?.range?.[0] ?? 0);
  }

  #resolve(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#document) : node;
  }
}

/** A key as text. */
export function keyText(node: unknown): string {
  return isScalar(node) ? String(node.value) : '';
}
