import type { TraceColumns } from '@clew/model';
import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import type { ServiceColour } from '../../timeline/service-colours.ts';
import type { TraceEvents } from '../../tracefile/trace-events.ts';

const ROW_HEIGHT_PX = 24;
/** Rows kept painted above and below what is in sight. */
const OVERSCAN_ROWS = 6;
const PAGE_KEYS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };

interface EventRow {
  readonly element: HTMLElement;
  readonly time: HTMLElement;
  readonly dot: HTMLElement;
  readonly service: HTMLElement;
  readonly span: HTMLElement;
  readonly name: HTMLElement;
  readonly text: HTMLElement;
  at: number;
}

let views = 0;

/** A list of events of which only the rows in sight are elements, painted as they scroll by. */
export class EventsView {
  readonly element: HTMLElement;
  readonly #layer: HTMLElement;
  readonly #columns: TraceColumns;
  readonly #colours: readonly ServiceColour[];
  readonly #onOpen: (row: number) => void;
  readonly #prefix = `events${++views}`;
  readonly #resizing: ResizeObserver;
  readonly #pool: EventRow[] = [];
  #events: TraceEvents | undefined;
  #active = -1;
  #selectedRow = -1;

  constructor(columns: TraceColumns, colours: readonly ServiceColour[], onOpen: (row: number) => void) {
    this.#columns = columns;
    this.#colours = colours;
    this.#onOpen = onOpen;
    this.element = document.createElement('div');
    this.element.className = 'events-list';
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'listbox');
    this.element.setAttribute('aria-label', text.events.label);
    this.#layer = document.createElement('div');
    this.#layer.setAttribute('role', 'presentation');
    this.#layer.className = 'events-layer';
    this.element.append(this.#layer);
    this.element.addEventListener('scroll', () => this.#update(), { passive: true });
    this.element.addEventListener('keydown', (event) => this.#keyDown(event));
    this.element.addEventListener('click', (event) => this.#click(event));
    this.#resizing = new ResizeObserver(() => this.#update());
    this.#resizing.observe(this.element);
  }

  destroy(): void {
    this.#resizing.disconnect();
    this.element.remove();
  }

  setEvents(events: TraceEvents): void {
    this.#events = events;
    this.#active = -1;
    this.element.removeAttribute('aria-activedescendant');
    this.#layer.style.height = `${events.name.length * ROW_HEIGHT_PX}px`;
    for (const row of this.#pool) row.at = -1;
    this.#update();
  }

  /** Marks the events of a row of the trace, and brings the first of them into sight. */
  setSelected(row: number): void {
    this.#selectedRow = row;
    for (const painted of this.#pool) this.#mark(painted);
    if (row === -1 || this.#events === undefined) return;
    if (this.#active !== -1 && this.#events.row[this.#active] === row) return;
    const first = this.#events.row.indexOf(row);
    if (first !== -1) this.#moveTo(first);
  }

  #update(): void {
    const count = this.#events?.name.length ?? 0;
    const first = Math.max(0, Math.floor(this.element.scrollTop / ROW_HEIGHT_PX) - OVERSCAN_ROWS);
    const inSight = Math.ceil(this.element.clientHeight / ROW_HEIGHT_PX) + 2 * OVERSCAN_ROWS;
    const end = Math.min(count, first + inSight);
    while (this.#pool.length < Math.min(count, inSight)) this.#pool.push(this.#buildRow());
    // Row n always stands in the same element while it is in sight: scrolling repaints only what comes in.
    const size = this.#pool.length;
    for (let at = first; at < end; at++) {
      const row = this.#pool[at % size];
      if (row.at !== at) this.#paint(row, at);
    }
    for (const row of this.#pool) row.element.hidden = row.at < first || row.at >= end;
  }

  #buildRow(): EventRow {
    const part = (className: string): HTMLElement => {
      const element = document.createElement('span');
      element.className = className;
      return element;
    };
    const row: EventRow = {
      element: document.createElement('div'),
      time: part('events-time'),
      dot: part('service-dot'),
      service: part('events-service'),
      span: part('events-span'),
      name: part('events-name'),
      text: part('events-text'),
      at: -1,
    };
    row.element.className = 'events-row';
    row.element.setAttribute('role', 'option');
    row.element.append(row.time, row.dot, row.service, row.span, row.name, row.text);
    this.#layer.append(row.element);
    return row;
  }

  #paint(row: EventRow, at: number): void {
    const events = this.#events;
    if (events === undefined) return;
    row.at = at;
    const { names, services, name, service } = this.#columns;
    const spanRow = events.row[at];
    const isKnown = spanRow !== -1;
    const serviceName = isKnown ? services[service[spanRow]] : '';
    const spanName = isKnown ? names[name[spanRow]] || text.trace.namelessSpan : text.events.spanUnknown;
    const eventName = events.name[at] === '' ? text.events.nameless : events.name[at];
    const time = formatDuration(events.time[at]);
    const colour = isKnown ? this.#colours[service[spanRow]] : undefined;
    row.time.textContent = time;
    row.dot.className = `service-dot is-service-${colour?.colour ?? 0}${colour?.monogram ? ' has-monogram' : ''}`;
    row.dot.textContent = colour?.monogram ?? '';
    row.service.textContent = serviceName;
    row.span.textContent = spanName;
    row.name.textContent = eventName;
    row.text.textContent = events.text[at];
    const { element } = row;
    element.id = `${this.#prefix}-${at}`;
    element.style.transform = `translateY(${at * ROW_HEIGHT_PX}px)`;
    element.classList.toggle('is-exception', events.isException[at] === 1);
    element.setAttribute('aria-setsize', String(events.name.length));
    element.setAttribute('aria-posinset', String(at + 1));
    element.setAttribute('aria-label', text.events.option(time, serviceName, spanName, eventName, events.text[at]));
    this.#mark(row);
  }

  #mark(row: EventRow): void {
    const isSelected = row.at !== -1 && this.#selectedRow !== -1 && this.#events?.row[row.at] === this.#selectedRow;
    row.element.setAttribute('aria-selected', String(isSelected));
    row.element.classList.toggle('is-active', row.at !== -1 && row.at === this.#active);
  }

  #moveTo(at: number): void {
    this.#active = at;
    const top = at * ROW_HEIGHT_PX;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + ROW_HEIGHT_PX > scrollTop + clientHeight)
      this.element.scrollTop = top + ROW_HEIGHT_PX - clientHeight;
    this.#update();
    for (const row of this.#pool) this.#mark(row);
    this.element.setAttribute('aria-activedescendant', `${this.#prefix}-${at}`);
  }

  #keyDown(event: KeyboardEvent): void {
    const count = this.#events?.name.length ?? 0;
    if (count === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW_HEIGHT_PX) - 1);
    const steps: Readonly<Record<string, number>> = { ...PAGE_KEYS, PageDown: page, PageUp: -page };
    let next: number | undefined;
    if (event.key === 'Home') next = 0;
    else if (event.key === 'End') next = count - 1;
    else if (Object.hasOwn(steps, event.key)) next = Math.max(this.#active, -1) + steps[event.key];
    if (next !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      this.#moveTo(Math.min(count - 1, Math.max(0, next)));
      return;
    }
    if (event.key === 'Enter' && this.#active !== -1) {
      event.preventDefault();
      this.#open(this.#active);
    }
  }

  #click(event: MouseEvent): void {
    const found = this.#pool.find(({ element }) => event.target instanceof Node && element.contains(event.target));
    if (found === undefined || found.at === -1) return;
    this.#moveTo(found.at);
    this.#open(found.at);
  }

  #open(at: number): void {
    const row = this.#events?.row[at] ?? -1;
    if (row !== -1) this.#onOpen(row);
  }
}
