import type { Route } from "@plugboard/wire/serve";
import { embedContentProtocol } from "./embeddings/serve.ts";
import { countTokensProtocol } from "./generate-content/serve-count.ts";
import { generateContentProtocol } from "./generate-content/serve.ts";
import type { GenerateContentProtocolOptions } from "./generate-content/serve.ts";

/**
 * Where Gemini's API is asked what is served here, on the Gemini API and on Vertex AI alike: contents, whole and streamed, their count
 * of tokens, and embeddings.
 *
 * @example
 * const match = routeOf(googleRoutes(), new URL(request.url).pathname);
 */
export function googleRoutes(options: Pick<GenerateContentProtocolOptions, "newId"> = {}): readonly Route[] {
  return [
    { kind: "chat", path: methodAt("generateContent"), protocol: generateContentProtocol(options) },
    {
      kind: "chat",
      path: methodAt("streamGenerateContent"),
      protocol: generateContentProtocol({ ...options, stream: true }),
    },
    { kind: "count", path: methodAt("countTokens"), protocol: countTokensProtocol() },
    { kind: "embedding", path: methodAt("embedContent"), protocol: embedContentProtocol() },
    { kind: "embedding", path: methodAt("batchEmbedContents"), protocol: embedContentProtocol({ batch: true }) },
  ];
}

function methodAt(method: string): RegExp {
  return new RegExp(String.raw`\/(?:models|tunedModels)\/(?<model>[^/:]+):${method}$`);
}
