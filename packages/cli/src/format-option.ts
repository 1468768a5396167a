import { callLines, formatNamed, formats } from "@plugboard/transcript";
import type { Format } from "@plugboard/transcript";
import { UsageError, textOption } from "./command.ts";
import type { Given } from "./command.ts";

/** The names that an option for a format may have. */
export const formatNames: readonly string[] = [...formats.map(({ name }) => name), "langchain"];

/** The format that an option names: one of the package's, a log, or LangChain's where that is installed. @throws {UsageError} for none, and for another name */
export async function formatOption(given: Given, name: string): Promise<Format> {
  const wanted = textOption(given, name);
  if (wanted === callLines.name && name === "from") return callLines;
  if (wanted === "langchain") return langchain();
  if (wanted === undefined || !formatNames.includes(wanted)) {
    const names = [...formatNames, ...(name === "from" ? [callLines.name] : [])].join(", ");
    throw new UsageError(`--${name} must be one of ${names}; it is ${JSON.stringify(wanted) ?? "left out"}.`);
  }
  return formatNamed(wanted);
}

async function langchain(): Promise<Format> {
  try {
    return (await import("@plugboard/transcript/langchain")).langchainMessages;
  } catch {
    throw new UsageError("LangChain's messages are read by LangChain: npm install @langchain/core");
  }
}
