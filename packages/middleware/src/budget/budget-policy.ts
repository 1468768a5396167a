import { ModelError, checkOption } from "@plugboard/core";
import type { Model, NanoDollars } from "@plugboard/core";
import { readAmount } from "./budget-limit.ts";
import type { BudgetAmount } from "./budget-limit.ts";

/** What a budget does about what it does not know, and when there is no more. Each policy states by how much the limit can be passed. */
export interface BudgetPolicy {
  /**
   * What happens to a request without `maxOutputTokens`.
   *
   * - `"set"`: the longest answer of the model (`limits`) is reserved; where nobody knows it, the budget's `maxOutputTokens` is asked for;
   *   where the rest of the budget does not pay for it, what it does pay for. **Bound: 0.**
   * - `{ slice: tokens }`: a streamed answer is reserved so many tokens at a time, while it comes. When the next slice is refused, and
   *   what was paid for has been said, the answer ends with `finishReason: "budget"`, what was said is kept, and the wire is closed.
   *   What is said is counted by `count`, or as a token a byte. **Bound: for each answer that is streamed at the same time, a slice and
   *   what the provider writes until it hears that nobody listens any more**; thoughts that it does not show are not counted before it
   *   tells them. So a request that asks for `reasoning` is treated as by `"set"`, and so is one that is not streamed.
   * - `"refuse"`: refused where `limits` does not know the longest answer; nothing is asked otherwise than the caller did. **Bound: 0.**
   *
   * @default "set"
   */
  readonly unknownMaximum?: "set" | { readonly slice: number } | "refuse";
  /**
   * What happens to an attempt whose worst case cannot be known: a model without a price, a file without a bound, a tool that the provider
   * bills by the piece.
   *
   * - `"refuse"`: it is refused, with what is not known. **Bound: 0.**
   * - `{ cap: amount }`: so much is reserved, and booked unless the price turns out to be known after all. **Bound: for each such attempt
   *   what it costs above the cap.**
   * - `"allow"`: nothing is reserved; what turns out to be known is booked. Such attempts are marked: `unpriced` in the notices, in the
   *   labels of what is booked, and in `spend()`. **Bound: what they cost.**
   *
   * @default "refuse"
   */
  readonly unknownPrice?: "refuse" | { readonly cap: BudgetAmount } | "allow";
  /**
   * What happens when a limit has no room for the worst case of an attempt. None of these passes the limit: **bound 0**.
   *
   * - `"refuse"`: the call is refused with the code `budget`.
   * - `{ wait: milliseconds }`: it waits so long at most for money that is held by others, in a queue: whoever came first goes first. It
   *   is refused at once where the money is spent rather than held.
   * - `{ downgrade: model }`: that model is asked in its place, under the same limits, with a warning `downgraded`. Chat requests alone,
   *   and only when nothing has been asked yet.
   * - `"cut"`: the answer is asked to be no longer than what the rest pays for, also where the request has a `maxOutputTokens` of its own.
   *
   * An answer that reaches a length to which the rest of the budget bounded it ends with `finishReason: "budget"`.
   *
   * @default "refuse"
   */
  readonly onLimit?: "refuse" | { readonly wait: number } | { readonly downgrade: Model } | "cut";
  /**
   * What happens when the ledger fails. What cannot be booked after a call is tried again, of 1000 bookings for ten minutes each at most;
   * after that the lease runs out, and it is charged in full.
   *
   * - `"refuse"`: no attempt is made, and a streamed answer gets no further slice. **Bound: 0.**
   * - `"allow"`: attempts are made, with a notice `unchecked`, and booked once the ledger is back. **Bound: what is spent meanwhile.**
   *
   * Whatever is chosen, an attempt under way goes on when its lease cannot be renewed.
   *
   * @default "refuse"
   */
  readonly storeDown?: "refuse" | "allow";
}

/** A policy that has been read: what is not asked for is absent. */
export interface Policy {
  /** Tokens. */
  readonly slice: number | undefined;
  readonly setsMaximum: boolean;
  /** Reserved where no worst case is known. */
  readonly cap: NanoDollars | undefined;
  readonly allowsUnpriced: boolean;
  /** Milliseconds. */
  readonly wait: number | undefined;
  readonly downgrade: Model | undefined;
  readonly cuts: boolean;
  readonly allowsUnchecked: boolean;
}

/** @throws {ModelError} `invalid-request`, with the option and the accepted values */
export function readPolicy({
  unknownMaximum = "set",
  unknownPrice = "refuse",
  onLimit = "refuse",
  storeDown = "refuse",
}: BudgetPolicy): Policy {
  const sliced = record("unknownMaximum", unknownMaximum, ["set", "refuse"], ["slice"]);
  if (sliced) checkOption("unknownMaximum.slice", sliced.slice, { least: 1, whole: true });
  const capped = record("unknownPrice", unknownPrice, ["refuse", "allow"], ["cap"]);
  const limited = record("onLimit", onLimit, ["refuse", "cut"], ["wait", "downgrade"]);
  const wait = limited && "wait" in limited ? limited.wait : undefined;
  if (wait !== undefined) checkOption("onLimit.wait", wait, { least: 0 });
  record("storeDown", storeDown, ["refuse", "allow"], []);
  return {
    slice: sliced?.slice,
    setsMaximum: unknownMaximum !== "refuse",
    cap: capped && readAmount(capped.cap, "unknownPrice.cap"),
    allowsUnpriced: unknownPrice === "allow",
    wait,
    downgrade: limited && "downgrade" in limited ? limited.downgrade : undefined,
    cuts: onLimit === "cut",
    allowsUnchecked: storeDown === "allow",
  };
}

/** The option where it is more than a word. */
function record<Option extends string | object>(
  name: string,
  option: Option,
  words: readonly string[],
  keys: readonly string[],
): Extract<Option, object> | undefined {
  if (typeof option === "string" && words.includes(option)) return undefined;
  if (typeof option === "object" && option !== null && keys.some((key) => key in option)) {
    return option as Extract<Option, object>;
  }
  const wanted = [...words.map((word) => `"${word}"`), ...keys.map((key) => `{ ${key} }`)].join(" or ");
  throw new ModelError(`\`${name}\` must be ${wanted}; it is ${JSON.stringify(option)}.`, { code: "invalid-request" });
}
