import type { AssistantPart, FilePart, Message, Prompt, TokenCount, ToolResultPart } from "@plugboard/core";

/** Tokens that a provider puts around each message and each tool, at most. */
const perMessage = 16;
const perTool = 64;
/** What a provider tells its model of tools and of output schemas, in its own words; the longest known is about 530 tokens. */
const perFeature = 1024;

/**
 * How many input tokens a prompt can be at most: a token stands for at least one byte of UTF-8 in every byte-level tokeniser.
 * Files have no such bound, and give an infinite count.
 */
export function countBytes(prompt: Prompt): TokenCount {
  return { tokens: bytesOfPrompt(prompt, Infinity), bound: "upper" };
}

/** The bytes of all its texts and of what providers put around them, with so many for each file. */
export function bytesOfPrompt(prompt: Prompt, perFile: number): number {
  let bytes = perMessage + bytesOf(prompt.suffix ?? "");
  for (const message of prompt.messages) bytes += perMessage + ofMessage(message, perFile);
  if (prompt.tools?.length) {
    bytes += perFeature;
    for (const tool of prompt.tools) bytes += perTool + bytesOf(JSON.stringify(tool));
  }
  if (prompt.output) bytes += perFeature + bytesOf(JSON.stringify(prompt.output));
  if (prompt.providerOptions) bytes += bytesOf(JSON.stringify(prompt.providerOptions));
  return bytes;
}

function ofMessage({ content }: Message, perFile: number): number {
  if (typeof content === "string") return bytesOf(content);
  let tokens = 0;
  for (const part of content) tokens += ofPart(part, perFile);
  return tokens;
}

function ofPart(part: AssistantPart | FilePart, perFile: number): number {
  switch (part.type) {
    case "text":
      return bytesOf(part.text) + (part.citations ? bytesOf(JSON.stringify(part.citations)) : 0);
    case "reasoning":
      // A signature or an encrypted thought stands for no more tokens than it has bytes.
      return bytesOf(part.text) + (part.providerData ? bytesOf(JSON.stringify(part.providerData)) : 0);
    case "tool-call":
      return perTool + bytesOf(part.id + part.name) + bytesOf(part.raw ?? JSON.stringify(part.input));
    case "tool-result":
      return perTool + bytesOf(part.id + part.name) + ofOutput(part.output, perFile);
    case "file":
      return perFile;
    default: // sources, and items that only their provider understands
      return bytesOf(JSON.stringify(part));
  }
}

function ofOutput(output: ToolResultPart["output"], perFile: number): number {
  if (typeof output === "string") return bytesOf(output);
  let tokens = 0;
  for (const part of output)
    tokens += part.type === "json" ? bytesOf(JSON.stringify(part.value)) : ofPart(part, perFile);
  return tokens;
}

const encoder = new TextEncoder();
const room = new Uint8Array(4096);

/** How many bytes of UTF-8 a text is. */
export function bytesOf(text: string): number {
  // Nothing is kept of what is encoded; short texts need no memory of their own either.
  return text.length * 3 <= room.length ? encoder.encodeInto(text, room).written : encoder.encode(text).length;
}
