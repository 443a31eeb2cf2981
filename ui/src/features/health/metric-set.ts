/** One line of the Prometheus text format. */
export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

type Labels = Readonly<Record<string, string>>;

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

/** What GET /metrics says, by name; counters are of the process since its start, of all tenants. */
export class MetricSet {
  readonly #samples: ReadonlyMap<string, readonly MetricSample[]>;

  constructor(prometheusText: string) {
    const samples = new Map<string, MetricSample[]>();
    for (const line of prometheusText.split('\n')) {
      const match = line.startsWith('#') ? null : LINE.exec(line);
      if (match === null) continue;
      const [, name, labels = '', value] = match;
      const known = samples.get(name) ?? [];
      known.push({ labels: parseLabels(labels), value: Number(value.replace('Inf', 'Infinity')) });
      samples.set(name, known);
    }
    this.#samples = samples;
  }

  samples(name: string): readonly MetricSample[] {
    return this.#samples.get(name) ?? [];
  }

  /** Over all samples with these labels; undefined when the metric has none. */
  sum(name: string, labels: Labels = {}): number | undefined {
    const matching = this.#matching(name, labels);
    return matching.length === 0 ? undefined : matching.reduce((sum, { value }) => sum + value, 0);
  }

  /** Sums by the values of one label, largest first, without what is 0. */
  by(name: string, label: string, labels: Labels = {}): readonly (readonly [string, number])[] {
    const sums = new Map<string, number>();
    for (const sample of this.#matching(name, labels)) {
      const key = sample.labels[label] ?? '';
      sums.set(key, (sums.get(key) ?? 0) + sample.value);
    }
    return [...sums].filter(([, sum]) => sum !== 0).sort((a, b) => b[1] - a[1]);
  }

  /** Upper bound of the histogram bucket in which the quantile lies; undefined before the first observation. */
  quantile(name: string, quantile: number, labels: Labels = {}): number | undefined {
    const buckets = new Map<number, number>();
    for (const sample of this.#matching(`${name}_bucket`, labels)) {
      const bound = Number(sample.labels.le?.replace('Inf', 'Infinity').replace('+', ''));
      buckets.set(bound, (buckets.get(bound) ?? 0) + sample.value);
    }
    const bounds = [...buckets.keys()].sort((a, b) => a - b);
    const total = buckets.get(Number.POSITIVE_INFINITY) ?? 0;
    return total === 0 ? undefined : bounds.find((bound) => (buckets.get(bound) ?? 0) >= total * quantile);
  }

  #matching(name: string, labels: Labels): readonly MetricSample[] {
    const wanted = Object.entries(labels);
    return this.samples(name).filter((sample) => wanted.every(([key, value]) => sample.labels[key] === value));
  }
}

function parseLabels(text: string): Labels {
  const labels: Record<string, string> = {};
  for (const [, key, value] of text.matchAll(LABEL)) {
    labels[key] = value.replaceAll(/\\[n"\\]/g, (escaped) => ESCAPES[escaped] ?? escaped);
  }
  return labels;
}
