import type { Json, JsonObject, ToolOutput, ToolOutputPart } from "@plugboard/core";
import { fromBase64, listOf, objectOf, stringOf } from "@plugboard/wire";

/**
 * What a tool of a server gave back, as our tools give it: text, files, and JSON for what is structured. Servers repeat what is
 * structured as text for those who cannot read it; that text is left out.
 *
 * @throws {Error} what the server says went wrong, for a result that is marked as a failure
 */
export function readToolResult(result: object): ToolOutput {
  const { content, structuredContent, isError, toolResult } = result as JsonObject;
  // How servers of 2024 answered.
  if (content === undefined && toolResult !== undefined) return toolResult;
  const structured = objectOf(structuredContent);
  const items = listOf(content)
    .map(objectOf)
    .filter((item) => item !== undefined);
  if (isError === true) throw new Error(failureText(items, structured));

  const same = structured && JSON.stringify(sorted(structured));
  const parts = items.filter((item) => same === undefined || repeated(item) !== same).map(partOf);
  if (structured) return [{ type: "json", value: structured }, ...parts];
  const [first] = parts;
  return parts.length === 1 && first?.type === "text" ? first.text : parts.length === 0 ? undefined : parts;
}

function partOf(item: JsonObject): ToolOutputPart {
  const data = stringOf(item["data"]);
  const mediaType = stringOf(item["mimeType"]);
  switch (item["type"]) {
    case "text":
      return { type: "text", text: stringOf(item["text"]) ?? "" };
    case "image":
    case "audio":
      if (data === undefined || mediaType === undefined) break;
      return { type: "file", mediaType, data: fromBase64(data) };
    case "resource": {
      const { uri, text, blob, mimeType } = objectOf(item["resource"]) ?? {};
      if (typeof text === "string") return { type: "text", text };
      if (typeof blob !== "string") break;
      const filename = stringOf(uri)?.split("/").at(-1);
      return {
        type: "file",
        mediaType: stringOf(mimeType) ?? "application/octet-stream",
        data: fromBase64(blob),
        ...(filename && { filename }),
      };
    }
    default:
  }
  // A link to a resource, and kinds that are younger than this: a model may still make something of them.
  return { type: "json", value: item };
}

function failureText(items: readonly JsonObject[], structured: JsonObject | undefined): string {
  const texts = items.flatMap((item) => stringOf(item["text"]) ?? []);
  if (texts.length > 0) return texts.join("\n");
  return structured ? JSON.stringify(structured) : "The tool failed.";
}

/** A text that is JSON, in the order by which it can be compared. */
function repeated(item: JsonObject): string | undefined {
  const text = item["type"] === "text" ? stringOf(item["text"]) : undefined;
  if (!text?.trimStart().startsWith("{")) return undefined;
  try {
    return JSON.stringify(sorted(JSON.parse(text) as Json));
  } catch {
    return undefined;
  }
}

function sorted(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(sorted);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member ?? null)]));
}
