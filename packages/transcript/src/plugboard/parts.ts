import type { AssistantPart, FilePart, Json, JsonObject, Message, OpaquePart, ToolOutputPart } from "@plugboard/core";
import { itemsAt, nameAt, objectAt, optionalText, refusedField, textAt } from "@plugboard/wire";
import type { StoredFiles } from "./stored-file.ts";

/** What a message says, with its files apart. */
export async function writeContent(content: Message["content"], files: StoredFiles): Promise<Json> {
  if (typeof content === "string") return content;
  const parts: Json[] = [];
  for (const part of content) parts.push(await writePart(part, files));
  return parts;
}

async function writePart(part: AssistantPart | ToolOutputPart | OpaquePart, files: StoredFiles): Promise<Json> {
  if (part.type === "file") return files.write(part);
  if (part.type !== "tool-result" || typeof part.output === "string") return part as unknown as Json;
  const output: Json[] = [];
  for (const piece of part.output) output.push(await writePart(piece, files));
  return { ...part, output };
}

/** @throws {ModelError} `invalid-request` that names the field */
export async function readContent(
  content: Json | undefined,
  role: Message["role"],
  path: string,
  files: StoredFiles,
): Promise<Message["content"]> {
  if (typeof content === "string" && role !== "tool") return content;
  if (role === "system") return textAt(content, path);
  const parts: AssistantPart[] = [];
  for (const [place, part] of itemsAt(content, path).entries()) {
    const at = `${path}[${place}]`;
    const read = await readPart(objectAt(part, at), at, files);
    if (!allowed[role].has(read.type)) throw refusedField(`${at}.type`, [...allowed[role]].join(" or "), read.type);
    parts.push(read as AssistantPart);
  }
  return parts;
}

const allowed: Readonly<Record<"user" | "assistant" | "tool", ReadonlySet<string>>> = {
  user: new Set(["text", "file"]),
  assistant: new Set(["text", "reasoning", "file", "source", "tool-call", "tool-result", "opaque"]),
  tool: new Set(["tool-result", "opaque"]),
};

/** Whether it is a type of a part, wherever such a part may stand. */
export function isPartType(type: Json | undefined): boolean {
  return typeof type !== "string" || type === "json" || allowed.assistant.has(type);
}

async function readPart(part: JsonObject, path: string, files: StoredFiles): Promise<AssistantPart | ToolOutputPart> {
  switch (part["type"]) {
    case "text":
    case "reasoning":
      textAt(part["text"], `${path}.text`);
      break;
    case "file": {
      nameAt(part["mediaType"], `${path}.mediaType`);
      optionalText(part["filename"], `${path}.filename`);
      return { ...part, data: await files.read(part["data"], `${path}.data`) } as unknown as FilePart;
    }
    case "tool-call":
      textAt(part["id"], `${path}.id`);
      textAt(part["name"], `${path}.name`);
      if (part["input"] === undefined) throw refusedField(`${path}.input`, "any JSON", undefined);
      break;
    case "tool-result": {
      textAt(part["id"], `${path}.id`);
      textAt(part["name"], `${path}.name`);
      const { output } = part;
      if (typeof output === "string") break;
      const pieces: ToolOutputPart[] = [];
      for (const [place, piece] of itemsAt(output, `${path}.output`).entries()) {
        const at = `${path}.output[${place}]`;
        const read = await readPart(objectAt(piece, at), at, files);
        if (read.type !== "text" && read.type !== "file" && read.type !== "json")
          throw refusedField(`${at}.type`, "text, file or json", read.type);
        pieces.push(read);
      }
      return { ...part, output: pieces } as unknown as AssistantPart;
    }
    case "json":
      if (part["value"] === undefined) throw refusedField(`${path}.value`, "any JSON", undefined);
      break;
    case "source":
      break;
    case "opaque":
      textAt(part["kind"], `${path}.kind`);
      objectAt(part["providerData"], `${path}.providerData`);
      break;
    default:
      throw refusedField(
        `${path}.type`,
        "text, reasoning, file, source, tool-call, tool-result, json or opaque",
        part["type"],
      );
  }
  // Its members have been looked at; what else it has belongs to it.
  return part as unknown as AssistantPart;
}
