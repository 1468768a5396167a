import type { AssistantPart, OpaquePart, ReasoningPart, TextPart, ToolCallPart, ToolResultPart } from "@plugboard/core";
import { anyObject, anyWords } from "@plugboard/recordings";
import fc from "fast-check";

const signature = fc.base64String({ minLength: 4, maxLength: 12 });

/** Text as Gemini's answers have it: an empty one carries a signature. */
export const textPart: fc.Arbitrary<TextPart> = fc.oneof(
  anyWords.filter((text) => text !== "").map((text): TextPart => ({ type: "text", text })),
  fc.tuple(anyWords, signature).map(([text, thoughtSignature]): TextPart => ({
    type: "text",
    text,
    providerData: { google: { thoughtSignature } },
  })),
);

/** Thoughts as Gemini shows them. */
export const signedReasoning: fc.Arbitrary<ReasoningPart> = fc.oneof(
  anyWords
    .filter((text) => text !== "")
    .map((text): ReasoningPart => ({ type: "reasoning", text, providerData: { google: { thought: true } } })),
  fc.tuple(anyWords, signature).map(([text, thoughtSignature]): ReasoningPart => {
    return { type: "reasoning", text, providerData: { google: { thought: true, thoughtSignature } } };
  }),
);

/** A picture made while thinking: kept as it is. */
export const redacted: fc.Arbitrary<OpaquePart> = fc.base64String({ minLength: 4, maxLength: 12 }).map((data) => {
  const part = { inlineData: { mimeType: "image/png", data }, thought: true };
  return { type: "opaque", kind: "inlineData", providerData: { google: part } };
});

export const toolName: fc.Arbitrary<string> = fc.constantFrom("weather", "time_of_day", "look-up", "a.b");

/** A call for the application to run, with an id of Google's. */
export const toolCall: fc.Arbitrary<ToolCallPart> = fc
  .record({
    id: fc.stringMatching(/^[a-z0-9]{8}$/),
    name: toolName,
    input: anyObject(),
    signed: fc.option(signature, { nil: undefined }),
  })
  .map(({ id, name, input, signed }) => {
    const google = { id, ...(signed !== undefined && { thoughtSignature: signed }) };
    return { type: "tool-call", id, name, input, providerData: { google } };
  });

/** Code that Google ran, and what came of it. */
export const searched: fc.Arbitrary<readonly AssistantPart[]> = fc
  .record({ code: anyWords, output: anyWords, failed: fc.boolean(), number: fc.nat(999) })
  .map(({ code, output, failed, number }) => {
    const id = `code${number}`;
    const input = { language: "PYTHON", code };
    const outcome = failed ? "OUTCOME_FAILED" : "OUTCOME_OK";
    const call: ToolCallPart = {
      type: "tool-call",
      id,
      name: "code_execution",
      input,
      executed: true,
      providerData: { google: { part: { executableCode: { ...input, id } } } },
    };
    const result: ToolResultPart = {
      type: "tool-result",
      id,
      name: "code_execution",
      output,
      ...(failed && { isError: true }),
      executed: true,
      providerData: { google: { part: { codeExecutionResult: { outcome, output, id } } } },
    };
    return [call, result];
  });
