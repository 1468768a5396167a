import type { JsonObject, ModelRequest, ProviderModel } from "@plugboard/core";
import { defineProviderModel } from "@plugboard/wire";
import type { WireOptions } from "@plugboard/wire";
import { isObject } from "../shared/fields.ts";
import { ruleFor } from "../shared/model-rule.ts";
import type { Address } from "../shared/vendor-address.ts";
import type { Decoding } from "./answer-reader.ts";
import { decodeResponse, responseDecoder } from "./decode.ts";
import type { ResponsesDialect } from "./dialect.ts";
import { encodeResponses } from "./encode.ts";
import { failureRules } from "./failures.ts";
import { familyOf, nameOf } from "./tools.ts";

/** Counted up when the same request would be sent, or the same answer read, otherwise than before: caches look at it. */
const mapping = 1;

/** What a model of the protocol is made of. */
export interface ResponsesModelParts extends Address {
  readonly dialect: ResponsesDialect;
  readonly id: string;
  /** The catalogue's name for it, where `id` is not one; also what the dialect's rules are looked up by. */
  readonly catalogId?: string | undefined;
  readonly options: WireOptions;
}

/** Joins the mappings of the protocol to the wire. */
export function responsesModel(parts: ResponsesModelParts): ProviderModel {
  const { dialect, id, catalogId, options, place, url, authorize } = parts;
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
      const decoding: Decoding = {
        dialect,
        model: id,
        toolName: (wire) => names.toOurs(wire),
        providerToolName: providerToolNames(request),
      };
      return {
        url: url(),
        ...(authorize && { authorize }),
        body,
        options,
        warnings,
        ...(request.stream && {
          stream: { framing: "sse", decoder: (start) => responseDecoder(decoding, start) },
        }),
        whole: (answer, start) => decodeResponse(answer, decoding, start),
        failures,
        hiddenReasoning: rule.hiddenReasoning === true && effortOf(body) !== "none",
      };
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
