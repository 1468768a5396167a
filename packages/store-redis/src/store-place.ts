import type { Clock } from "./clock.ts";

/** Where in Redis a store keeps what it has, and how long it waits. */
export interface StorePlace {
  /** What all its keys begin with. */
  readonly prefix: string;
  /** Milliseconds that Redis may take for a verb. */
  readonly timeout: number;
  /** @default the server's */
  readonly clock?: Clock;
}

/**
 * A key of a store whose keys are all in one slot of a cluster, so that one script may touch them; the number is that of the layout, so
 * that versions of this package that differ in it do not read one another's.
 */
export function keyOf({ prefix }: StorePlace, store: string, name: string): string {
  return `{${prefix}:${store}:1}:${name}`;
}
