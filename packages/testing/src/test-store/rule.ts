import { describe, expect, test } from "vitest";

/** What makes an empty store for one test. */
export type CreateStore<Store> = (options: {
  /** Milliseconds since the epoch; it stands still until the suite moves it. */
  readonly clock: () => number;
}) => Store | Promise<Store>;

/** What the suite may take for granted of the store. */
export interface TestStoreOptions {
  /** Whether the store goes by the `clock` it is given. Rules about time are skipped for one that has its own. @default true */
  readonly clock?: boolean;
}

/** Time in the hands of a test. */
export interface Clock {
  readonly now: () => number;
  set(time: number): void;
  advance(milliseconds: number): void;
}

/** One thing that every store of a kind must keep to. */
export interface Rule<Store> {
  readonly name: string;
  /** It moves the clock. */
  readonly needsClock?: true;
  readonly check: (create: () => Promise<Store>, clock: Clock) => Promise<void>;
}

/** A noon, so that a test has hours before the day turns. */
const noon = Date.UTC(2026, 4, 14, 12);

/** Holds a store to one rule; what it breaks is named first in the error. */
export async function checkRule<Store>(rule: Rule<Store>, create: CreateStore<Store>): Promise<void> {
  let time = noon;
  const now = (): number => time;
  const clock: Clock = {
    now,
    set: (to) => (time = to),
    advance: (by) => (time += by),
  };
  try {
    await rule.check(async () => create({ clock: now }), clock);
  } catch (cause) {
    throw new Error(
      `The store breaks the rule "${rule.name}". ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

/** Registers a test for each rule. */
export function testRules<Store>(
  name: string,
  rules: readonly Rule<Store>[],
  create: CreateStore<Store>,
  { clock = true }: TestStoreOptions,
): void {
  describe(name, () => {
    for (const rule of rules) {
      const skipped = rule.needsClock && !clock;
      test.skipIf(skipped)(
        skipped ? `${rule.name} (skipped: the store has a clock of its own)` : rule.name,
        async () => {
          await expect(checkRule(rule, create)).resolves.toBeUndefined();
        },
      );
    }
  });
}
