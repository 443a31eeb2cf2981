import { text } from '../../text/catalogue.ts';
import type { ServiceColour } from '../../timeline/service-colours.ts';
import type { DiffRows } from './diff-rows.ts';

export type DiffChange = 'none' | 'slower' | 'faster' | 'only-a' | 'only-b' | 'count';

/** A sign for each change, so that no colour has to be told from another; slower and faster are drawn as triangles. */
const MARKS: Readonly<Record<DiffChange, string>> = {
  none: '=',
  slower: '',
  faster: '',
  'only-a': text.compare.sideA,
  'only-b': text.compare.sideB,
  count: '≠',
};

/** What a row says of its node. */
export interface DiffFacts {
  readonly colour: ServiceColour;
  readonly service: string;
  readonly name: string;
  readonly change: DiffChange;
  /** How many, where it is not one on both sides: "×3 › ×5". */
  readonly count: string;
  /** Of how many the status is error, where any's is: "0 › 2 errors". */
  readonly errors: string;
  /** Texts of the columns before and after the difference. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** "+120 ms". */
  readonly difference: string;
  /** Of the largest difference there is, -1…1. */
  readonly share: number;
  /** Read out for the whole row. */
  readonly label: string;
}

export interface DiffContext {
  readonly rows: DiffRows;
  readonly factsOf: (node: number) => DiffFacts;
  /** -1 for none. */
  activeNode: number;
  selectedNode: number;
}

/** Deeper rows indent less, so that a name stays in sight. */
const INDENT_PX = 12;
const INDENT_DEEP_FROM = 12;
const INDENT_DEEP_PX = 4;
const INDENT_MOST_PX = 260;

/** One of the few row elements there are: painted again as nodes scroll by. */
export class DiffRow {
  readonly element: HTMLElement;
  position = -1;
  node = -1;
  private readonly name: HTMLElement;
  private readonly indent = span('diff-indent');
  private readonly chevron = span('diff-chevron');
  private readonly mark = span('diff-mark');
  private readonly dot = span('service-dot');
  private readonly service = span('diff-service');
  private readonly operation = span('diff-operation');
  private readonly count = span('diff-count');
  private readonly errors = span('diff-count is-error');
  private readonly figures: readonly HTMLElement[];
  private readonly difference: HTMLElement;
  private readonly differenceText = span('diff-difference-text');
  private readonly bar = span('diff-bar');

  /** @param before columns of figures that stand before the difference; `after` those behind it. */
  constructor(id: string, before: number, after: number) {
    this.element = cell('diff-row', 'row');
    this.element.id = id;
    this.name = cell('diff-name', 'gridcell');
    for (const part of [this.chevron, this.mark, this.dot]) part.setAttribute('aria-hidden', 'true');
    this.name.append(
      this.indent,
      this.chevron,
      this.mark,
      this.dot,
      this.service,
      this.operation,
      this.count,
      this.errors,
    );
    this.figures = Array.from({ length: before + after }, () => cell('diff-figure', 'gridcell'));
    this.difference = cell('diff-difference', 'gridcell');
    this.difference.append(this.bar, this.differenceText);
    this.element.append(this.name, ...this.figures.slice(0, before), this.difference, ...this.figures.slice(before));
  }

  hide(): void {
    this.position = -1;
    this.node = -1;
    this.element.hidden = true;
  }

  paint(position: number, top: number, context: DiffContext): void {
    const { rows } = context;
    const node = rows.visible[position];
    this.position = position;
    this.node = node;
    this.element.hidden = false;
    this.moveTo(top);
    const facts = context.factsOf(node);
    const depth = rows.tree.depth[node];
    const indent =
      Math.min(depth, INDENT_DEEP_FROM) * INDENT_PX + Math.max(0, depth - INDENT_DEEP_FROM) * INDENT_DEEP_PX;
    this.indent.style.width = `${Math.min(indent, INDENT_MOST_PX)}px`;
    this.element.dataset.change = facts.change;
    this.mark.textContent = MARKS[facts.change];
    this.dot.className = `service-dot is-service-${facts.colour.colour}${facts.colour.monogram === '' ? '' : ' has-monogram'}`;
    this.dot.textContent = facts.colour.monogram;
    this.service.textContent = facts.service;
    this.operation.textContent = facts.name;
    this.count.textContent = facts.count;
    this.errors.textContent = facts.errors;
    this.name.title = `${facts.service} · ${facts.name}${facts.count === '' ? '' : ` · ${facts.count}`}`;
    const texts = [...facts.before, ...facts.after];
    for (const [at, figure] of this.figures.entries()) figure.textContent = texts[at] ?? '';
    this.differenceText.textContent = facts.difference;
    this.bar.style.width = `${Math.abs(facts.share) * 50}%`;
    this.bar.classList.toggle('is-less', facts.share < 0);
    this.describe(facts, position, context);
    this.paintState(context);
  }

  moveTo(top: number): void {
    this.element.style.transform = `translateY(${top}px)`;
  }

  /** What changes without the row changing: cursor and selection. */
  paintState(context: DiffContext): void {
    this.element.classList.toggle('is-active', this.node === context.activeNode);
    this.element.classList.toggle('is-selected', this.node === context.selectedNode);
    this.element.setAttribute('aria-selected', String(this.node === context.selectedNode));
  }

  private describe(facts: DiffFacts, position: number, { rows }: DiffContext): void {
    const { element, node } = this;
    const foldable = rows.hasChildren(node);
    const folded = rows.folded[node] === 1;
    this.chevron.classList.toggle('is-leaf', !foldable);
    this.chevron.classList.toggle('is-folded', foldable && folded);
    // The header is the first row.
    element.setAttribute('aria-rowindex', String(position + 2));
    element.setAttribute('aria-level', String(rows.tree.depth[node] + 1));
    if (foldable) element.setAttribute('aria-expanded', String(!folded));
    else element.removeAttribute('aria-expanded');
    element.setAttribute('aria-label', facts.label);
  }
}

function span(className: string): HTMLElement {
  const element = document.createElement('span');
  element.className = className;
  return element;
}

function cell(className: string, role: string): HTMLElement {
  const element = document.createElement('div');
  element.className = className;
  element.setAttribute('role', role);
  return element;
}
