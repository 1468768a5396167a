import type { Model, ModelKey, ModelRequest, ModelResult } from "@plugboard/core";

/** An answer that is to be trusted or not. */
export interface Answered {
  readonly request: ModelRequest;
  /** What the user said last. */
  readonly question: string;
  readonly result: ModelResult;
  /** The text of the result. */
  readonly answer: string;
  readonly model: ModelKey;
  /** What the models before it in the cascade answered, in the order in which they were asked; those that failed left nothing. */
  readonly earlier: readonly ModelResult[];
  /** Asks the same model once more, for a whole answer: an attempt like any other, that budgets are asked about. */
  readonly ask: (request: ModelRequest) => Promise<ModelResult>;
}

/** Whether an answer is trusted, and why. */
export interface Verdict {
  readonly accepted: boolean;
  /** To follow the model's name: `is sure of its answer`, `gave 2 different answers of 3`. */
  readonly why: string;
  /** What it was judged by, where that is a figure. */
  readonly score?: number;
  /** An answer that is given in place of the one that was judged, where it is accepted. */
  readonly result?: ModelResult;
}

/** Says whether an answer is trusted. One that fails trusts none: the next model is asked, and a `fault` notice tells. */
export interface Accept {
  (answered: Answered): boolean | Verdict | Promise<boolean | Verdict>;
  /** Models that it asks: the cascade stands in front of them, too, so that whoever keeps requests from a model knows. @default none */
  readonly models?: readonly Model[];
}

/** What was learned of which answers can be trusted. */
export interface Acceptor {
  /** The higher, the surer. Synchronous, and without a network. */
  score(question: string, answer: string): number;
  /** Answers with at least this score are accepted. */
  readonly threshold: number;
}
