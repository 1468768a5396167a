import type { ProviderModel } from "@plugboard/core";
import type { ChatDialect } from "../chat-completions/dialect.ts";
import { completionModel } from "../completions/model.ts";
import { vendorAddress } from "../shared/vendor-address.ts";
import type { ChatFactory, ChatOptions } from "./compatible.ts";

/**
 * Makes a factory of models that continue a text rather than answer it, for a vendor that speaks the completions protocol: what stands
 * before the gap is the last message, what stands after it, if anything, is `suffix`. A chat model whose vendor fills in the middle
 * does so by itself where there is a suffix; this is for models that do not chat.
 *
 * @throws {ModelError} the factory: `invalid-request` for a base URL that is none; its models: `auth` at the call when there is no key
 * @example
 * const base = compatibleCompletion(vllm.dialect);
 * const { content } = await base("Qwen/Qwen2.5-Coder-7B").generate({
 *   messages: [{ role: "user", content: "function add(a, b) {\n  return " }],
 *   suffix: ";\n}\n",
 *   maxOutputTokens: 64,
 * });
 */
export function compatibleCompletion(dialect: ChatDialect): ChatFactory {
  const { path = "/completions" } = dialect.completions ?? {};

  function make(id: string, options: ChatOptions = {}): ProviderModel {
    const { catalogId } = options;
    return completionModel({ dialect, id, catalogId, options, ...vendorAddress(dialect, path, options) });
  }
  return Object.assign(make, { dialect });
}
