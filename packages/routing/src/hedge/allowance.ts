/** No more than so many calls are saved up for. */
const mostSaved = 10;

/** How many extra calls there may be: a share of all calls, saved up while none is needed. */
export class Allowance {
  readonly #share: number;
  #saved = 0;

  constructor(share: number) {
    this.#share = share;
  }

  /** A call was made. */
  earn(): void {
    this.#saved = Math.min(mostSaved, this.#saved + this.#share);
  }

  /** Takes one extra call, if there is one. */
  spend(): boolean {
    // Twenty times a twentieth is a little less than one.
    if (this.#saved < 1 - 1e-9) return false;
    this.#saved -= 1;
    return true;
  }
}
