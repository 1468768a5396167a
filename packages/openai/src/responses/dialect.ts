import type { FailureRule } from "@plugboard/wire";
import type { Effort, ModelRule, RefusableField } from "../shared/model-rule.ts";
import type { Proof } from "../shared/proof.ts";
import type { Vendor } from "../shared/writing.ts";

/**
 * What differs between the vendors of the responses protocol, as data. Only the first two members are needed; the defaults are what
 * most servers understand.
 *
 * @example
 * const local: ResponsesDialect = { provider: "local", baseURL: "http://localhost:1234/v1" };
 */
export interface ResponsesDialect extends Vendor {
  /**
   * Who is called and billed; the key of `providerData` and `providerOptions`. Items of an answer go back to this provider alone, also
   * where `accepts` names others: their encrypted thoughts and ids mean nothing to another account.
   */
  readonly provider: string;
  readonly baseURL: string;
  /** The environment variable that holds the key. Left out, a key is sent only if one is given. */
  readonly keyVariable?: string;
  /** What shows that all this is right. */
  readonly provenBy?: Proof;
  /** Where requests go, after the base URL. @default "/responses" */
  readonly path?: string;
  /** What rules are sent as. @default "system" */
  readonly systemRole?: "system" | "developer";
  /** Whether schemas may be marked `strict`. @default false */
  readonly strict?: boolean;
  /** The reasoning efforts it takes; without any, a wish for reasoning is left out with a warning. */
  readonly efforts?: readonly Effort[];
  /**
   * Which models hand out their thoughts in encrypted form: those that are known to reason, all, or none. One that cannot refuses to be
   * asked for it.
   *
   * @default "reasoning"
   */
  readonly encrypts?: "reasoning" | "all" | "none";
  /** Particular models; the first rule that matches counts. */
  readonly models?: readonly ModelRule[];
  /** Request fields that no model of the vendor takes. */
  readonly refuses?: readonly RefusableField[];
  /** Whether a file other than an image may be given as a URL. @default false */
  readonly fileURLs?: boolean;
  /** The fewest tokens that the output may be limited to. @default 1 */
  readonly leastOutput?: number;
  /** How it tells of failures, where the common table would not understand. */
  readonly failures?: readonly FailureRule[];
}
