import type {
  AttemptPlan,
  LimitsLookup,
  ModelKey,
  NanoDollars,
  Prompt,
  TokenCount,
  TokenCounter,
} from "@plugboard/core";
import { isPrompt } from "../as-prompt.ts";
import type { Dearest } from "./dearest.ts";
import { nameOf } from "./dearest.ts";

/** What an attempt can cost at most, or what is not known of it. */
export type WorstCase =
  | { readonly amount: NanoDollars; readonly input: number; readonly output: number; readonly missing?: never }
  | {
      readonly missing: string;
      /** What is not known is a price or a bound on the input, rather than on the output. */
      readonly unpriced: boolean;
    };

/** No single attempt uses as many tokens; whoever says so is not believed. */
export const absurd = 1e9;

/** What one call can use and cost at most, by what is known of prices, limits and prompts. */
export class Estimate {
  readonly count: TokenCounter;
  readonly dearest: Dearest;
  readonly #limits: LimitsLookup | undefined;
  /** The last count: the same is asked again before each attempt. */
  #counted:
    | { readonly messages: unknown; readonly tools: unknown; readonly model: string; readonly tokens: number }
    | undefined;

  constructor(dearest: Dearest, limits: LimitsLookup | undefined, count: TokenCounter) {
    this.dearest = dearest;
    this.#limits = limits;
    this.count = count;
  }

  /** The longest answer of a model, in tokens; `undefined` where it is not known. */
  longest(model: ModelKey): number | undefined {
    return this.#limits?.(model)?.output;
  }

  /** The most input tokens that a prompt can be; infinite where nothing bounds it. */
  inputOf(prompt: Prompt, model: ModelKey): number | Promise<number> {
    const { messages, tools } = prompt;
    const name = nameOf(model);
    const known = this.#counted;
    if (known && known.messages === messages && known.tools === tools && known.model === name) return known.tokens;
    const counted = this.count(prompt, model);
    if ("then" in counted) return counted.then((count) => this.#keep(prompt, model, boundOf(count)));
    return this.#keep(prompt, model, boundOf(counted));
  }

  /** What the attempt can cost at most, if everything that bounds it is known; where nothing bounds the answer, by `slice`. */
  worstCase(input: number, plan: AttemptPlan, slice: number = Infinity): WorstCase {
    const { request } = plan;
    const chat = isPrompt(request) ? request : undefined;
    const tool = chat?.tools?.find((tool) => tool.type === "provider");
    if (tool) return { missing: `a bound on what the provider's tool ${tool.id} costs`, unpriced: true };
    if (input === Infinity) {
      const file = "a file has none but the model's context; give `count` or `limits`";
      return { missing: `a bound on the tokens of the input (${file})`, unpriced: true };
    }
    // What is no chat request, an embedding, has no output.
    const asked = chat ? (chat.maxOutputTokens ?? slice) : 0;
    const output = Math.min(asked, this.longest(plan) ?? Infinity);
    if (output === Infinity) {
      return { missing: "its maximum output (give `maxOutputTokens` or `limits`)", unpriced: false };
    }
    const amount = this.dearest.of(input, output, plan);
    if (amount !== undefined) return { amount, input, output };
    const missing = this.dearest.missing(input, output, plan);
    return { missing: `a price for: ${missing.join(", ")}`, unpriced: true };
  }

  #keep({ messages, tools }: Prompt, model: ModelKey, most: number): number {
    const { input, context } = this.#limits?.(model) ?? {};
    const tokens = Math.min(Number.isNaN(most) ? Infinity : most, input ?? Infinity, context ?? Infinity);
    this.#counted = { messages, tools, model: nameOf(model), tokens };
    return tokens;
  }
}

/** The most that a count can stand for. */
export function boundOf({ tokens, bound }: TokenCount): number {
  return typeof bound === "object" ? Math.ceil(tokens * (1 + bound.error)) : tokens;
}
