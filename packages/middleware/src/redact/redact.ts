import { ModelError } from "@plugboard/core";
import type { Middleware, ModelRequest } from "@plugboard/core";
import { mapPrompt } from "../rewrite/map-strings.ts";
import { rewriteError, rewriteReply } from "../rewrite/rewrite-reply.ts";
import type { RewriteRules } from "../rewrite/rewrite-reply.ts";
import { filterText } from "../rewrite/text-filter.ts";
import { kindOfNames, kindsOf } from "./kinds.ts";
import type { Kind } from "./kinds.ts";
import { Vault } from "./vault.ts";

/** What is taken out before a prompt is sent. */
export interface RedactOptions {
  /** Names of people, companies, projects, as whole words in whatever case; or what gives those of a call. @default none */
  readonly names?: readonly string[] | ((request: ModelRequest) => readonly string[]);
  /** E-mail addresses. @default true */
  readonly emails?: boolean;
  /** Keys of services, tokens, private keys. @default true */
  readonly keys?: boolean;
  /** Anything else, by what its tokens are called: `{ PHONE: /\+\d{6,14}/ }`. @default nothing */
  readonly patterns?: Readonly<Record<string, RegExp>>;
  /**
   * Values by their tokens, kept from call to call; or what gives those of a call, one map for each conversation. New ones are added.
   * With it a value has the same token in every call, also when the beginning of the conversation is left out, and an answer may speak
   * of a value that only an earlier call had. It is plain data, and as secret as what it holds. @default those of each call alone
   */
  readonly memory?: Map<string, string> | ((request: ModelRequest) => Map<string, string> | undefined);
}

/**
 * Sends tokens in the place of names, e-mail addresses and keys, and puts those back into the answer: the provider reads `<EMAIL_1>`, you
 * read the address. It holds for all messages, what tools were called with and what they gave back; streamed answers, thoughts and calls
 * of tools come with the real values. The same value has the same token throughout a call, and in the next one with the same beginning;
 * with a `memory`, in all calls of a conversation.
 *
 * Bytes and addresses of files, and the names and descriptions of tools, are sent as they are.
 *
 * @throws {ModelError} `invalid-request` for the name of a pattern that is not in capital letters
 * @example
 * const model = openai("gpt-4o").with(redact({ names: ["Ada Lovelace"], patterns: { PHONE: /\+\d{6,14}/ } }));
 * await model.generate("Write to Ada Lovelace, ada@example.com"); // sent: Write to <NAME_1>, <EMAIL_1>
 * @example
 * const memories = new Map<string, Map<string, string>>(); // by conversation
 * const talk = openai("gpt-4o").with(redact({ memory: ({ tags }) => memories.get(tags?.["conversation"] ?? "") }));
 */
export function redact(options: RedactOptions = {}): Middleware {
  const { names = [], emails = true, keys = true, patterns = {}, memory } = options;
  const kinds = kindsOf({ emails, keys, patterns });
  const known = typeof names === "function" ? undefined : kindOfNames(names);

  return (model) => async (request) => {
    const ours = typeof names === "function" ? kindOfNames(given("names", names, request)) : known;
    const vault = new Vault(typeof memory === "function" ? given("memory", memory, request) : memory);
    const sent = redacted(request, ours ? [...kinds, ours] : kinds, vault);
    if (vault.isEmpty) return model.call(request);

    const rules = restoring(vault, request);
    try {
      const reply = await model.call(sent);
      return await rewriteReply(reply, { isStreamed: request.stream === true, rules });
    } catch (error) {
      throw rewriteError(error, rules);
    }
  };
}

/** What the application says of a call; without it, nothing is sent. */
function given<Value>(name: string, give: (request: ModelRequest) => Value, request: ModelRequest): Value {
  try {
    return give(request);
  } catch (cause) {
    throw new ModelError(`\`${name}\` of \`redact\` failed, so nothing is sent.`, { code: "invalid-request", cause });
  }
}

function redacted(request: ModelRequest, kinds: readonly Kind[], vault: Vault): ModelRequest {
  mapPrompt(request, (text) => {
    vault.avoid(text);
    return text;
  });
  const rules = kinds.map(({ kind, finder }) => ({
    ...finder,
    replace: (value: string) => vault.tokenOf(kind, value),
  }));
  return mapPrompt(request, (text) => filterText(text, rules));
}

/** In a text that is JSON, a value stands within quotes. */
function restoring(vault: Vault, { output }: ModelRequest): RewriteRules {
  const plain = vault.restoring();
  const quoted = output && vault.restoring((value) => JSON.stringify(value).slice(1, -1));
  return { text: [quoted ?? plain], values: [plain], keepsData: true };
}
