import { ModelError } from "@plugboard/core";
import type { Callable, CountingModel, Model, ModelReply, ModelRequest, TokenCount } from "@plugboard/core";

type Asked = Callable<ModelRequest, ModelReply>;

/**
 * How a model counts tokens: by the first model behind it whose provider does. Layers in front are passed by: counting costs nothing,
 * and nothing is answered.
 *
 * @throws {ModelError} `unsupported` where no provider behind it counts
 * @example
 * const { tokens } = await countWith(fallback([anthropic("claude-sonnet-4-6"), local]))(request);
 */
export function countWith(model: Model): (request: ModelRequest) => Promise<TokenCount> {
  const counting = countingIn(model);
  if (!counting) {
    const { provider, id } = model;
    throw new ModelError(`The provider of \`${id}\` does not count tokens.`, {
      code: "unsupported",
      provider,
      model: id,
    });
  }
  return (request) => counting.countTokens(request);
}

function countingIn(model: Asked): CountingModel | undefined {
  if (isCounting(model)) return model;
  for (const inner of model.models) {
    const found = countingIn(inner);
    if (found) return found;
  }
  return undefined;
}

function isCounting(model: Asked): model is CountingModel {
  return "countTokens" in model && typeof model.countTokens === "function";
}
