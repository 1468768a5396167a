import type { ModelErrorCode } from "@plugboard/core";

/** A case of a failure table: what is known of a failed response, and what it means. All the conditions given must hold. */
export interface FailureRule {
  readonly status?: number;
  /** The provider's own code or type, wherever its bodies carry it. */
  readonly type?: string;
  /** Tested on the provider's message. */
  readonly message?: RegExp;
  readonly code: ModelErrorCode;
}
