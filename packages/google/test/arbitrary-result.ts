/* oxlint-disable oxc/no-map-spread -- the map is fast-check's, not an array's */
import type { AssistantPart, Finish, ModelResult, Usage } from "@plugboard/core";
import fc from "fast-check";
import { redacted, searched, signedReasoning, textPart, toolCall } from "./arbitrary-parts.ts";

const count = fc.integer({ min: 1, max: 9999 });

const usage: fc.Arbitrary<Usage> = fc
  .record({ prompt: count, read: count, thought: count, said: count, heard: count })
  .map(({ prompt, read, thought, said, heard }) => ({
    input: prompt + read + heard,
    output: thought + said,
    cachedInput: read,
    inputAudio: heard,
    reasoning: thought,
  }));

const ending: fc.Arbitrary<Omit<Finish, "usage">> = fc.constantFrom(
  { finishReason: "stop", rawFinishReason: "STOP" },
  { finishReason: "length", rawFinishReason: "MAX_TOKENS" },
  { finishReason: "content-filter", rawFinishReason: "SPII" },
  { finishReason: "other", rawFinishReason: "OTHER", providerData: { google: { finishMessage: "Sorry." } } },
);

const parts: fc.Arbitrary<readonly AssistantPart[]> = fc
  .array(
    fc.oneof(
      textPart.map((part) => [part]),
      signedReasoning.map((part) => [part]),
      redacted.map((part) => [part]),
      toolCall.map((part) => [part]),
      searched,
    ),
    { maxLength: 5 },
  )
  .map((lists) => withoutNeighbours(lists.flat()));

/** Texts that follow one another without a signature are one when they are read. */
function withoutNeighbours(content: readonly AssistantPart[]): AssistantPart[] {
  return content.filter((part, place) => {
    const before = content[place - 1];
    return before?.type !== part.type || isSigned(before) || isSigned(part);
  });
}

function isSigned({ providerData }: AssistantPart): boolean {
  return providerData?.["google"]?.["thoughtSignature"] !== undefined;
}

/**
 * Answers that the protocol can hold. It cannot hold: data of other providers, arguments that are no object, counts of the tools that
 * the provider runs, warnings, and a call that has no id.
 */
export const anyResult: fc.Arbitrary<ModelResult> = fc
  .record({ id: fc.constantFrom("r1", "r2"), content: parts, usage, ending })
  .map(({ ending, content, ...rest }) => {
    const calls = content.some((part) => part.type === "tool-call" && !part.executed);
    const stopped =
      ending.finishReason === "stop" && calls ? ({ ...ending, finishReason: "tool-calls" } as const) : ending;
    return { model: "gemini-3.5-flash", ...rest, content, ...stopped, warnings: [] };
  });
