import type {
  AttemptPlan,
  LimitsLookup,
  ModelKey,
  NanoDollars,
  PriceLookup,
  Prompt,
  TokenCounter,
  Usage,
} from "@plugboard/core";
import { isPrompt } from "../as-prompt.ts";

/** What an attempt can cost at most, or what is not known of it. */
export type WorstCase =
  | { readonly amount: NanoDollars; readonly input: number; readonly output: number; readonly missing?: never }
  | { readonly missing: string };

/** No single attempt uses as many tokens; whoever says so is not believed. */
export const absurd = 1e9;

/** Parts of the input, or of the output, that can cost more than the plain price; one of each line can be all of it. */
const dearer: readonly (readonly [whole: "input" | "output", parts: readonly (keyof Usage)[]])[] = [
  ["input", ["cacheWrite5m", "cacheWrite1h", "inputAudio"]],
  ["output", ["reasoning", "outputAudio"]],
];

/** What one call can use and cost at most, by what is known of prices, limits and prompts. */
export class Estimate {
  readonly count: TokenCounter;
  readonly #price: PriceLookup;
  readonly #limits: LimitsLookup | undefined;
  /** The last answers: the same is asked again before each attempt. */
  #counted:
    | { readonly messages: unknown; readonly tools: unknown; readonly model: string; readonly tokens: number }
    | undefined;
  #dearest:
    | {
        readonly model: string;
        readonly input: number;
        readonly output: number;
        readonly amount: NanoDollars | undefined;
      }
    | undefined;

  constructor(price: PriceLookup, limits: LimitsLookup | undefined, count: TokenCounter) {
    this.#price = price;
    this.#limits = limits;
    this.count = count;
  }

  /** The longest answer of a model, in tokens; `undefined` where it is not known. */
  longest(model: ModelKey): number | undefined {
    return this.#limits?.(model)?.output;
  }

  /** The most input tokens that a prompt can be; infinite where nothing bounds it. */
  async inputOf(prompt: Prompt, model: ModelKey): Promise<number> {
    const { messages, tools } = prompt;
    const name = nameOf(model);
    const known = this.#counted;
    if (known && known.messages === messages && known.tools === tools && known.model === name) return known.tokens;
    const { tokens, bound } = await this.count(prompt, model);
    const most = typeof bound === "object" ? Math.ceil(tokens * (1 + bound.error)) : tokens;
    const { input, context } = this.#limits?.(model) ?? {};
    const least = Math.min(Number.isNaN(most) ? Infinity : most, input ?? Infinity, context ?? Infinity);
    this.#counted = { messages, tools, model: name, tokens: least };
    return least;
  }

  /** What so many tokens can cost at the dearest: written to a cache, spoken, or spent on thinking, where that costs more. */
  dearest(input: number, output: number, model: ModelKey): NanoDollars | undefined {
    const name = nameOf(model);
    const known = this.#dearest;
    if (known?.model === name && known.input === input && known.output === output) return known.amount;
    const plain = this.amountOf({ input, output }, model);
    let amount = plain;
    if (plain !== undefined) {
      for (const [whole, parts] of dearer) {
        const most = parts.map(
          (part) => this.amountOf({ input, output, [part]: whole === "input" ? input : output }, model) ?? 0,
        );
        amount! += Math.max(0, ...most.map((total) => total - plain));
      }
    }
    this.#dearest = { model: name, input, output, amount };
    return amount;
  }

  /** A price that can be booked: a whole number of nano-dollars. */
  amountOf(usage: Usage, model: ModelKey): NanoDollars | undefined {
    const total = this.#price(usage, model).cost?.total;
    return total !== undefined && Number.isSafeInteger(total) && total >= 0 ? total : undefined;
  }

  /** What the attempt can cost at most, if everything that bounds it is known. */
  worstCase(input: number, plan: AttemptPlan): WorstCase {
    const { request } = plan;
    const chat = isPrompt(request) ? request : undefined;
    const tool = chat?.tools?.find((tool) => tool.type === "provider");
    if (tool) return { missing: `a bound on what the provider's tool ${tool.id} costs` };
    if (input === Infinity) {
      const file = "a file has none but the model's context; give `count` or `limits`";
      return { missing: `a bound on the tokens of the input (${file})` };
    }
    // What is no chat request, an embedding, has no output.
    const asked = chat ? (chat.maxOutputTokens ?? Infinity) : 0;
    const output = Math.min(asked, this.longest(plan) ?? Infinity);
    if (output === Infinity) return { missing: "its maximum output (give `maxOutputTokens` or `limits`)" };
    const amount = this.dearest(input, output, plan);
    if (amount !== undefined) return { amount, input, output };
    const { missing = ["a whole number of nano-dollars"] } = this.#price({ input, output }, plan);
    return { missing: `a price for: ${missing.join(", ")}` };
  }
}

function nameOf({ provider, id, catalogId = "" }: ModelKey): string {
  return `${provider} ${id} ${catalogId}`;
}
