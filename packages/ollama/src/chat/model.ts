import type { ProviderModel } from "@plugboard/core";
import type { WireOptions } from "@plugboard/wire";
import { defineProviderModel, ndjson } from "@plugboard/wire";
import { decodeWhole, decoder } from "./decode.ts";
import { encode } from "./encode.ts";
import { encodeGenerate } from "../generate/encode.ts";
import { failures } from "./failures.ts";

/** What `/api/chat` is spoken with. */
export interface ChatModelParts {
  readonly id: string;
  readonly catalogId?: string | undefined;
  readonly fingerprint: string;
  /** Where the server is, found out for each call. */
  readonly address: () => string;
  /** The headers that let a request in; asked for at each call. */
  readonly authorize: () => Promise<Readonly<Record<string, string>>>;
  readonly options: WireOptions;
}

/** A model behind `/api/chat`, and behind `/api/generate` where it fills in the middle. */
export function chatModel(parts: ChatModelParts): ProviderModel {
  const { id, catalogId, fingerprint, address, authorize, options } = parts;
  return defineProviderModel({
    provider: "ollama",
    id,
    catalogId,
    fingerprint,
    prepare(request) {
      const { suffix } = request;
      const fills = suffix !== undefined;
      const { body, warnings } = fills ? encodeGenerate(id, request, suffix) : encode(id, request);
      return {
        url: address() + (fills ? "/api/generate" : "/api/chat"),
        authorize,
        body,
        options,
        warnings,
        ...(body["stream"] === true && { stream: { framing: ndjson, decoder } }),
        whole: decodeWhole,
        failures,
      };
    },
  });
}
