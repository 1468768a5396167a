import type {
  Citation,
  FilePart,
  Json,
  JsonObject,
  ModelResult,
  SourcePart,
  ToolCallPart,
  Usage,
} from "@plugboard/core";
import { callArguments, dataURL, toBase64 } from "@plugboard/wire";
import { writeUsage } from "../shared/usage.ts";

/** A call as a client of the protocol gets it. */
export function callForClient(call: ToolCallPart): JsonObject {
  const { id, name, input, providerData } = call;
  if (providerData?.["openai"]?.["type"] === "custom") {
    return { id, type: "custom", custom: { name, input: typeof input === "string" ? input : JSON.stringify(input) } };
  }
  return {
    id,
    type: "function",
    function: { name, arguments: callArguments(call) },
  };
}

/** Where the text of an answer comes from. `shift` is how much text stands before the part. */
export function writeCitations(citations: readonly Citation[], shift: number): JsonObject[] {
  return citations.flatMap(({ source, start = 0, end = 0 }) =>
    source.url === undefined
      ? []
      : [
          {
            type: "url_citation",
            url_citation: {
              url: source.url,
              title: source.title ?? "",
              start_index: start + shift,
              end_index: end + shift,
            },
          },
        ],
  );
}

/** The member for sources without a place in the text, as Perplexity has it. */
export function writeSources(sources: readonly SourcePart[]): JsonObject {
  const found = sources.flatMap(({ url, title }) =>
    url === undefined ? [] : [{ url, ...(title !== undefined && { title }) }],
  );
  return found.length > 0 ? { search_results: found } : {};
}

/** The members for files: audio as OpenAI has it, images as OpenRouter has them. Others have no form. */
export function writeFile(file: FilePart): JsonObject {
  const { mediaType, data, providerData } = file;
  if (mediaType.startsWith("image/")) {
    return {
      images: [{ type: "image_url", image_url: { url: data instanceof URL ? data.href : dataURL(mediaType, data) } }],
    };
  }
  if (!mediaType.startsWith("audio/") || data instanceof URL) return {};
  const own = providerData?.["openai"]?.["audio"];
  const id =
    typeof own === "object" && own !== null && "id" in own && typeof own["id"] === "string" ? own["id"] : "audio";
  return { audio: { id, data: toBase64(data), expires_at: 0, transcript: "" } };
}

/** Members of an answer of OpenAI that are passed on. */
export function writeOwn({ providerData }: Pick<ModelResult, "providerData">): JsonObject {
  const { service_tier: tier, system_fingerprint: fingerprint } = providerData?.["openai"] ?? {};
  return {
    ...(tier !== undefined && { service_tier: tier }),
    ...(fingerprint !== undefined && { system_fingerprint: fingerprint }),
  };
}

/** The member for log probabilities. */
export function writeLogprobs({ providerData }: Pick<ModelResult, "providerData">): { readonly logprobs: Json } {
  const content = providerData?.["openai"]?.["logprobs"];
  return { logprobs: content === undefined ? null : { content, refusal: null } };
}

/** The member for usage, if anything is known of it. */
export function usageMember(usage: Usage): JsonObject {
  return usage.input === undefined && usage.output === undefined ? {} : { usage: writeUsage(usage) };
}
