import type { JsonObject, ModelRequest, ProviderModel } from "@plugboard/core";
import { defineProviderModel } from "@plugboard/wire";
import type { FailureRule, PreparedExchange } from "@plugboard/wire";
import { exchangeOf } from "../shared/model-parts.ts";
import type { ModelParts } from "../shared/model-parts.ts";
import { ruleFor } from "../shared/model-rule.ts";
import type { Decoding } from "./answer-reader.ts";
import { chatStreamDecoder, decodeChat } from "./decode.ts";
import { ofFamily } from "./dialect.ts";
import type { ChatDialect } from "./dialect.ts";
import { encodeChat } from "./encode.ts";

/** Counted up when the same request would be sent, or the same answer read, otherwise than before: caches look at it. */
const mapping = 1;

/** Servers of the protocol give 401 types of all kinds, `api_error` among them. */
export const unauthorized: FailureRule = { status: 401, code: "auth" };

/** What a model of the protocol is made of. */
export interface ChatModelParts extends ModelParts<ChatDialect> {
  /** Asked instead where there is something to stand after the answer; without it, a suffix is refused. */
  readonly completions?: ((request: ModelRequest) => PreparedExchange) | undefined;
}

/** Joins the mappings of the protocol to the wire. */
export function chatModel(parts: ChatModelParts): ProviderModel {
  const { id, catalogId, place, completions } = parts;
  const dialect = ofFamily(parts.dialect, catalogId ?? id);
  const { provider } = dialect;
  const failures = [...(dialect.failures ?? []), unauthorized];
  const rule = ruleFor(dialect.models, catalogId ?? id);

  return defineProviderModel({
    provider,
    id,
    catalogId,
    fingerprint: `${provider}:${id}@${place}#chat-completions/${mapping}`,
    prepare(request) {
      if (request.suffix !== undefined && completions) return completions(request);
      const { body, warnings, names } = encodeChat(request, { dialect, model: id, rule });
      const decoding: Decoding = { dialect, model: id, toolName: names.toOurs, audioType: audioTypeOf(body) };
      return exchangeOf(parts, request, {
        body,
        warnings,
        decoder: (start) => chatStreamDecoder(decoding, start),
        whole: (answer, start) => decodeChat(answer, decoding, start),
        failures,
        hiddenReasoning: rule.hiddenReasoning === true && body["reasoning_effort"] !== "none",
      });
    },
  });
}

/** The media type of the audio that a body asks for. */
function audioTypeOf({ audio }: JsonObject): string {
  const format = typeof audio === "object" && audio !== null && "format" in audio ? audio["format"] : "wav";
  if (format === "mp3") return "audio/mpeg";
  return format === "pcm16" ? "audio/pcm" : `audio/${typeof format === "string" ? format : "wav"}`;
}
