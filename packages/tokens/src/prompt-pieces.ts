import type { FilePart, Message, Prompt, ToolOutputPart } from "@plugboard/core";

/** What of a prompt costs tokens. */
export interface PromptPieces {
  /** What is said, each text by itself. */
  readonly texts: readonly string[];
  /** What models are told of tools and of the form of the answer, as JSON. */
  readonly declarations: readonly string[];
  /** Thoughts of earlier answers: most providers leave them out, so they count for upper bounds alone. */
  readonly thoughts: readonly string[];
  readonly files: readonly FilePart[];
  readonly messages: number;
  /** Whether tools were called: how calls and results are put into words is nowhere documented. */
  readonly called: boolean;
}

/** Takes a prompt apart. */
export function piecesOf({ messages, tools = [], toolChoice, output, suffix }: Prompt): PromptPieces {
  const pieces = {
    texts: [] as string[],
    declarations: [] as string[],
    thoughts: [] as string[],
    files: [] as FilePart[],
  };
  let turns = 0;
  for (const message of messages) turns += addMessage(message, pieces);
  if (suffix !== undefined) pieces.texts.push(suffix);
  if (toolChoice !== "none") {
    for (const tool of tools) {
      const { name, description, input } =
        tool.type === "provider" ? { name: tool.id, input: tool.options ?? {} } : tool;
      pieces.declarations.push(
        JSON.stringify({ type: "function", function: { name, description, parameters: input } }),
      );
    }
  }
  if (output?.schema) pieces.declarations.push(JSON.stringify(output));
  const called = messages.some(
    ({ role, content }) => role === "tool" || (typeof content !== "string" && content.some(isCall)),
  );
  return { ...pieces, messages: turns, called };
}

function isCall({ type }: { readonly type: string }): boolean {
  return type === "tool-call" || type === "tool-result";
}

type Open = { readonly [Name in "texts" | "thoughts"]: string[] } & { readonly files: FilePart[] };

/** @returns how many messages it is on the wire: each tool result is one of its own */
function addMessage({ content }: Message, open: Open): number {
  if (typeof content === "string") {
    open.texts.push(content);
    return 1;
  }
  let results = 0;
  for (const part of content) {
    switch (part.type) {
      case "text":
        open.texts.push(part.text);
        break;
      case "reasoning":
        open.thoughts.push(part.text);
        break;
      case "file":
        open.files.push(part);
        break;
      case "tool-call":
        open.texts.push(part.name, part.raw ?? JSON.stringify(part.input));
        break;
      case "tool-result":
        results++;
        if (typeof part.output === "string") open.texts.push(part.output);
        else for (const piece of part.output) addOutput(piece, open);
        break;
      case "opaque": // its size on the wire says nothing of its tokens, but it bounds them
        open.thoughts.push(JSON.stringify(part.providerData));
        break;
      case "source": // never sent
    }
  }
  return Math.max(results, 1);
}

function addOutput(part: ToolOutputPart, open: Open): void {
  if (part.type === "text") open.texts.push(part.text);
  else if (part.type === "json") open.texts.push(JSON.stringify(part.value));
  else open.files.push(part);
}
