import type { ServedProtocol } from "@plugboard/wire";
import type { AnswerNames } from "./write-answer.ts";
import { readRequest } from "./read-request.ts";
import { messageWriter, writeMessage } from "./write-answer.ts";
import { writeError } from "./write-error.ts";

/** Whose Claude understands members of Anthropic's own: on Azure, Bedrock and Vertex, too. */
export const readBy: readonly string[] = ["anthropic", "azure", "bedrock", "vertex"];

/** What the protocol makes up where an answer does not have it. */
export interface MessagesProtocolOptions {
  /** Makes the id of an answer that has none. @default a random one */
  readonly newId?: () => string;
}

/**
 * The messages protocol in the server's direction: reads what clients of Anthropic's API ask, in either version of it, and writes what
 * they expect back.
 *
 * @example
 * const messages = messagesProtocol({ newId: () => "msg_1" });
 * const asked = messages.readRequest(JSON.parse(body));
 * const answer = messages.writeResult(await model.generate(asked.request), asked);
 */
export function messagesProtocol({ newId = randomId }: MessagesProtocolOptions = {}): ServedProtocol {
  function namesOf(
    answer: { readonly id?: string; readonly model: string },
    asked: { readonly model: string },
  ): AnswerNames {
    return { id: answer.id ?? newId(), model: answer.model || asked.model };
  }
  return {
    name: "messages",
    streamType: "text/event-stream",
    readBy,
    readRequest,
    writeResult: (result, asked) => writeMessage(result, namesOf(result, asked)),
    writer: (asked) => messageWriter(asked, (start) => namesOf(start, asked)),
    writeError,
  };
}

function randomId(): string {
  return `msg_${globalThis.crypto.randomUUID().replaceAll("-", "")}`;
}
