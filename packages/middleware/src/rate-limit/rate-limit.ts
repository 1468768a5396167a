import { checkOption } from "@plugboard/core";
import type { AnyMiddleware, LimitStore, TokenCounter } from "@plugboard/core";
import { isReply } from "../is-reply.ts";
import { LimitedCall } from "./limited-call.ts";
import type { RateTerms } from "./limited-call.ts";
import { Lines } from "../lines.ts";
import { readRules } from "./rate-rules.ts";
import type { RateLimitRule } from "./rate-rules.ts";
import { takings } from "./takings.ts";

/** How much in which time, and what becomes of those for whom there is no room. */
export interface RateLimitOptions {
  /** What may be sent: `{ requests: 500, tokens: 200_000 }` a minute, or several such rules. @default only what the provider's headers allow */
  readonly limit?: RateLimitRule | readonly RateLimitRule[];
  /** The most milliseconds that an attempt waits for its turn; with 0 it is refused at once. @default 60000 */
  readonly wait?: number;
  /** How many tokens a prompt is. @default about a third of its bytes; 1,500 a file */
  readonly count?: TokenCounter;
  /** What an answer is taken for where the request does not bound it, in tokens. @default 1024 */
  readonly outputTokens?: number;
  /** Where limits are kept. @default in this process, for all models that this value stands in front of */
  readonly store?: LimitStore;
  /** Tells these limits from others in the same store. */
  readonly name?: string;
  /** Milliseconds that a store of your own may take; after that, and while it fails, this process keeps to `share`. @default 250 */
  readonly patience?: number;
  /** The share of each limit, from 0 to 1, that this process keeps to by itself while the store fails: 0.25 where there are four. @default 1 */
  readonly share?: number;
}

/**
 * Sends no more than so many requests and tokens in any window of time: attempts beyond that wait for their turn, in the order in which
 * they came, or are refused.
 *
 * Each attempt, of whichever model in the chain, takes of all limits or of none: one request, and the tokens that it is estimated at.
 * When it ends, what it did not use is given back. What an answer's headers say of the provider's own limits is kept to as well, and so
 * is the time that a 429 gives, be it that of an attempt which another one followed.
 *
 * @throws {ModelError} `rate-limit`, without a status, when it would have to wait for longer than it may, with the wait in
 * `retryAfter`; `context-length` for a call that needs more than a whole limit, and so would never go
 * @example
 * const model = openai("gpt-4o").with(rateLimit({ limit: { requests: 500, tokens: 200_000 } }));
 * @example
 * const fair = rateLimit({ limit: [{ requests: 500 }, { requests: 20, of: "all", per: ["user"] }], wait: 0 });
 */
export function rateLimit(options: RateLimitOptions = {}): AnyMiddleware {
  const { limit = [], wait = 60_000, count, outputTokens = 1024, store, name, patience = 250, share = 1 } = options;
  checkOption("wait", wait, { least: 0 });
  checkOption("outputTokens", outputTokens, { least: 0, whole: true });
  checkOption("patience", patience, { least: 0 });
  checkOption("share", share, { least: Number.MIN_VALUE, most: 1 });
  const terms: RateTerms = {
    takesOf: readRules(limit, name),
    takings: takings({ store, patience, share }),
    lines: new Lines(),
    told: new Map(),
    count,
    outputTokens,
    patience: wait,
  };

  return (model) => async (request) => {
    const limited = new LimitedCall(terms, request);
    try {
      const reply = await model.call({ ...request, admit: limited.admit, notify: limited.notify });
      limited.hear(isReply(reply) ? reply.start.headers : headersOf(reply));
      return reply;
    } catch (error) {
      limited.refused(error);
      throw error;
    }
  };
}

/** Of an answer that came whole: vectors, an order. */
function headersOf(answer: unknown): Readonly<Record<string, string>> | undefined {
  const isResult = typeof answer === "object" && answer !== null && "headers" in answer;
  const headers = isResult ? answer.headers : undefined;
  return typeof headers === "object" && headers !== null ? (headers as Readonly<Record<string, string>>) : undefined;
}
