import type { ServedProtocol } from "@plugboard/wire";
import { httpStatuses, retryAfterHeader } from "@plugboard/wire";
import { chatEventWriter } from "./event-writer.ts";
import { readRequest } from "./read-request.ts";
import { writeResult } from "./write-answer.ts";

/**
 * Cohere's `/v2/chat` in the server's direction: reads what its clients ask, and writes what they expect back.
 *
 * @example
 * const protocol = chatProtocol();
 * const asked = protocol.readRequest(JSON.parse(body));
 * const answer = protocol.writeResult(await model.generate(asked.request), asked);
 */
export function chatProtocol(): ServedProtocol {
  return {
    name: "cohere-chat",
    streamType: "text/event-stream",
    readRequest,
    writeResult,
    writer: chatEventWriter,
    writeError: (error) => ({
      status: httpStatuses[error.code],
      headers: retryAfterHeader(error),
      body: {
        message: error.message,
        ...(error.code === "context-length" && { error_type: "TOO_MANY_TOKENS" }),
        ...(error.code === "content-filter" && { message: `blocked input: ${error.message}` }),
      },
    }),
  };
}
