import type { ModelReply, Outcome } from "@plugboard/core";

/** What can be done with an answer that ends later. What is whole when it comes, such as an embedding, has nothing of it. */
export interface Replies<Reply> {
  letGo(reply: Reply): void;
  onEnd(reply: Reply, listener: (outcome: Outcome) => void): void;
}

/** The answers of chat models. */
export const chatReplies: Replies<ModelReply> = {
  letGo: (reply) => reply.cancel(),
  onEnd: (reply, listener) => void reply.onEnd(listener),
};
