const TEMPLATE = `<div role="row" class="wf-row">
  <div role="gridcell" class="wf-name"><span class="wf-indent"></span><span class="wf-chevron"></span><span
    class="wf-dot"></span><span class="wf-count" hidden></span><span class="wf-service"></span><span
    class="wf-mark is-error-mark" hidden>!</span><span class="wf-mark is-parent-mark" hidden>?</span><span
    class="wf-mark is-skew-mark" hidden>~</span><span class="wf-operation"></span><span
    class="wf-histogram" hidden></span></div>
  <div role="gridcell" class="wf-time"><div class="wf-bar"></div><div class="wf-tail" hidden></div><div
    class="wf-self" hidden></div><div class="wf-critical" hidden></div><span class="wf-duration"></span></div>
</div>`;

let template: HTMLTemplateElement | undefined;

/** The elements of one line. */
export interface RowParts {
  readonly element: HTMLElement;
  readonly name: HTMLElement;
  readonly indent: HTMLElement;
  readonly chevron: HTMLElement;
  readonly dot: HTMLElement;
  readonly dotText: Text;
  readonly count: HTMLElement;
  readonly countText: Text;
  readonly service: Text;
  readonly errorMark: HTMLElement;
  readonly parentMark: HTMLElement;
  readonly skewMark: HTMLElement;
  readonly operation: HTMLElement;
  readonly operationText: Text;
  readonly histogram: HTMLElement;
  readonly time: HTMLElement;
  readonly bar: HTMLElement;
  readonly tail: HTMLElement;
  readonly self: HTMLElement;
  readonly critical: HTMLElement;
  readonly label: HTMLElement;
  readonly labelText: Text;
}

export function createRowParts(): RowParts {
  if (template === undefined) {
    template = document.createElement('template');
    template.innerHTML = TEMPLATE.replace(/\n\s*/g, ' ').replace(/> </g, '><');
  }
  const element = template.content.firstElementChild?.cloneNode(true);
  if (!(element instanceof HTMLElement)) throw new Error('waterfall row: the template has no element.');
  const part = (selector: string): HTMLElement => {
    const found = element.querySelector(selector);
    if (!(found instanceof HTMLElement)) throw new Error(`waterfall row: no ${selector} in the template.`);
    return found;
  };
  const [dot, count, operation, label] = ['.wf-dot', '.wf-count', '.wf-operation', '.wf-duration'].map(part);
  return {
    element,
    name: part('.wf-name'),
    indent: part('.wf-indent'),
    chevron: part('.wf-chevron'),
    dot,
    dotText: textIn(dot),
    count,
    countText: textIn(count),
    service: textIn(part('.wf-service')),
    errorMark: part('.is-error-mark'),
    parentMark: part('.is-parent-mark'),
    skewMark: part('.is-skew-mark'),
    operation,
    operationText: textIn(operation),
    histogram: part('.wf-histogram'),
    time: part('.wf-time'),
    bar: part('.wf-bar'),
    tail: part('.wf-tail'),
    self: part('.wf-self'),
    critical: part('.wf-critical'),
    label,
    labelText: textIn(label),
  };
}

/** The one text node of an element: changing its data is cheaper than replacing it. */
function textIn(element: HTMLElement): Text {
  const node = document.createTextNode('');
  element.replaceChildren(node);
  return node;
}

/** Writes only what differs: most rows that scroll by share most of their texts. */
export function setText(node: Text, value: string): void {
  if (node.data !== value) node.data = value;
}
