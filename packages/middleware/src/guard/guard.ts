import { ModelError, ModelReply, textOf } from "@plugboard/core";
import type { AssistantPart, Middleware, Model, ModelKey, ModelRequest, ModelResult } from "@plugboard/core";
import { mapPrompt } from "../rewrite/map-strings.ts";
import { rewriteError, rewriteNotices, rewriteReply } from "../rewrite/rewrite-reply.ts";
import type { RewriteRules } from "../rewrite/rewrite-reply.ts";
import { filterText } from "../rewrite/text-filter.ts";
import type { TextRule } from "../rewrite/text-rule.ts";
import { readChecks } from "./guard-checks.ts";
import type { GuardCheck, GuardChecks, GuardPredicate, GuardSubject, GuardVerdict } from "./guard-checks.ts";
import { lookAtNewTexts } from "./new-texts.ts";

declare module "@plugboard/core" {
  interface Notices {
    /** A check stopped a call, or changed what it says. What it found is not told. */
    guard: {
      readonly step: "stopped" | "replaced";
      readonly way: "input" | "output";
      /** The name of the check. */
      readonly check: string;
    };
  }
}

/** What is checked, and what becomes of a call that does not pass. */
export interface GuardOptions {
  /** Checks of what is asked: patterns of all messages, the others of each text that has come since the last answer. @default none */
  readonly input?: GuardCheck | readonly GuardCheck[];
  /** Checks of what is answered. Patterns are looked for as it streams; the others hold it until it is whole. @default none */
  readonly output?: GuardCheck | readonly GuardCheck[];
  /**
   * What a check that fails means. `"stop"`: nobody is to answer; the error is `content-filter`, which no other layer repeats.
   * `"fallback"`: another model may; the error is `unknown`, at which `fallback` asks the next one, and answers are held until they
   * are whole, so that it still can.
   *
   * @default "stop"
   */
  readonly trip?: "stop" | "fallback";
}

/**
 * Checks what is asked and what is answered: texts, thoughts and what tools are called with.
 *
 * A pattern is stopped, or replaced, before any of it is let through, in whichever pieces the answer comes: what might be the beginning
 * of a match is held back, what a tool is called with until it is whole. Each part of an answer is looked at by itself.
 *
 * @throws {ModelError} `content-filter`, or `unknown` with `trip: "fallback"`, when a check fails: with its name, not with what it
 * found; whatever a check fails with itself, in `cause`
 * @example
 * const model = openai("gpt-4o").with(
 *   guard({
 *     input: z.string().max(10_000),
 *     output: [keyPattern, { find: /\b\d{4}(?: ?\d{4}){3}\b/, longest: 20, replace: "[card]" }],
 *   }),
 * );
 */
export function guard({ input = [], output = [], trip = "stop" }: GuardOptions): Middleware {
  if (trip !== "stop" && trip !== "fallback") {
    const message = `\`trip\` must be "stop" or "fallback"; it is ${JSON.stringify(trip)}.`;
    throw new ModelError(message, { code: "invalid-request" });
  }
  const checks = { input: readChecks(input, "input"), output: readChecks(output, "output") };

  return (model) => async (asked) => {
    const call = new GuardedCall(checks, trip, asked, model);
    const request = await call.checkInput();
    return call.checkOutput(request, model);
  };
}

type Way = "input" | "output";

class GuardedCall {
  readonly #checks: { readonly [Of in Way]: GuardChecks };
  readonly #trip: "stop" | "fallback";
  readonly #asked: ModelRequest;
  readonly #model: ModelKey;
  /** Of what was told, so that it is told once a call. */
  readonly #told = new Set<string>();

  constructor(
    checks: { readonly [Of in Way]: GuardChecks },
    trip: "stop" | "fallback",
    asked: ModelRequest,
    model: ModelKey,
  ) {
    this.#checks = checks;
    this.#trip = trip;
    this.#asked = asked;
    this.#model = model;
  }

  async checkInput(): Promise<ModelRequest> {
    const { input } = this.#checks;
    let request = this.#asked;
    if (input.patterns.length > 0) {
      const rules = this.#rules("input", true);
      request = this.#orStop("input", () => mapPrompt(request, (text) => filterText(text, rules)));
    }
    for (const { name, check } of input.whole) {
      const asked = request;
      request = await lookAtNewTexts(asked, (text) => this.#ask("input", name, check, { text, request: asked }));
    }
    return request;
  }

  async checkOutput(request: ModelRequest, model: Model): Promise<ModelReply> {
    const { output } = this.#checks;
    const { notify } = this.#asked;
    const text = this.#rules("output", true);
    if (text.length === 0 && output.whole.length === 0) return model.call(request);

    const rules: RewriteRules = { text, keepsData: false };
    // What is found in what broke off was not found in the answer, and is not told.
    const silent: RewriteRules = { text: this.#rules("output", false), keepsData: false };
    const tell = text.length > 0 ? rewriteNotices(notify, silent) : notify;
    let reply: ModelReply;
    try {
      reply = await model.call({ ...request, ...(tell && { notify: tell }) });
    } catch (error) {
      throw rewriteError(error, silent);
    }
    const isHeld = output.whole.length > 0 || this.#trip === "fallback";
    if (text.length > 0) {
      reply = await rewriteReply(reply, { isStreamed: request.stream === true, rules, onFailure: silent });
    }
    if (!isHeld) return reply;

    let result = await reply.result();
    for (const { name, check } of output.whole) {
      const subject = { text: textOf(result), request, result };
      const replacement = await this.#ask("output", name, check, subject);
      if (replacement !== undefined) result = withAnswerText(result, replacement);
    }
    return ModelReply.of(result);
  }

  /** What the check says is to stand in for the text, if anything is. */
  async #ask(way: Way, name: string, check: GuardPredicate, subject: GuardSubject): Promise<string | undefined> {
    let verdict: GuardVerdict;
    try {
      verdict = await check(subject);
    } catch (cause) {
      const { code, retryAfter } = ModelError.from(cause);
      throw new ModelError(`The check ${name} of the ${way} failed, so nothing passes.`, { code, retryAfter, cause });
    }
    if (verdict === true) return undefined;
    if (typeof verdict === "object" && verdict !== null && "text" in verdict) {
      this.#tell("replaced", way, name);
      return verdict.text;
    }
    this.#tell("stopped", way, name);
    const reason = typeof verdict === "object" && verdict !== null && "reason" in verdict ? verdict.reason : undefined;
    throw this.#stopped(way, name, reason);
  }

  /** Rules that replace, or stop the call. */
  #rules(way: Way, isTold: boolean): readonly TextRule[] {
    return this.#checks[way].patterns.map(({ name, instead, ...finder }) => ({
      ...finder,
      replace: (match) => {
        if (isTold) this.#tell(instead ? "replaced" : "stopped", way, name);
        if (!instead) throw this.#stopped(way, name);
        return instead(match);
      },
    }));
  }

  #orStop<Value>(way: Way, look: () => Value): Value {
    try {
      return look();
    } catch (error) {
      if (error instanceof ModelError) throw error;
      throw this.#stopped(way, "of all texts", error instanceof Error ? error.message : String(error));
    }
  }

  #stopped(way: Way, check: string, reason?: string): ModelError {
    const { provider, id } = this.#model;
    const message = `The ${way} was stopped by the check ${check}${reason === undefined ? "" : `: ${reason}`}.`;
    return new ModelError(message, { code: this.#trip === "stop" ? "content-filter" : "unknown", provider, model: id });
  }

  #tell(step: "stopped" | "replaced", way: Way, check: string): void {
    const key = `${step} ${way} ${check}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#asked.notify?.({ type: "guard", step, way, check });
  }
}

/** The answer with this text, and without the thoughts that led to the other. */
function withAnswerText({ providerData: _, ...result }: ModelResult, text: string): ModelResult {
  const rest = result.content.filter(({ type }) => type !== "text" && type !== "reasoning");
  const content: readonly AssistantPart[] = [{ type: "text", text }, ...rest];
  return { ...result, content };
}
