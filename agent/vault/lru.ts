/** A bounded memory of values that can be had again: the least recently used go first. */

export class Lru<Value> {
  readonly #weightMax: number;
  readonly #values = new Map<string, { readonly value: Value; readonly weight: number }>();
  #weight = 0;

  /** In the unit of what `put` is given: bytes, or 1 each. */
  constructor(weightMax: number) {
    this.#weightMax = weightMax;
  }

  find(key: string): Value | undefined {
    const found = this.#values.get(key);
    if (!found) return undefined;
    this.#values.delete(key);
    this.#values.set(key, found);
    return found.value;
  }

  put(key: string, value: Value, weight = 1): void {
    this.remove(key);
    this.#values.set(key, { value, weight });
    this.#weight += weight;
    for (const [oldest] of this.#values) {
      if (this.#weight <= this.#weightMax || this.#values.size === 1) return;
      this.remove(oldest);
    }
  }

  remove(key: string): void {
    const found = this.#values.get(key);
    if (!found) return;
    this.#weight -= found.weight;
    this.#values.delete(key);
  }
}
