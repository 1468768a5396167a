import { ModelReply } from "@plugboard/core";
import type { CallOptions, ModelRequest } from "@plugboard/core";
import type { Answer } from "./cache-entry.ts";
import { paced } from "./paced.ts";

/** Gives an answer again, as a model of its kind does: at once, or streamed with so many tokens a second. */
export async function replay<Reply>(
  answer: Answer,
  { stream }: CallOptions & Pick<ModelRequest, "stream">,
  pace: number = Infinity,
): Promise<Reply> {
  const given =
    "content" in answer ? (stream && pace < Infinity ? paced(answer, pace) : ModelReply.of(answer)) : answer;
  // An answer is read as one to this request, whose kind says that of the reply; a type parameter cannot.
  return (await given) as Reply;
}
