import type { Model, ModelRequest, Usage } from "@plugboard/core";
import { ModelReply, defineModel } from "@plugboard/core";

/** What the provider's own books say of one request. */
export interface Served {
  /** When it came in, and how much it was. */
  readonly at: number;
  readonly tenant: string;
  readonly input: number;
  readonly output: number;
  /** Nano-dollars, by the provider's own reckoning. */
  readonly bill: number;
}

/** What is asked, as it stands in the text of a request. */
export interface Asked {
  readonly question: string;
  readonly input: number;
  readonly output: number;
  readonly blocks: readonly string[];
}

/** Thousandths of a nano-dollar a token: gpt-4o-mini's list prices, $0.15, $0.075 and $0.60 a million. */
const price = { input: 150_000n, cached: 75_000n, output: 600_000n };
const blockTokens = 512;
/** Milliseconds for which a beginning is kept that is not used, and the least tokens there must be of it. */
const kept = { time: 300_000, least: 1024 };

/**
 * A provider that takes its time, answers with as many tokens as the trace says, keeps the beginnings of prompts for five minutes, and
 * writes down what it has served.
 */
export function providerOf(now: () => number): { readonly model: Model; readonly served: readonly Served[] } {
  const served: Served[] = [];
  const seen = new Map<string, number>();

  function cachedOf({ blocks, input }: Asked): number {
    const time = now();
    let hits = 0;
    while (hits < blocks.length && time - (seen.get(blocks[hits]!) ?? -Infinity) < kept.time) hits++;
    for (const block of blocks) seen.set(block, time);
    const tokens = Math.min(hits * blockTokens, input);
    return tokens >= kept.least ? tokens : 0;
  }

  const model = defineModel({
    provider: "openai",
    id: "gpt-4o-mini",
    async call(request) {
      const asked = askedIn(request);
      const { input } = asked;
      const output = Math.min(asked.output, request.maxOutputTokens ?? Infinity);
      const cachedInput = cachedOf(asked);
      const exact =
        BigInt(input - cachedInput) * price.input + BigInt(cachedInput) * price.cached + BigInt(output) * price.output;
      const bill = Number((exact + 999n) / 1000n);
      const tenant = request.tags?.["tenant"] ?? "";
      served.push({ at: now(), tenant, input, output, bill });
      await new Promise((resolve) => setTimeout(resolve, 200 + input / 20 + 12 * output));
      const usage: Usage = { input, output, ...(cachedInput > 0 && { cachedInput }) };
      const content = [{ type: "text", text: answerTo(asked.question, tenant) }] as const;
      return ModelReply.of({ model: "gpt-4o-mini", finishReason: "stop", usage, warnings: [], content });
    },
  });
  return { model, served };
}

/** The only right answer. */
export function answerTo(question: string, tenant: string): string {
  return `${tenant} asked: ${question}`;
}

/** What a request asks: its tokens are told, not counted, since a trace has no text. */
export function askedIn({ messages }: Pick<ModelRequest, "messages">): Asked {
  const content = messages.at(-1)?.content;
  return JSON.parse(typeof content === "string" ? content : "{}") as Asked;
}
