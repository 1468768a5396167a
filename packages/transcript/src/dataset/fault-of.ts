import type { FilePart, Message } from "@plugboard/core";
import { sortedJson } from "../sorted-json.ts";
import { partsOf } from "../parts-of.ts";
import { isPair } from "./training-example.ts";
import type { TrainingExample } from "./training-example.ts";
import type { TrainingFormat } from "./training-format.ts";

/** Why an example cannot be learnt from: a sentence that begins with where it is wrong; `undefined` for one that can. */
export function faultOf(example: TrainingExample, format: TrainingFormat): string | undefined {
  const { title, pair, systems = Infinity } = format;
  const { messages } = isPair(example) ? example.prompt : example;
  const told = messages.filter(({ role }) => role === "system").length;
  if (told > systems) return `${title} takes ${systems} message of the system; \`messages\` has ${told}.`;
  const image = faultOfImages(messages, format);
  if (image !== undefined) return image;
  if (!isPair(example)) return faultOfTalk(example.messages);
  if (!pair) return `${title} does not learn from pairs; give conversations.`;
  const { prompt, chosen, rejected } = example;
  const last = prompt.messages.at(-1);
  if (last?.role !== "user" && last?.role !== "tool")
    return `\`prompt.messages\` must end with a user or with results of tools; it ends with ${last?.role ?? "nothing"}.`;
  for (const [name, answer] of [
    ["chosen", chosen],
    ["rejected", rejected],
  ] as const)
    if (!saysSomething(answer)) return `\`${name}\` must say something or call a tool.`;
  if (sortedJson(chosen.content) === sortedJson(rejected.content))
    return "`rejected` must be another answer than `chosen`.";
  return faultOfCalls(prompt.messages);
}

function faultOfTalk(messages: readonly Message[]): string | undefined {
  const last = messages.at(-1);
  if (last?.role !== "assistant")
    return `\`messages\` must end with an answer to learn; it ends with ${last?.role ?? "nothing"}.`;
  if (!messages.some(({ role }) => role === "user")) return "`messages` must have a message of a user.";
  const empty = messages.findIndex((message) => message.role === "assistant" && !saysSomething(message));
  if (empty >= 0) return `\`messages[${empty}]\` must say something or call a tool.`;
  return faultOfCalls(messages);
}

/** The images of messages, with where they stand. */
export function imagesOf(messages: readonly Message[]): { readonly path: string; readonly file: FilePart }[] {
  return messages.flatMap(({ content }, place) =>
    partsOf(content).flatMap((part, index) =>
      part.type === "file" && part.mediaType.startsWith("image/")
        ? [{ path: `messages[${place}].content[${index}]`, file: part }]
        : [],
    ),
  );
}

function faultOfImages(messages: readonly Message[], { title, images }: TrainingFormat): string | undefined {
  if (!images) return undefined;
  const { most, mostBytes, mediaTypes } = images;
  const found = imagesOf(messages);
  if (found.length > most) return `${title} takes ${most} images an example; \`messages\` has ${found.length}.`;
  for (const { path, file } of found) {
    const { data, mediaType } = file;
    if (!mediaType.includes("*") && !mediaTypes.includes(mediaType))
      return `\`${path}\` must be ${mediaTypes.join(", ")}; it is ${mediaType}.`;
    if (!(data instanceof URL) && data.length > mostBytes)
      return `\`${path}\` must have ${mostBytes} bytes or less; it has ${data.length}.`;
  }
  return undefined;
}

function saysSomething({ content }: Message): boolean {
  return partsOf(content).some(
    (part) => part.type === "tool-call" || (part.type === "text" && part.text.trim() !== ""),
  );
}

/** Calls of all turns but the last must have results; results must have calls. */
function faultOfCalls(messages: readonly Message[]): string | undefined {
  const open = new Map<string, string>();
  for (const [place, { role, content }] of messages.entries()) {
    const parts = partsOf(content);
    if (role !== "tool") {
      const [unanswered] = open.values();
      if (unanswered !== undefined)
        return `\`${unanswered}\` must be answered before \`messages[${place}]\`: a call has a result.`;
    }
    for (const [index, part] of parts.entries()) {
      const path = `messages[${place}].content[${index}]`;
      if (part.type === "tool-call" && !part.executed) open.set(part.id, path);
      else if (part.type === "tool-result" && !part.executed && !open.delete(part.id))
        return `\`${path}\` must answer a call; there is none with the id ${JSON.stringify(part.id)} before it.`;
    }
  }
  return undefined;
}
