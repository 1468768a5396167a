import type { Row, Scaling } from "./design.ts";

/** Texts that were learned from, by their rarest words, so that the like of a new one are found quickly. */
export interface Neighbours {
  /** How many texts. */
  readonly rows: number;
  /** Words kept of each. */
  readonly terms: number;
  /** `row × terms`: buckets, filled up with `bucket 0` where a text has fewer words. */
  readonly buckets: Uint16Array;
}

/** How many are looked at, and how much similarity the mean of all is worth. */
const [nearest, prior] = [40, 3] as const;

/** The rarest words of each row. */
export function neighboursOf(rows: readonly Row[], terms: number): Neighbours {
  const buckets = new Uint16Array(rows.length * terms);
  for (const [place, row] of rows.entries()) {
    const order = Array.from(row.weights.keys())
      .filter((term) => row.weights[term]! > 0)
      .toSorted((left, right) => row.weights[right]! - row.weights[left]!);
    for (const [term, from] of order.slice(0, terms).entries()) buckets[place * terms + term] = row.buckets[from]!;
  }
  return { rows: rows.length, terms, buckets };
}

/** Finds what is like a text, and adds it up. */
export class NeighbourSearch {
  readonly #rarity: Float32Array;
  readonly #lengths: Float32Array;
  readonly #starts: Uint32Array;
  readonly #postings: Uint32Array;
  readonly #likeness: Float32Array;
  readonly #touched: Uint32Array;

  constructor({ rows, terms, buckets }: Neighbours, { rarity }: Scaling) {
    this.#rarity = rarity;
    this.#likeness = new Float32Array(rows);
    this.#touched = new Uint32Array(rows);
    this.#lengths = new Float32Array(rows);
    this.#starts = new Uint32Array(rarity.length + 1);
    for (let place = 0; place < buckets.length; place++) {
      const weight = rarity[buckets[place]!]!;
      if (weight === 0) continue;
      this.#starts[buckets[place]! + 1]!++;
      this.#lengths[Math.floor(place / terms)]! += weight * weight;
    }
    for (let bucket = 0; bucket < rarity.length; bucket++) this.#starts[bucket + 1]! += this.#starts[bucket]!;
    for (let row = 0; row < rows; row++) this.#lengths[row] = Math.sqrt(this.#lengths[row]!) || 1;
    this.#postings = new Uint32Array(this.#starts[rarity.length]!);
    const next = this.#starts.slice();
    for (let place = 0; place < buckets.length; place++) {
      const bucket = buckets[place]!;
      if (rarity[bucket]! > 0) this.#postings[next[bucket]!++] = Math.floor(place / terms);
    }
  }

  /**
   * Calls for each of the texts that are most like a new one, with its share: the shares are below 1 together, the less so the less alike.
   *
   * @param visit - is told a row's number and its share
   */
  near(row: Row, visit: (neighbour: number, share: number) => void): void {
    let touched = 0;
    for (let place = 0; place < row.buckets.length; place++) {
      const bucket = row.buckets[place]!;
      const weight = row.weights[place]! * this.#rarity[bucket]!;
      if (weight === 0) continue;
      const end = this.#starts[bucket + 1]!;
      for (let at = this.#starts[bucket]!; at < end; at++) {
        const neighbour = this.#postings[at]!;
        if (this.#likeness[neighbour] === 0) this.#touched[touched++] = neighbour;
        this.#likeness[neighbour]! += weight / this.#lengths[neighbour]!;
      }
    }

    const best = this.#best(touched);
    let sum = prior;
    for (const neighbour of best) sum += this.#likeness[neighbour]!;
    for (const neighbour of best) visit(neighbour, this.#likeness[neighbour]! / sum);
    for (let place = 0; place < touched; place++) this.#likeness[this.#touched[place]!] = 0;
  }

  /** The nearest of those that share a word, in no order. */
  #best(touched: number): readonly number[] {
    const found = this.#touched.subarray(0, touched);
    if (touched <= nearest) return Array.from(found);
    const likeness = found.map((neighbour) => this.#likeness[neighbour]! * 1e6).toSorted();
    const least = likeness[touched - nearest]!;
    const best: number[] = [];
    for (const neighbour of found) {
      if (Math.trunc(this.#likeness[neighbour]! * 1e6) < least) continue;
      best.push(neighbour);
      if (best.length === nearest) break;
    }
    return best;
  }
}
