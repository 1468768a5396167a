import type { Attempt, Cost, ModelErrorCode, ModelResult, Phase, Prompt } from "@plugboard/core";

/** One call of a model, as it is kept: what was asked, what came of it, what it took. */
export interface LoggedCall {
  readonly id: string;
  /** Milliseconds since the epoch, as are `firstContent` and `ended`. */
  readonly started: number;
  /** When there was something to read; of an answer that came whole, all of it. */
  readonly firstContent?: number;
  readonly ended: number;
  /** Who was asked, at the place of the chain where it is recorded. */
  readonly provider: string;
  readonly model: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** The question: all of it, tools without what runs them. */
  readonly request: Prompt;
  /** Whether the answer was read as it came. */
  readonly stream?: boolean;
  readonly outcome: "finished" | "failed" | "cancelled";
  /** The answer; of a call that failed or was let go, what had come of it. */
  readonly result?: ModelResult;
  readonly error?: LoggedError;
  readonly attempts?: readonly Attempt[];
  /** The sum over the attempts, absent if any of them has no price. */
  readonly cost?: Cost;
}

/** Why a call failed. */
export interface LoggedError {
  readonly code: ModelErrorCode;
  readonly message: string;
  readonly status?: number;
  readonly requestId?: string;
  /** Milliseconds. */
  readonly retryAfter?: number;
  readonly phase?: Phase;
}
