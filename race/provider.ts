import { ModelError, ModelReply, defineModel } from "@plugboard/core";
import type { Finish, Model, ModelRequest, NanoDollars, PriceLookup, TokenCounter } from "@plugboard/core";
import type { SeededRandom } from "@plugboard/testing";

/** A token is a letter, in and out, and costs a hundredth of a cent. */
const tokenPrice: NanoDollars = 100_000;

export const price: PriceLookup = ({ input = 0, output = 0 }) => ({ cost: { total: (input + output) * tokenPrice } });

export const count: TokenCounter = ({ messages }) => ({
  tokens: messages.reduce((sum, message) => sum + lettersOf(message.content), 0),
  bound: "exact",
});

/** The ways in which a call can go, and how many of a hundred do; the others go well. */
const fates = { refused: 5, server: 5, reset: 5, cut: 8, silent: 3 };

/**
 * A model that bills what it does, and fails at random. It bills what a provider could at most: the input from the beginning, each token
 * as it is said, and all that was allowed for where the client cannot know: no usage told, or a whole answer that never arrived.
 */
export function provider(bill: (call: string, amount: NanoDollars) => void, random: SeededRandom, pace: number): Model {
  const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, random() * pace));

  return defineModel({
    provider: "race",
    id: "horse",
    async call(request) {
      const fate = draw(random);
      // An error of the client's making: nothing is billed, and the client is sure of that.
      if (fate === "refused") throw new ModelError("Too many.", { code: "rate-limit", status: 429 });
      return ModelReply.from(answer(request, fate), { model: "horse" });
    },
  });

  function answer(
    request: ModelRequest,
    fate: keyof typeof fates | "well",
  ): AsyncGenerator<string | Partial<Finish>, void> {
    const { stream, maxOutputTokens: most = 0, signal } = request;
    const call = callOf(request);
    const input = call.length;
    const output = 1 + Math.floor(random() * most);
    let said = 0;
    let isOver = false;

    bill(call, input * tokenPrice);
    // Nobody can stop an answer that is not streamed: the provider goes on to the end.
    signal?.addEventListener("abort", () => {
      if (!isOver && !stream && said === 0) billRest();
    });
    return tokens();

    async function* tokens(): AsyncGenerator<string | Partial<Finish>, void> {
      await wait();
      if (signal?.aborted) return;
      if (fate === "server") throw failed("server", 500);
      if (fate === "reset") {
        if (!stream) billRest();
        throw failed("network");
      }
      for (let token = 0; token < output; token++) {
        bill(call, tokenPrice);
        said++;
        yield "x";
        if (fate === "cut" && 2 * said >= output) {
          isOver = true;
          return;
        }
        if (token % 3 === 0) await wait();
        if (signal?.aborted) return;
      }
      isOver = true;
      if (fate === "silent") billRest();
      yield fate === "silent" ? { finishReason: "stop" } : { finishReason: "stop", usage: { input, output } };
    }
    function billRest(): void {
      isOver = true;
      bill(call, (most - said) * tokenPrice);
    }
    function failed(code: "server" | "network", status?: number): ModelError {
      isOver = true;
      return new ModelError("It broke.", { code, status });
    }
  }
}

/** The message is the name of the call. */
function callOf({ messages }: ModelRequest): string {
  const content = messages[0]?.content;
  return typeof content === "string" ? content : "";
}

function lettersOf(content: ModelRequest["messages"][number]["content"]): number {
  if (typeof content === "string") return content.length;
  return content.reduce((sum, part) => sum + (part.type === "text" ? part.text.length : 0), 0);
}

function draw(random: SeededRandom): keyof typeof fates | "well" {
  let place = random() * 100;
  for (const [fate, share] of Object.entries(fates)) {
    place -= share;
    if (place < 0) return fate as keyof typeof fates;
  }
  return "well";
}
