/** The answer as a subject gave it; checked before any figure counts. */
export interface Given {
  readonly text: string;
  readonly tokens: number | undefined;
}

/** Where a subject sends its requests. */
export interface Place {
  /** Without one, it sends them by itself, to `origin`. */
  readonly fetch?: typeof globalThis.fetch;
  /** @default an address that nobody serves */
  readonly origin?: string;
}

export type WireName = "chat" | "messages" | "responses";

/** Something that answers over one wire. What it needs but once is made before the clock runs. */
export interface Subject {
  readonly name: string;
  readonly wire: WireName;
  /** Whether it is ours, and so held to the bounds. */
  readonly ours?: boolean;
  /** Absent where only streams are compared. */
  readonly generate?: (place: Place) => () => Promise<Given>;
  readonly stream: (place: Place) => () => Promise<Given>;
  /** Leaves the loop at the first text. */
  readonly leave?: (place: Place) => () => Promise<void>;
  /** Settles at the first text, and gives what lets the answer go. */
  readonly open?: (place: Place) => () => Promise<() => unknown>;
}

/** Where subjects that were given a fetch pretend to ask. */
export const nowhere = "https://api.example";
export const question = "Tell me of the fox.";
