import type { CountingModel, Json, ModelRequest, TokenCount } from "@plugboard/core";
import { countAt, objectOf, only, withCounting } from "@plugboard/wire";
import type { PreparedCount } from "@plugboard/wire";
import type { ChatDialect } from "../chat-completions/dialect.ts";
import { encodeChat } from "../chat-completions/encode.ts";
import type { CountRules } from "../shared/count-rules.ts";
import { vendorAddress } from "../shared/vendor-address.ts";
import { unsupported } from "../shared/writing.ts";
import { compatible } from "./compatible.ts";
import type { ChatFactory, ChatOptions } from "./compatible.ts";

/** Makes models of a server that counts tokens. */
export interface CountingFactory extends ChatFactory {
  (id: string, options?: ChatOptions): CountingModel;
}

/** vLLM's way, with the model's own template. https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html#tokenizer-api */
const usual: CountRules = {
  path: "/tokenize",
  besideV1: true,
  body: { add_generation_prompt: true },
  member: "count",
  exact: true,
};

/**
 * The same as `compatible` for servers that count the tokens of a conversation: as `dialect.counting` says, or else at `/tokenize`, beside
 * their `/v1`. What is not counted there (pictures, tools) is refused with `unsupported`.
 *
 * @throws {ModelError} the factory: `invalid-request` for a base URL that is none
 * @example
 * const { tokens } = await vllm("Qwen/Qwen3-8B").countTokens("Why is the sky blue?");
 */
export function compatibleCounting(dialect: ChatDialect): CountingFactory {
  const factory = compatible(dialect);
  const { counting: rules = usual } = dialect;

  function make(id: string, options: ChatOptions = {}): CountingModel {
    const { catalogId } = options;
    const { url, authorize } = vendorAddress(dialect, "", options);
    const prepare = (request: ModelRequest): PreparedCount => {
      refuseUncounted(request, rules, dialect, id);
      const { body } = encodeChat(request, { dialect, model: id, catalogId });
      return {
        url: (rules.besideV1 ? url().replace(/\/v1$/, "") : url()) + rules.path,
        ...(authorize && { authorize }),
        body: { ...only(body, ["model", "messages", "tools"]), ...rules.body },
        options,
        warnings: [],
        whole: (answer) => countIn(answer, rules),
      };
    };
    return withCounting(factory(id, options), prepare);
  }
  return Object.assign(make, { dialect });
}

/** An estimate does not say how far it may be off: 1 % is our reading. */
function countIn(answer: Json, { member, exact }: CountRules): TokenCount {
  const names = member.split(".");
  const last = names.pop()!;
  const holder = names.reduce<Json>((object, name) => objectOf(object)?.[name] ?? null, answer);
  return { tokens: countAt(holder, last), bound: exact ? "exact" : { error: 0.01 } };
}

function refuseUncounted(
  { messages, tools = [] }: ModelRequest,
  rules: CountRules,
  dialect: ChatDialect,
  model: string,
): void {
  const { provider } = dialect;
  if (rules.tools === false && tools.length > 0) {
    throw unsupported({ dialect, model }, `${provider} does not count \`tools\`.`);
  }
  if (rules.pictures) return;
  messages.forEach(({ content }, place) => {
    if (typeof content === "string" || !content.some(({ type }) => type === "file")) return;
    throw unsupported({ dialect, model }, `\`messages[${place}]\` has a file, which ${provider} does not count.`);
  });
}
