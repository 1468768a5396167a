import type { Json } from "@plugboard/core";
import { objectAt, optionalFlag, optionalNumber, optionalText, refusedField, textAt } from "@plugboard/wire";
import type { ServedChatRequest } from "../chat-completions/read-request.ts";
import { readSampling } from "../shared/read-sampling.ts";
import { isList, isObject } from "../shared/fields.ts";
import { present } from "../shared/present.ts";

/**
 * A prompt that a client sent, in our words: the user's only message, and `suffix` what stands after the gap. Members that we have no
 * word for are in `providerOptions`, as they came.
 *
 * @throws {ModelError} `invalid-request` that names the field and the accepted values
 */
export function readCompletionRequest(body: Json): ServedChatRequest {
  const {
    model,
    prompt,
    suffix,
    max_tokens: limit,
    stream,
    stream_options: streaming,
    ...sent
  } = objectAt(body, "body");
  const { n, best_of: candidates, echo, logprobs, ...others } = sent;

  if (n !== undefined && n !== null && n !== 1) throw refusedField("n", "1", n);
  if (candidates !== undefined && candidates !== null && candidates !== 1)
    throw refusedField("best_of", "1", candidates);
  // Both are about the tokens of the prompt, which no chat model tells.
  if (echo !== undefined && echo !== null && echo !== false) throw refusedField("echo", "false", echo);
  if (logprobs !== undefined && logprobs !== null) throw refusedField("logprobs", "left out", logprobs);
  const { sampling, rest } = readSampling(others);
  const settings = present({
    suffix: optionalText(suffix, "suffix"),
    maxOutputTokens: optionalNumber(limit, "max_tokens"),
    ...sampling,
    stream: optionalFlag(stream, "stream"),
    providerOptions: Object.keys(rest).length > 0 ? { openai: rest } : undefined,
  });
  return {
    model: textAt(model, "model"),
    request: { messages: [{ role: "user", content: readPrompt(prompt) }], ...settings },
    streamUsage: isObject(streaming) && streaming["include_usage"] === true,
  };
}

/** One prompt; the protocol knows lists of them, and tokens of its own models. */
function readPrompt(prompt: Json | undefined): string {
  const [only, ...more] = isList(prompt) ? prompt : [prompt];
  if (typeof only !== "string" || more.length > 0)
    throw refusedField("prompt", "text, or a list with one text", prompt);
  return only;
}
