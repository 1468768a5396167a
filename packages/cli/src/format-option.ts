import type { Format } from "@plugboard/transcript";
import { UsageError, textOption } from "./command.ts";
import type { Given } from "./command.ts";

/** For the line of an option: the names are many, and a wrong one is answered with all of them. */
export const formatHelp = "openai-chat, anthropic, chatgpt, plugboard, …; another name tells which there are";

/** The format that an option names: one of the package's, a log, or LangChain's where that is installed. @throws {UsageError} for none, and for another name */
export async function formatOption(given: Given, name: string): Promise<Format> {
  const wanted = textOption(given, name);
  if (wanted === "langchain") return langchain();
  // Loaded when it is needed: every provider is in it.
  const { callLines, formats } = await import("@plugboard/transcript");
  const known = name === "from" ? [...formats, callLines] : formats;
  const found = known.find((format) => format.name === wanted);
  if (found) return found;
  const names = [...known.map((format) => format.name), "langchain"].join(", ");
  throw new UsageError(`--${name} must be one of ${names}; it is ${JSON.stringify(wanted) ?? "left out"}.`);
}

async function langchain(): Promise<Format> {
  try {
    return (await import("@plugboard/transcript/langchain")).langchainMessages;
  } catch {
    throw new UsageError("LangChain's messages are read by LangChain: npm install @langchain/core");
  }
}
