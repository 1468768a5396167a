const chunkSize = 4096;

/** Numbers in order, some of them missing: in chunks, so that it grows without a copy of what is there. Eight bytes each. */
export class NumberColumn {
  readonly #chunks: Float64Array[] = [];

  /** Numbers that were not set are missing. */
  set(place: number, value: number): void {
    const chunk = Math.floor(place / chunkSize);
    while (this.#chunks.length <= chunk) this.#chunks.push(new Float64Array(chunkSize).fill(Number.NaN));
    this.#chunks[chunk]![place % chunkSize] = value;
  }

  /** The numbers that are there. */
  values(): number[] {
    return this.#chunks.flatMap((chunk) => Array.from(chunk.filter(isThere)));
  }

  /** Where the numbers are that are there. */
  places(): number[] {
    return this.#chunks.flatMap((chunk, number) => {
      const places = Array.from(chunk, (value, place) => (isThere(value) ? number * chunkSize + place : -1));
      return places.filter((place) => place >= 0);
    });
  }
}

function isThere(value: number): boolean {
  return !Number.isNaN(value);
}
