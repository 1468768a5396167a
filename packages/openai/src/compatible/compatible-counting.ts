import type { CountingModel, ModelRequest } from "@plugboard/core";
import type { ChatDialect } from "../chat-completions/dialect.ts";
import { countAt, only, withCounting } from "@plugboard/wire";
import type { PreparedCount } from "@plugboard/wire";
import { encodeChat } from "../chat-completions/encode.ts";
import { vendorAddress } from "../shared/vendor-address.ts";
import { unsupported } from "../shared/writing.ts";
import { compatible } from "./compatible.ts";
import type { ChatFactory, ChatOptions } from "./compatible.ts";

/** Makes models of a server that counts tokens. */
export interface CountingFactory extends ChatFactory {
  (id: string, options?: ChatOptions): CountingModel;
}

/**
 * The same as `compatible` for servers that count the tokens of a conversation at `/tokenize`, beside their `/v1`, with the model's own
 * template: vLLM. Pictures are not counted there; a request with any is refused with `unsupported`.
 *
 * @throws {ModelError} the factory: `invalid-request` for a base URL that is none
 * @example
 * const { tokens } = await vllm("Qwen/Qwen3-8B").countTokens("Why is the sky blue?");
 */
export function compatibleCounting(dialect: ChatDialect): CountingFactory {
  const factory = compatible(dialect);

  function make(id: string, options: ChatOptions = {}): CountingModel {
    const { catalogId } = options;
    const { url, authorize } = vendorAddress(dialect, "", options);
    const prepare = (request: ModelRequest): PreparedCount => {
      refuseFiles(request, dialect, id);
      const { body } = encodeChat(request, { dialect, model: id, catalogId });
      return {
        url: `${url().replace(/\/v1$/, "")}/tokenize`,
        ...(authorize && { authorize }),
        body: { ...only(body, ["model", "messages", "tools"]), add_generation_prompt: true },
        options,
        warnings: [],
        whole: (answer) => ({ tokens: countAt(answer, "count"), bound: "exact" }),
      };
    };
    return withCounting(factory(id, options), prepare);
  }
  return Object.assign(make, { dialect });
}

function refuseFiles({ messages }: ModelRequest, dialect: ChatDialect, model: string): void {
  messages.forEach(({ content }, place) => {
    if (typeof content === "string" || !content.some(({ type }) => type === "file")) return;
    throw unsupported(
      { dialect, model },
      `\`messages[${place}]\` has a file, which ${dialect.provider} does not count.`,
    );
  });
}
