interface Cancelled {
  cancel(): void;
}

const collected = new FinalizationRegistry<Dropped>((dropped) => dropped.cancel());

/**
 * The last net: cancels what an object stood for when that is collected.
 *
 * Engines keep what a registry was given through many short collections, also after it was taken back: so it is given a token that its
 * owner holds, and this, which lets go of all else. With the owner itself registered, each call left some 12 kB for the next full
 * collection, and a fifth of the time of a stream went into copying them.
 */
export class Dropped {
  #cancelled: Cancelled | undefined;

  /** @param token - held by nobody but the owner */
  constructor(token: object, cancelled: Cancelled) {
    this.#cancelled = cancelled;
    collected.register(token, this, this);
  }

  cancel(): void {
    this.#cancelled?.cancel();
  }

  /** It has ended, so that being dropped means nothing any more. */
  forget(): void {
    this.#cancelled = undefined;
    collected.unregister(this);
  }
}
