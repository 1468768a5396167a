import type { Model, Notice } from "@plugboard/core";
import type { LanguageModelV4, LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { writeContent } from "./content.ts";
import { writeError } from "./errors.ts";
import { writeFinish } from "./finish.ts";
import { readCall } from "./read-call.ts";
import { writeWarning } from "./warnings.ts";
import { writeStream } from "./write-stream.ts";

/** What the calls of an application that speaks AI SDK do not say. */
export interface ToAiSdkOptions {
  /** Which URLs of files the model takes, by media type; the AI SDK downloads others itself. @default all of http and https */
  readonly supportedUrls?: Record<string, RegExp[]>;
  /** Who and what for, of every call; those of one call are its `providerOptions.plugboard.tags`, and win. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Told what happens on the way. */
  readonly notify?: (notice: Notice) => void;
}

/**
 * Any `Model` as a model of the AI SDK: for `generateText`, `streamText`, agents, and whatever takes a `LanguageModelV4`.
 *
 * What it cost and which models were tried is in `providerMetadata.plugboard` of an answer. Errors are `APICallError`s whose `cause` is
 * ours; the AI SDK repeats those that may pass, unless a layer of the model already has.
 *
 * @example
 * import { generateText } from "ai";
 * const model = toAiSdk(fallback([openai("gpt-4o"), anthropic("claude-sonnet-4-5")]));
 * const { text } = await generateText({ model, prompt: "Why is the sky blue?" });
 */
export function toAiSdk(
  model: Model,
  { supportedUrls = { "*/*": [/^https?:\/\//] }, tags, notify }: ToAiSdkOptions = {},
): LanguageModelV4 {
  function read(options: LanguageModelV4CallOptions): ReturnType<typeof readCall> {
    const { request, warnings } = readCall(options);
    const both = { ...tags, ...request.tags };
    return {
      request: { ...request, ...(Object.keys(both).length > 0 && { tags: both }), ...(notify && { notify }) },
      warnings,
    };
  }

  return {
    specificationVersion: "v4",
    provider: model.provider,
    modelId: model.id,
    supportedUrls,
    async doGenerate(options) {
      const { request, warnings } = read(options);
      const declared = namesOf(options);
      let result;
      try {
        result = await model.generate(request);
      } catch (error) {
        throw writeError(error, options.abortSignal);
      }
      const { id, created, headers, model: modelId, warnings: told, ...rest } = result;
      return {
        content: rest.content.map((part) => writeContent(part, declared)),
        ...writeFinish(rest),
        warnings: [...warnings, ...told].map(writeWarning),
        response: {
          modelId,
          ...(id !== undefined && { id }),
          ...(created !== undefined && { timestamp: new Date(created) }),
          ...(headers && { headers }),
        },
      };
    },
    async doStream(options) {
      const { request, warnings } = read(options);
      let reply;
      try {
        reply = await model.stream(request);
      } catch (error) {
        throw writeError(error, options.abortSignal);
      }
      const { headers } = reply.start;
      return {
        stream: writeStream(reply, { declared: namesOf(options), warnings, signal: options.abortSignal }),
        ...(headers && { response: { headers } }),
      };
    },
  };
}

function namesOf({ tools = [] }: LanguageModelV4CallOptions): ReadonlySet<string> {
  return new Set(tools.map(({ name }) => name));
}
