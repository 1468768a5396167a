import type { BudgetLimit } from "plugboard";

/** How much one key may do. What is left out is not limited. */
export interface KeyLimits {
  /** Requests in any minute, counted before a body is read. */
  readonly requests?: number;
  /** Tokens in any minute, input and output together, of all models. */
  readonly tokens?: number;
  /** Requests under way at once, in this process. */
  readonly concurrent?: number;
}

/** A key that the gateway itself gives to its clients. Only its hash is kept, so nobody can read it out of a configuration. */
export interface VirtualKey {
  /** For logs, budgets and reports; every request has it as the tag `key`. Letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** `sha256:` and 64 hexadecimal digits, as `newKey` and `hashOfKey` give it. */
  readonly hash: string;
  /** The models that it may use, by their names. @default all */
  readonly models?: readonly string[];
  /** How much may be spent with it: `{ usd: 5, window: "day" }`, or several of these. @default no limit of its own */
  readonly budget?: BudgetLimit | readonly BudgetLimit[];
  readonly limits?: KeyLimits;
  /** Tags of all its requests, over what headers say. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Whether it may read `/metrics`. @default false */
  readonly metrics?: boolean;
}
