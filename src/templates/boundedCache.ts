/** Keeps the most recently used values up to a number and a total weight. */
export class BoundedCache<T> {
  readonly #limits: { readonly entries: number; readonly weight: number };
  readonly #entries = new Map<string, { value: T; weight: number }>();
  #weight = 0;

  constructor(limits: { entries: number; weight: number }) {
    this.#limits = limits;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: T, weight: number): void {
    this.#remove(key);
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limits.entries && this.#weight <= this.#limits.weight) return;
      if (oldest !== key) this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }
}
