import type { JsonObject, ModelRequest, ProviderModel } from "@plugboard/core";
import { defineProviderModel } from "@plugboard/wire";
import { isObject } from "../shared/fields.ts";
import { exchangeOf } from "../shared/model-parts.ts";
import type { ModelParts } from "../shared/model-parts.ts";
import { ruleFor } from "../shared/model-rule.ts";
import type { Decoding } from "./answer-reader.ts";
import { decodeResponse, responseDecoder } from "./decode.ts";
import type { ResponsesDialect } from "./dialect.ts";
import { encodeResponses } from "./encode.ts";
import { failureRules } from "./failures.ts";
import { familyOf, nameOf } from "./tools.ts";

/** Counted up when the same request would be sent, or the same answer read, otherwise than before: caches look at it. */
const mapping = 1;

/** What a model of the protocol is made of. */
export type ResponsesModelParts = ModelParts<ResponsesDialect>;

/** Joins the mappings of the protocol to the wire. */
export function responsesModel(parts: ResponsesModelParts): ProviderModel {
  const { dialect, id, catalogId, place } = parts;
  const { provider } = dialect;
  const rule = ruleFor(dialect.models, catalogId ?? id);
  const failures = failureRules(dialect);

  return defineProviderModel({
    provider,
    id,
    catalogId,
    fingerprint: `${provider}:${id}@${place}#responses/${mapping}`,
    prepare(request) {
      const { body, warnings, names } = encodeResponses(request, { dialect, model: id, catalogId });
      const providerToolName = providerToolNames(request);
      const decoding: Decoding = { dialect, model: id, toolName: names.toOurs, providerToolName };
      return exchangeOf(parts, request, {
        body,
        warnings,
        decoder: (start) => responseDecoder(decoding, start),
        whole: (answer, start) => decodeResponse(answer, decoding, start),
        failures,
        hiddenReasoning: rule.hiddenReasoning === true && effortOf(body) !== "none",
      });
    },
  });
}

function effortOf({ reasoning }: JsonObject): unknown {
  return isObject(reasoning) ? reasoning["effort"] : undefined;
}

/** What the application calls the tools that the provider runs. */
function providerToolNames({ tools = [] }: ModelRequest): ((type: string) => string) | undefined {
  const names = new Map<string, string>();
  for (const tool of tools)
    if (tool.type === "provider" && tool.name !== undefined) names.set(familyOf(tool), nameOf(tool));
  return names.size === 0 ? undefined : (type) => names.get(type) ?? type;
}
