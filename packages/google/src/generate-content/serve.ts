import type { ServedProtocol } from "@plugboard/wire";
import type { AnswerNames } from "./write-answer.ts";
import { readRequest } from "./read-request.ts";
import { answerWriter, writeAnswer } from "./write-answer.ts";
import { writeError } from "./write-error.ts";

/** Whose models understand members of Google's own: on Vertex AI, too. */
export const readBy: readonly string[] = ["google", "vertex"];

/** How the protocol is served. */
export interface GenerateContentProtocolOptions {
  /** Whether it stands behind `:streamGenerateContent?alt=sse` rather than `:generateContent`: the body does not say. @default false */
  readonly stream?: boolean;
  /** Makes the id of an answer that has none. @default a random one */
  readonly newId?: () => string;
}

/**
 * The generate-content protocol in the server's direction: reads what clients of Gemini ask, and writes what they expect back. The name
 * of the model stands in the path; put it into the body as `model` first.
 *
 * @example
 * const streamed = generateContentProtocol({ stream: true });
 * const asked = streamed.readRequest({ ...JSON.parse(body), model: "gemini-3.5-flash" });
 */
export function generateContentProtocol(options: GenerateContentProtocolOptions = {}): ServedProtocol {
  const { stream = false, newId = () => globalThis.crypto.randomUUID() } = options;
  function namesOf(
    answer: { readonly id?: string; readonly model: string },
    asked: { readonly model: string },
  ): AnswerNames {
    return { responseId: answer.id ?? newId(), modelVersion: answer.model || asked.model };
  }
  return {
    name: "generate-content",
    streamType: "text/event-stream",
    readBy,
    readRequest: (body) => readRequest(body, stream),
    writeResult: (result, asked) => writeAnswer(result, namesOf(result, asked)),
    writer: (asked) => answerWriter((start) => namesOf(start, asked)),
    writeError,
  };
}
