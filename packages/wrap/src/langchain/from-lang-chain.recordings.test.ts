import type { Model } from "@plugboard/core";
import type { ProviderSample } from "@plugboard/testing";
import { isDeepStrictEqual } from "node:util";
import { ChatOpenAI } from "@langchain/openai";
import { openai } from "@plugboard/openai";
import { openaiResponses } from "@plugboard/openai/responses";
import { recordedFaults, recordedSamples } from "@plugboard/recordings";
import { describe, expect, test } from "vitest";
import type { Compared } from "../compared.ts";
import { compared, recordedFetch } from "../compared.ts";
import { fromLangChain } from "./from-lang-chain.ts";

function chat(model: string, fetch: typeof globalThis.fetch, useResponsesApi: boolean): Model {
  return fromLangChain(new ChatOpenAI({ model, apiKey: "key", useResponsesApi, configuration: { fetch } }));
}

const kinds = {
  "openai-chat": {
    theirs: (id: string, fetch: typeof globalThis.fetch) => chat(id, fetch, false),
    own: (id: string, fetch: typeof globalThis.fetch) => openai(id, { apiKey: "key", fetch }),
  },
  "openai-responses": {
    theirs: (id: string, fetch: typeof globalThis.fetch) => chat(id, fetch, true),
    own: (id: string, fetch: typeof globalThis.fetch) => openaiResponses(id, { apiKey: "key", fetch }),
  },
} satisfies Record<string, Record<"theirs" | "own", (id: string, fetch: typeof globalThis.fetch) => Model>>;

/** Where LangChain's own package (@langchain/openai 1.6.0) reads a recording otherwise, and why; the bridge cannot know better. */
const differences: Readonly<Record<string, readonly [fields: readonly (keyof Compared)[] | "all", why: string]>> = {
  "openai-chat/stream-multi-choice-01": [["text", "finishReason"], "it mixes the choices of n > 1"],
  "openai-chat/stream-multi-choice-usage-only-chunk-01": [["text", "finishReason"], "it mixes the choices of n > 1"],
  "openai-chat/stream-refusal-structured-01": [["text", "finishReason"], "it drops a refusal"],
  "openai-chat/unary-refusal-structured-02": [["text", "finishReason"], "it drops a refusal"],
  "openai-chat/stream-tool-no-args-tool-single-02": ["all", "a stream of calls without a finish reason was cut"],
  "openai-chat/unary-audio-out-01": [["text"], "it leaves the words of an audio beside the text"],
  "openai-chat/unary-legacy-function-call-02": [["finishReason"], "it does not count a legacy call as one"],
  "openai-chat/unary-length-reasoning-usage-01": ["all", "it throws a TypeError where a choice has no message"],
  "openai-chat/unary-reasoning-reasoning-usage-01": [["reasoning"], "it does not read `reasoning_content`"],
  "openai-responses/stream-response-failed-01": ["all", "it does not read `response.failed`"],
  "openai-responses/unary-custom-tool-reasoning-item-01": [["calls"], "it puts the text of a custom tool in an object"],
  "openai-responses/unary-reasoning-reasoning-item-01": [["reasoning"], "it reads the summary alone"],
};

describe.each(Object.entries(kinds))("%s through LangChain gives what our adapter gives", (name, { theirs, own }) => {
  const samples: readonly ProviderSample[] = [...recordedSamples(name), ...recordedFaults(name)];
  test.each(samples.map((sample) => [sample.name, sample] as const))("%s", async (_, sample) => {
    const fetch = recordedFetch(sample);
    const expected = await compared(own(sample.call.model, fetch), sample);
    const given = await compared(theirs(sample.call.model, fetch), sample);
    const [fields] = differences[sample.name] ?? [[]];
    const without = fields === "all" ? undefined : Object.fromEntries(fields.map((field) => [field, undefined]));
    // A line that is no longer true is to be taken out.
    expect(isDeepStrictEqual(given, expected)).toBe(differences[sample.name] === undefined);
    expect(without && { ...given, ...without }).toEqual(without && { ...expected, ...without });
  });
});
