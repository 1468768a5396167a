import type { Attempt, Cost, EmbeddingResult, ModelError, ModelErrorCode, ModelResult, Usage } from "@plugboard/core";

/** What is known of one request, filled in while it is answered. Nothing that was said is in it. */
export class CallRecord {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
  readonly #clock: () => number;
  readonly #began: number;
  /** The place in the table of routes; empty for a path that is none. */
  route = "";
  key: string | undefined;
  /** As the client named it, once it is known to be one of ours. */
  model: string | undefined;
  tags: Readonly<Record<string, string>> | undefined;
  /** Milliseconds from the beginning to the first content. */
  firstContent: number | undefined;
  usage: Usage | undefined;
  cost: Cost | undefined;
  attempts: readonly Attempt[] = [];
  finishReason: string | undefined;
  cached = false;
  error: ModelErrorCode | undefined;
  /** Of the provider, with its id of the request, where it was one who failed. */
  upstream: { readonly status?: number | undefined; readonly requestId?: string | undefined } | undefined;

  constructor(id: string, started: number, clock: () => number) {
    this.id = id;
    this.started = started;
    this.#clock = clock;
    this.#began = clock();
  }

  /** Milliseconds since the request came. */
  get elapsed(): number {
    return this.#clock() - this.#began;
  }

  began(): void {
    this.firstContent = this.elapsed;
  }

  answered({ usage, cost, attempts = [], finishReason, cached }: ModelResult): void {
    this.usage = usage;
    this.cost = cost;
    this.attempts = attempts;
    this.finishReason = finishReason;
    this.cached = cached === true;
  }

  embedded({ usage, cost, attempts = [] }: EmbeddingResult): void {
    this.usage = usage;
    this.cost = cost;
    this.attempts = attempts;
  }

  failed({ code, status, requestId, partial, attempts = [], cost }: ModelError): void {
    this.error = code;
    this.usage = partial?.usage;
    this.attempts = attempts;
    this.cost = cost;
    if (status !== undefined || requestId !== undefined) this.upstream = { status, requestId };
  }

  cancelled({ usage, attempts = [], cost }: ModelResult): void {
    this.error = "aborted";
    this.usage = usage;
    this.attempts = attempts;
    this.cost = cost;
  }
}
