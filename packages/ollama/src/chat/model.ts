import type { Model } from "@plugboard/core";
import type { WireOptions } from "@plugboard/wire";
import { defineModel } from "@plugboard/core";
import { exchange } from "@plugboard/wire";
import { decodeWhole, decoder } from "./decode.ts";
import { encode } from "./encode.ts";
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
  /** Where and with which headers, found out for each call. */
  readonly target: () => Promise<Target>;
  readonly options: WireOptions;
}

/** A model behind `/api/chat`. */
export function chatModel({ id, catalogId, fingerprint, target, options }: ChatModelParts): Model {
  return defineModel({
    provider: "ollama",
    id,
    catalogId,
    fingerprint,
    call: async (request) => {
      const { body, warnings } = encode(id, request);
      const { url, headers } = await target();
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
