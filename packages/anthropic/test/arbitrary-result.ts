/* oxlint-disable oxc/no-map-spread -- the map is fast-check's, not an array's */
import type { AssistantPart, Finish, ModelResult, Usage } from "@plugboard/core";
import { anyWords } from "@plugboard/recordings";
import fc from "fast-check";
import { redacted, searched, signedReasoning, textPart, toolCall } from "./arbitrary-parts.ts";

const count = fc.integer({ min: 0, max: 9999 });

const usage: fc.Arbitrary<Usage> = fc
  .record({
    plain: count,
    read: count,
    short: count,
    long: count,
    thought: count,
    said: count,
    searches: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ plain, read, short, long, thought, said, searches }) => ({
    input: plain + read + short + long,
    output: thought + said,
    cachedInput: read,
    cacheWrite5m: short,
    cacheWrite1h: long,
    reasoning: thought,
    serverTools: { web_search: searches },
  }));

const ending: fc.Arbitrary<Omit<Finish, "usage">> = fc.constantFrom(
  { finishReason: "stop", rawFinishReason: "end_turn" },
  { finishReason: "stop", rawFinishReason: "stop_sequence", providerData: { anthropic: { stop_sequence: "END" } } },
  { finishReason: "tool-calls", rawFinishReason: "tool_use" },
  { finishReason: "length", rawFinishReason: "max_tokens" },
  { finishReason: "length", rawFinishReason: "model_context_window_exceeded" },
  { finishReason: "refusal", rawFinishReason: "refusal" },
  { finishReason: "other", rawFinishReason: "pause_turn" },
);

const parts: fc.Arbitrary<readonly AssistantPart[]> = fc
  .array(
    fc.oneof(
      textPart.map((part) => [part]),
      signedReasoning.map((part) => [part]),
      anyWords.map((text): AssistantPart[] => [{ type: "reasoning", text }]),
      redacted.map((part) => [part]),
      toolCall.map((part) => [part]),
      searched,
    ),
    { maxLength: 5 },
  )
  .map((lists) => lists.flat());

/**
 * Answers that the protocol can hold. It cannot hold: data of other providers, files and sources, arguments that are no object, counts
 * that nobody told, warnings, and a call at the end of an answer that was cut (that one is left out when it is read).
 */
export const anyResult: fc.Arbitrary<ModelResult> = fc
  .record({ id: fc.constantFrom("msg_1", "msg_2"), content: parts, usage, ending })
  .filter(({ content, ending }) =>
    ending.finishReason !== "length" && ending.finishReason !== "refusal" ? true : content.at(-1)?.type !== "tool-call",
  )
  .map(({ ending, ...rest }) => ({ model: "claude-sonnet-4-6", ...rest, ...ending, warnings: [] }));
