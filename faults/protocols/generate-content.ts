import type { JsonObject } from "@plugboard/core";
import { google } from "@plugboard/google";
import { sse } from "./protocol.ts";
import type { Protocol, WireAnswer, WireCall, WireFailure } from "./protocol.ts";

const head = { modelVersion: "gemini-2.0-flash", responseId: "mAitaLm7" };
const usageMetadata = { promptTokenCount: 12, candidatesTokenCount: 7, totalTokenCount: 19 };
const reasons = { stop: "STOP", length: "MAX_TOKENS", "tool-calls": "STOP" };

function candidate(parts: readonly JsonObject[], reason?: string): JsonObject {
  return { content: { parts, role: "model" }, ...(reason !== undefined && { finishReason: reason }), index: 0 };
}

function chunk(parts: readonly JsonObject[], reason?: string): string {
  return sse({ candidates: [candidate(parts, reason)], usageMetadata: { promptTokenCount: 12 }, ...head });
}

function partOf({ name, pieces }: WireCall): JsonObject {
  return { functionCall: { name, args: JSON.parse(pieces.join("")) as JsonObject } };
}

/** Written as text, since arguments may nest deeper than `JSON.stringify` goes. */
function callChunk(call: WireCall): string {
  return chunk([partOf({ ...call, pieces: ['"@"'] })]).replace('"@"', () => call.pieces.join(""));
}

function partsOf({ text = "", calls = [] }: WireAnswer): JsonObject[] {
  return [...(text === "" ? [] : [{ text }]), ...calls.map(partOf)];
}

function failure({ message, type, status }: WireFailure): string {
  return JSON.stringify({ error: { code: status, message, status: type } });
}

/** https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse; a call comes in one piece. */
export const generateContent: Protocol = {
  name: "generate-content",
  provider: "google",
  model: ({ baseURL, ...options }) => google("gemini-2.0-flash", { ...options, ...(baseURL && { baseURL }) }),
  preamble: sse({ usageMetadata: { promptTokenCount: 12 }, ...head }),
  text: (text) => chunk([{ text }]),
  reasoning: (text) => chunk([{ text, thought: true }]),
  call: callChunk,
  callBegun: ({ id, name, pieces }) =>
    chunk([
      {
        functionCall: {
          id,
          name,
          partialArgs: [{ jsonPath: "$.city", stringValue: pieces[0]!, willContinue: true }],
          willContinue: true,
        },
      },
    ]),
  ending: ({ ending = "stop" }) =>
    sse({ candidates: [candidate([{ text: "" }], reasons[ending])], usageMetadata, ...head }),
  done: () => "",
  idling: sse({ usageMetadata: { promptTokenCount: 12 }, ...head }),
  unknown: sse({ weather: { forecast: "rain" }, ...head }),
  error: (told) => sse(failure(told)),
  whole: (answer) =>
    JSON.stringify({
      candidates: [candidate(partsOf(answer), reasons[answer.ending ?? "stop"])],
      usageMetadata,
      ...head,
    }),
  failure,
};
