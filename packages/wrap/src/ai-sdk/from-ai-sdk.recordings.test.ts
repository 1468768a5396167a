import type { Model } from "@plugboard/core";
import type { ProviderSample } from "@plugboard/testing";
import { isDeepStrictEqual } from "node:util";
import { createOpenAI } from "@ai-sdk/openai";
import { openai } from "@plugboard/openai";
import { openaiResponses } from "@plugboard/openai/responses";
import { recordedFaults, recordedSamples } from "@plugboard/recordings";
import { describe, expect, test } from "vitest";
import type { Compared } from "../compared.ts";
import { compared, recordedFetch } from "../compared.ts";
import { fromAiSdk } from "./from-ai-sdk.ts";

const kinds = {
  "openai-chat": {
    theirs: (id: string, fetch: typeof globalThis.fetch) => fromAiSdk(createOpenAI({ apiKey: "key", fetch }).chat(id)),
    own: (id: string, fetch: typeof globalThis.fetch) => openai(id, { apiKey: "key", fetch }),
  },
  "openai-responses": {
    theirs: (id: string, fetch: typeof globalThis.fetch) =>
      fromAiSdk(createOpenAI({ apiKey: "key", fetch }).responses(id)),
    own: (id: string, fetch: typeof globalThis.fetch) => openaiResponses(id, { apiKey: "key", fetch }),
  },
} satisfies Record<string, Record<"theirs" | "own", (id: string, fetch: typeof globalThis.fetch) => Model>>;

/** Where the AI SDK's own package (@ai-sdk/openai 4.0.118) reads a recording otherwise, and why; the bridge cannot know better. */
const differences: Readonly<Record<string, readonly [fields: readonly (keyof Compared)[] | "all", why: string]>> = {
  "openai-chat/stream-multi-choice-01": [["text"], "it mixes the choices of n > 1"],
  "openai-chat/stream-multi-choice-usage-only-chunk-01": [["text"], "it mixes the choices of n > 1"],
  "openai-chat/stream-refusal-structured-01": [["finishReason"], "a refusal is a content filter there"],
  "openai-chat/unary-refusal-structured-02": [["finishReason"], "a refusal is a content filter there"],
  "openai-responses/stream-refusal-structured-01": [["finishReason"], "a refusal is a content filter there"],
  "openai-chat/stream-tool-no-args-tool-single-02": ["all", "a stream without a finish reason is interrupted there"],
  "openai-chat/unary-reasoning-reasoning-usage-01": [["reasoning"], "it does not read `reasoning_content`"],
  "openai-responses/unary-reasoning-reasoning-item-01": [["reasoning"], "it reads the summary alone"],
  "openai-responses/stream-server-tool-reasoning-item-01": [
    ["calls", "finishReason"],
    "a call of OpenAI's shell is one of the application's there",
  ],
  "openai-responses/unary-server-tool-01": [
    ["calls", "finishReason"],
    "a call of OpenAI's tool search is one of the application's there",
  ],
};

describe.each(Object.entries(kinds))("%s through the AI SDK gives what our adapter gives", (name, { theirs, own }) => {
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
