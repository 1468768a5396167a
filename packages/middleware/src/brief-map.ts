/**
 * Entries by name that come and go all the time, few at once.
 *
 * A `Map` used so outgrows its table every few entries, and each old table points to the next: once one of them has been promoted, all
 * that ever stood in the others stays until a full collection. It made a shared call three times as dear.
 */
export class BriefMap<Value> {
  readonly #entries: Record<string, Value | undefined> = Object.create(null) as Record<string, Value | undefined>;

  get(name: string): Value | undefined {
    return this.#entries[name];
  }

  set(name: string, value: Value): void {
    this.#entries[name] = value;
  }

  delete(name: string): void {
    delete this.#entries[name];
  }

  values(): Value[] {
    return Object.values(this.#entries) as Value[];
  }
}
