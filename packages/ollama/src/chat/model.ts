import type { Model } from "@plugboard/core";
import type { WireOptions } from "@plugboard/wire";
import { defineModel } from "@plugboard/core";
import { exchange } from "@plugboard/wire";
import { decodeWhole, decoder } from "./decode.ts";
import { encode } from "./encode.ts";
import { encodeGenerate } from "../generate/encode.ts";
import { failures } from "./failures.ts";

/** One call's address, and the headers that let it in. */
interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What `/api/chat` is spoken with. */
export interface ChatModelParts {
  readonly id: string;
  readonly catalogId?: string | undefined;
  readonly fingerprint: string;
  /** Where an operation is, such as `/api/chat`, and with which headers; found out for each call. */
  readonly target: (path: string) => Promise<Target>;
  readonly options: WireOptions;
}

/** A model behind `/api/chat`, and behind `/api/generate` where it fills in the middle. */
export function chatModel({ id, catalogId, fingerprint, target, options }: ChatModelParts): Model {
  return defineModel({
    provider: "ollama",
    id,
    catalogId,
    fingerprint,
    call: async (request) => {
      const fills = request.suffix !== undefined;
      const { body, warnings } = fills ? encodeGenerate(id, request) : encode(id, request);
      const { url, headers } = await target(fills ? "/api/generate" : "/api/chat");
      return exchange({
        provider: "ollama",
        model: id,
        url,
        headers,
        body,
        request,
        options,
        warnings,
        ...(body["stream"] === true && { stream: { framing: "ndjson", decoder } }),
        whole: decodeWhole,
        failures,
      });
    },
  });
}
