import type { Message, ModelRequest, ToolMessage, ToolResultPart, UserMessage } from "@plugboard/core";

/** Looks at a text, and says what is to stand in for it, if anything. */
export type LookAt = (text: string) => Promise<string | undefined>;

/** Looks at what has come since the last answer, a text at a time: what the user says, and what each tool gave back. */
export async function lookAtNewTexts(request: ModelRequest, look: LookAt): Promise<ModelRequest> {
  const { messages } = request;
  const first = messages.findLastIndex(({ role }) => role === "assistant") + 1;
  const changed: Message[] = [];
  for (const message of messages.slice(first)) {
    if (message.role === "user") changed.push(await lookAtUser(message, look));
    else changed.push(message.role === "tool" ? await lookAtResults(message, look) : message);
  }
  const isSame = changed.every((message, place) => message === messages[first + place]);
  return isSame ? request : { ...request, messages: [...messages.slice(0, first), ...changed] };
}

/** The files of a message stay. */
async function lookAtUser(message: UserMessage, look: LookAt): Promise<UserMessage> {
  const { content } = message;
  const text =
    typeof content === "string" ? content : content.map((part) => (part.type === "text" ? part.text : "")).join("");
  const instead = text === "" ? undefined : await look(text);
  if (instead === undefined) return message;
  if (typeof content === "string") return { ...message, content: instead };
  return { ...message, content: [{ type: "text", text: instead }, ...content.filter(({ type }) => type !== "text")] };
}

async function lookAtResults(message: ToolMessage, look: LookAt): Promise<ToolMessage> {
  const content: ToolMessage["content"][number][] = [];
  for (const part of message.content) {
    const text = part.type === "tool-result" ? textOfOutput(part.output) : "";
    const instead = text === "" ? undefined : await look(text);
    content.push(instead === undefined || part.type !== "tool-result" ? part : { ...part, output: instead });
  }
  return content.every((part, place) => part === message.content[place]) ? message : { ...message, content };
}

function textOfOutput(output: ToolResultPart["output"]): string {
  if (typeof output === "string") return output;
  return output
    .map((piece) => (piece.type === "text" ? piece.text : piece.type === "json" ? JSON.stringify(piece.value) : ""))
    .join("");
}
