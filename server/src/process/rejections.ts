/** Why spans of one request were dropped, for its sender. Reused: `reset()` between requests. */
export class Rejections {
  readonly #counts = new Map<string, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** Reason and number of spans, in the order the reasons came up. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  add(reason: string, spans: number): void {
    if (spans === 0) return;
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + spans);
    this.#total += spans;
  }

  reset(): void {
    this.#counts.clear();
    this.#total = 0;
  }

  /** Such as "3 of 10 spans rejected: trace id missing or all zeros (2), span id missing or all zeros (1)". */
  message(spansInRequest: number): string {
    if (this.#total === 0) return '';
    const reasons = [...this.#counts].map(([reason, spans]) => `${reason} (${spans})`);
    return `${this.#total} of ${spansInRequest} spans rejected: ${reasons.join(', ')}`;
  }
}
