import { ModelError, messagesOf } from "@plugboard/core";
import type { Conversation } from "../conversation.ts";
import { everything } from "../everything.ts";
import type { Format } from "../format.ts";
import { readCall } from "./call-line.ts";
import type { LoggedCall } from "./logged-call.ts";

/**
 * Lines of a log, to be read as conversations: what was asked, and what was answered. There is no way to write them from conversations,
 * which tell nothing of calls.
 *
 * @example
 * await convertFile("calls.jsonl", "chats.jsonl", { from: callLines, to: openaiChat });
 */
export const callLines: Format = {
  name: "log",
  title: "Lines of a log",
  holds: { ...everything, conversation: ["id", "created", "model"], message: [] },
  async read(json, context = {}) {
    return { conversation: conversationOf(await readCall(json, context.files)), losses: [] };
  },
  async write() {
    throw new ModelError("A log is written by `record`: a conversation tells nothing of calls.", {
      code: "unsupported",
    });
  },
};

/** The conversation that a call was part of, with its answer; one that failed has what was asked alone. */
export function conversationOf({ id, started, request, result, outcome }: LoggedCall): Conversation {
  const { messages, tools = [] } = request;
  const answer = outcome === "finished" && result ? messagesOf(result) : [];
  return {
    id,
    created: started,
    ...(result && { model: result.model }),
    messages: [...messages, ...answer],
    ...(tools.length > 0 && { tools }),
  };
}
