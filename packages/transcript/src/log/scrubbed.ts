import type { Json, JsonObject } from "@plugboard/core";
import type { Conversation } from "../conversation.ts";
import { plugboardLines } from "../plugboard/plugboard-lines.ts";

/** Members that say what something is, and not what somebody said. */
const kept = new Set(["type", "role", "id", "kind", "mediaType", "sha256", "name", "finishReason"]);

/**
 * A line of a log with every text in it changed that somebody said, or that came of it: messages, arguments and results of tools, answers,
 * what providers want handed back, sentences of errors, tags. Names of tools, ids and the bytes of files stay as they are.
 */
export function scrubbed(line: JsonObject, scrub: (text: string) => string): JsonObject {
  const { request, result, error, tags, ...rest } = line;
  return {
    ...rest,
    ...(tags !== undefined && { tags: texts(tags, scrub, 0, nothing) }),
    ...(request !== undefined && { request: texts(request, scrub, 0, kept) }),
    ...(result !== undefined && { result: texts(result, scrub, 0, kept) }),
    ...(error !== undefined && { error: texts(error, scrub, 0, new Set(["code", "phase", "requestId"])) }),
  };
}

/** A question as data with every text in it changed, just as `scrubbed` changes it in a line. */
export function scrubbedPrompt(prompt: JsonObject, scrub: (text: string) => string): JsonObject {
  // What is an object stays one.
  return texts(prompt, scrub, 0, kept) as JsonObject;
}

/** A conversation with every text in it changed that somebody said; its title, too. */
export async function scrubbedConversation(
  conversation: Conversation,
  scrub: (text: string) => string,
): Promise<Conversation> {
  const { json } = await plugboardLines.write(conversation);
  // A line of ours is an object.
  const { messages, title, ...rest } = json as JsonObject;
  const line = {
    ...rest,
    ...(typeof title === "string" && { title: scrub(title) }),
    messages: texts(messages ?? [], scrub, 0, kept),
  };
  return (await plugboardLines.read(line)).conversation;
}

/** Any value with every text in it changed, names of members as well. */
export function scrubbedJson(value: Json, scrub: (text: string) => string): Json {
  return texts(value, scrub, 0, nothing);
}

const nothing: ReadonlySet<string> = new Set();
/** Deeper than this nobody looks; whoever nests so deep has something to hide. */
const deepest = 500;

function texts(value: Json, scrub: (text: string) => string, depth: number, left: ReadonlySet<string>): Json {
  if (typeof value === "string") return scrub(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > deepest) throw new RangeError(`A value is nested deeper than ${deepest} levels.`);
  if (Array.isArray(value)) return value.map((item: Json) => texts(item, scrub, depth + 1, left));
  return Object.fromEntries(
    Object.entries(value as JsonObject).flatMap(([name, member]) => {
      if (member === undefined) return [];
      // What a model called a tool with, and what a tool gave back, has names of its own.
      const within = name === "input" || name === "value" || name === "providerData" ? nothing : left;
      return [
        [
          left === nothing ? scrub(name) : name,
          typeof member === "string" && left.has(name) ? member : texts(member, scrub, depth + 1, within),
        ],
      ];
    }),
  );
}
