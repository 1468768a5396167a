import { ModelError, checkOption } from "@plugboard/core";
import type { AnyMiddleware, Call, Callable, CallOptions, ModelErrorCode, ModelKey, Notice } from "@plugboard/core";
import { isReply } from "../is-reply.ts";
import { Circuit } from "./circuit.ts";
import type { Change, Refusal } from "./circuit.ts";

declare module "@plugboard/core" {
  interface Notices {
    /** A circuit opened, closed again, sent a call to see how the model fares, or refused one. */
    breaker: {
      readonly step: "opened" | "closed" | "probing" | "refused";
      /** The fingerprint of the model. */
      readonly model: string;
      /** Milliseconds until a call may be let through. */
      readonly retryAfter?: number;
    };
  }
}

/** When nothing is sent any more, and for how long. */
export interface CircuitBreakerOptions {
  /** The share of calls that fail, from 0 to 1, at which the circuit opens. @default 0.5 */
  readonly ratio?: number;
  /** Fewer calls than this within the window say nothing. @default 10 */
  readonly calls?: number;
  /** Milliseconds over which calls are counted. @default 30000 */
  readonly window?: number;
  /** Milliseconds for which nothing is sent when it opens; doubled each time that a probe fails, and up to a quarter longer. @default 5000 */
  readonly open?: number;
  /** The most milliseconds that doubling leads to. @default 60000 */
  readonly maxOpen?: number;
  /** How many calls at once may find out whether the model is well again. @default 1 */
  readonly probes?: number;
  /** Milliseconds that a provider must have been silent before running out of the caller's own time is its fault. @default 10000 */
  readonly patience?: number;
  /** The longest a provider can shut the door for with its `retry-after`, in milliseconds. @default 3600000, an hour */
  readonly maxRetryAfter?: number;
  /** A number from 0 to 1, drawn for each opening. @default Math.random */
  readonly random?: () => number;
}

/** Failures that are the provider's. */
const faults: ReadonlySet<ModelErrorCode> = new Set(["server", "overloaded", "network", "timeout", "truncated"]);

/**
 * Sends nothing to a model that fails: once half of at least 10 calls within 30 seconds have failed, calls are refused at once for
 * 5 seconds, then one is let through. If that one fails, it is 10 seconds, then 20, up to a minute.
 *
 * Only what is the provider's fault counts: no connection, no answer in time, a 5xx, an answer that broke off, be it half way. What the
 * caller did (called off, a bad request), a key or an account that is refused, a rate limit and a budget do not. A 429 that says when to
 * come back shuts the door until then, and says nothing of how the model fares.
 *
 * Each model has a circuit of its own, told apart by its fingerprint; one value in front of several models keeps one for each.
 *
 * @throws {ModelError} `circuit-open` while nothing is sent, with the milliseconds that are left in `retryAfter`; `rate-limit` likewise
 * while the provider asks to be left alone
 * @example
 * const model = fallback([openai("gpt-4o").with(circuitBreaker()), anthropic("claude-haiku-4-5")]);
 */
export function circuitBreaker(options: CircuitBreakerOptions = {}): AnyMiddleware {
  const { ratio = 0.5, calls = 10, window = 30_000, open = 5000, maxOpen = 60_000, probes = 1 } = options;
  const { patience = 10_000, maxRetryAfter = 3_600_000, random = Math.random } = options;
  checkOption("ratio", ratio, { least: Number.MIN_VALUE, most: 1 });
  checkOption("calls", calls, { least: 1, whole: true });
  checkOption("probes", probes, { least: 1, whole: true });
  for (const [name, value] of Object.entries({ window, open, maxOpen })) checkOption(name, value, { least: 1 });
  for (const [name, value] of Object.entries({ patience, maxRetryAfter })) checkOption(name, value, { least: 0 });
  const terms = { ratio, calls, window, open, maxOpen: Math.max(open, maxOpen), probes, random };
  const circuits = new Map<string, Circuit>();

  return (model) => {
    const { fingerprint } = model;
    let circuit = circuits.get(fingerprint);
    if (!circuit) circuits.set(fingerprint, (circuit = new Circuit(terms)));
    return guarded(circuit, model);
  };

  function guarded<Request extends CallOptions, Reply>(
    circuit: Circuit,
    model: Callable<Request, Reply>,
  ): Call<Request, Reply> {
    return async (request) => {
      const { notify } = request;
      const began = performance.now();
      told(circuit.review(began));
      const entry = circuit.enter(began);
      if ("refused" in entry) {
        notify?.({ type: "breaker", step: "refused", model: model.fingerprint, retryAfter: entry.retryAfter });
        throw refusal(entry, model);
      }
      const pass = entry;
      let asked: number | undefined;
      const onNotice = (notice: Notice): void => {
        if (notice.type === "attempt") asked ??= performance.now();
        notify?.(notice);
      };
      if (pass.isProbe) notify?.({ type: "breaker", step: "probing", model: model.fingerprint });

      try {
        const reply = await model.call({ ...request, notify: onNotice });
        if (!isReply(reply)) {
          told(circuit.succeed(pass, performance.now()));
          return reply;
        }
        pass.answered = performance.now();
        reply.onEnd((outcome) => {
          if (outcome.status === "finished") told(circuit.succeed(pass, performance.now()));
          else if (outcome.status === "failed") failed(outcome.error, true);
          circuit.leave(pass);
        });
        return reply;
      } catch (error) {
        failed(error, false);
        throw error;
      } finally {
        // A probe without an answer frees its slot, whatever was thrown; one with an answer does when that ends.
        if (pass.answered === undefined) circuit.leave(pass);
      }

      function failed(error: unknown, hadBegun: boolean): void {
        if (!(error instanceof ModelError)) return;
        const now = performance.now();
        const retryAfter = Math.min(error.retryAfter ?? 0, maxRetryAfter);
        // A limit of our own has no status: it is of one caller, say, and not of all.
        if (error.status === 429 && error.code === "rate-limit") circuit.shutDoor(now, retryAfter);
        const silence = hadBegun || asked === undefined ? 0 : now - asked;
        if (isFault(error, request, silence)) told(circuit.fail(pass, now, retryAfter));
      }
      function told(change: Change): void {
        if (!change) return;
        const left = change === "opened" ? { retryAfter: circuit.untilOpen(performance.now()) } : undefined;
        notify?.({ type: "breaker", step: change, model: model.fingerprint, ...left });
      }
    };
  }

  /** Whether it is the provider's. Of one that ran out of the caller's time, that depends on how long the provider was silent. */
  function isFault(error: ModelError, { signal, deadline }: CallOptions, silence: number): boolean {
    if (!faults.has(error.code)) return false;
    if (error.status !== undefined && error.status >= 400 && error.status < 500) return false;
    if (error.code !== "timeout" || error.phase !== "total") return true;
    const isCallers = signal?.aborted || (deadline !== undefined && Date.now() >= deadline);
    return !isCallers || silence >= patience;
  }
}

function refusal({ refused, retryAfter }: Refusal, { provider, id }: ModelKey): ModelError {
  const rest = `${Math.ceil(retryAfter)} ms`;
  return refused === "open"
    ? new ModelError(`${provider} ${id} failed too often of late: nothing is sent to it for ${rest}.`, {
        code: "circuit-open",
        provider,
        model: id,
        retryAfter: Math.ceil(retryAfter),
      })
    : new ModelError(`${provider} ${id} asked to be left alone, for ${rest} still.`, {
        code: "rate-limit",
        provider,
        model: id,
        retryAfter: Math.ceil(retryAfter),
      });
}
