import type {
  AssistantMessage,
  FilePart,
  Json,
  JsonObject,
  Message,
  Owned,
  TextPart,
  ToolCallPart,
  ToolMessage,
  ToolResultPart,
} from "@plugboard/core";
import type { Writing } from "./writing.ts";
import { ModelError } from "@plugboard/core";
import { callArguments, mergeProviderOptions, noResult, objectOf, stringOf, takeResult } from "@plugboard/wire";
import type { CallPlace } from "@plugboard/wire";
import { documentOf, imageOf } from "./files.ts";
import { writeOutput } from "./tool-output.ts";
import { owner } from "../account.ts";
import { ownData, warn } from "./writing.ts";

/** Under what name arguments are sent that are no object, which is all that Cohere takes. */
const bareInput = "input";

/**
 * A conversation as Cohere wants it: every call of a tool is answered right after the turn that made it, no answer stands without its
 * call, and a turn that calls tools says no text. One that is otherwise is mended, with a warning.
 *
 * @throws {ModelError} `invalid-request` for a conversation that says nothing; `unsupported` for a file that cannot be sent
 */
export function writeMessages(messages: readonly Message[], writing: Writing): JsonObject[] {
  const written: JsonObject[] = [];
  const answered = new Set<ToolResultPart>();

  messages.forEach((message, place) => {
    const path = `messages[${place}]`;
    const own = ownData(message, path, writing);
    const add = (said: JsonObject): void => void written.push(own ? mergeProviderOptions(said, own) : said);
    switch (message.role) {
      case "system":
        if (message.content !== "") add({ role: "system", content: message.content });
        else warn(writing, "adapted", path, "The message has nothing in it to send, and is left out.");
        return;
      case "user": {
        const content =
          typeof message.content === "string" ? message.content : writeUser(message.content, path, writing);
        if (content.length > 0) add({ role: "user", content });
        else warn(writing, "adapted", path, "The message has nothing in it to send, and is left out.");
        return;
      }
      case "assistant": {
        const turn = writeAssistant(message, path, writing);
        if (!turn) return warn(writing, "adapted", path, "The message has nothing in it to send, and is left out.");
        add(turn.message);
        writeResults(turn.calls, { messages, place, answered }, writing, written);
        return;
      }
      case "tool":
        writeOrphans(message.content, path, answered, writing, written);
    }
  });
  if (written.some(({ role }) => role !== "system")) return written;
  throw new ModelError("`messages` must have at least one message with something in it, besides system messages.", {
    code: "invalid-request",
    provider: owner,
    model: writing.model,
  });
}

function writeUser(parts: readonly (TextPart | FilePart)[], path: string, writing: Writing): string | JsonObject[] {
  const blocks: JsonObject[] = [];
  parts.forEach((part, place) => {
    const at = `${path}.content[${place}]`;
    const own = ownData(part, at, writing);
    const block = part.type === "text" ? textBlock(part.text) : (imageOf(part) ?? addDocument(part, at, writing, own));
    if (block) blocks.push(own ? mergeProviderOptions(block, own) : block);
  });
  return blocks.length === 1 && Object.keys(blocks[0]!).length === 2
    ? (stringOf(blocks[0]!["text"]) ?? blocks)
    : blocks;
}

/** A text in a file is something to cite. */
function addDocument(file: FilePart, path: string, writing: Writing, own: JsonObject | undefined): undefined {
  const document = documentOf(file, path, writing.model);
  writing.documents.push(own ? mergeProviderOptions(document, own) : document);
  warn(writing, "adapted", path, "The file is sent as a document beside the conversation.");
}

function textBlock(text: string): JsonObject | undefined {
  return text === "" ? undefined : { type: "text", text };
}

/** A call, and its id on the wire. */
interface WrittenCall {
  readonly call: ToolCallPart;
  readonly id: string;
}

interface Turn {
  readonly message: JsonObject;
  readonly calls: readonly WrittenCall[];
}

/** `undefined` for a turn that says nothing. */
function writeAssistant({ content }: AssistantMessage, path: string, writing: Writing): Turn | undefined {
  if (typeof content === "string")
    return content === "" ? undefined : { message: { role: "assistant", content }, calls: [] };

  const texts: JsonObject[] = [];
  const thoughts: JsonObject[] = [];
  const calls: WrittenCall[] = [];
  const toolCalls: JsonObject[] = [];
  let plan = "";
  content.forEach((part, place) => {
    const at = `${path}.content[${place}]`;
    const own = ownData(part, at, writing);
    switch (part.type) {
      case "text": {
        if (part.citations?.length) {
          warn(writing, "dropped", `${at}.citations`, "Citations are not sent back to Cohere.");
        }
        const block = textBlock(part.text);
        if (block) texts.push(block);
        return;
      }
      case "reasoning":
        if (part.text === "" || isForeign(part, own)) return; // said already
        if (writing.thinks) thoughts.push({ type: "thinking", thinking: part.text });
        else warn(writing, "dropped", at, "The model does not think, and is sent no thoughts.");
        return;
      case "tool-call": {
        if (part.executed) return warn(writing, "dropped", at, "A call that its provider ran itself cannot be told.");
        const taken = calls.some(({ id }) => id === part.id);
        const id = part.id === "" || taken ? `${part.id || "call"}_${place}` : part.id;
        calls.push({ call: part, id });
        toolCalls.push(writeCall(part, id, at, writing));
        return;
      }
      case "tool-result":
        return warn(writing, "dropped", at, "The result of a call that its provider ran itself cannot be told.");
      case "file":
        return warn(writing, "dropped", at, "A file in an answer cannot be sent back.");
      case "source":
        return warn(writing, "dropped", at, "A source cannot be sent back.");
      case "opaque":
        plan += stringOf(own?.["tool_plan"]) ?? "";
        return;
      default: // a type of part that is younger than this adapter
    }
  });

  if (calls.length > 0 && texts.length > 0) {
    // Cohere has one place for what is said beside calls.
    plan = [plan, ...texts.map(({ text }) => stringOf(text) ?? "")].filter((text) => text !== "").join("\n");
    texts.length = 0;
    warn(writing, "adapted", path, "Text beside calls of tools is sent as the plan of the turn.");
  }
  const blocks = [...thoughts, ...texts];
  if (blocks.length === 0 && toolCalls.length === 0) {
    return plan === "" ? undefined : { message: { role: "assistant", content: plan }, calls };
  }
  const message: Record<string, Json> = { role: "assistant" };
  if (blocks.length > 0) message["content"] = blocks;
  if (toolCalls.length > 0) {
    if (plan !== "") message["tool_plan"] = plan;
    message["tool_calls"] = toolCalls;
  }
  return { message, calls };
}

/** Thoughts of another provider; those of Cohere bear no mark. */
function isForeign({ providerData = {} }: Owned, own: JsonObject | undefined): boolean {
  return !own && Object.keys(providerData).length > 0;
}

function writeCall(call: ToolCallPart, id: string, path: string, writing: Writing): JsonObject {
  const name = writing.names.toWire(call.name);
  if (objectOf(call.input)) return { id, type: "function", function: { name, arguments: callArguments(call) } };
  warn(writing, "adapted", path, `Arguments that are no object are sent as its member \`${bareInput}\`.`);
  return { id, type: "function", function: { name, arguments: JSON.stringify({ [bareInput]: call.input }) } };
}

/** The answers to the calls of a turn, and after them the images in them, which a tool may not give. */
function writeResults(calls: readonly WrittenCall[], at: CallPlace, writing: Writing, written: JsonObject[]): void {
  const images: JsonObject[] = [];
  for (const { call, id } of calls) {
    const found = takeResult(call, at, (warning) => writing.warnings.push(warning));
    if (!found) {
      written.push({ role: "tool", tool_call_id: id, content: noResult });
      continue;
    }
    const own = ownData(found.result, found.path, writing);
    const output = writeOutput(found.result, found.path, writing);
    const answer = { role: "tool", tool_call_id: id, content: output.content };
    written.push(own ? mergeProviderOptions(answer, own) : answer);
    if (output.images.length > 0) images.push(showImages(found.result, output.images, found.path, writing));
  }
  written.push(...images);
}

function showImages(
  { name }: ToolResultPart,
  images: readonly JsonObject[],
  path: string,
  writing: Writing,
): JsonObject {
  warn(writing, "adapted", path, "Images in the result of a tool are sent as a message of the user after it.");
  return { role: "user", content: [{ type: "text", text: `From the tool ${name}:` }, ...images] };
}

/** Results of calls that are not in the conversation become something the user says. */
function writeOrphans(
  parts: ToolMessage["content"],
  path: string,
  answered: ReadonlySet<ToolResultPart>,
  writing: Writing,
  written: JsonObject[],
): void {
  parts.forEach((part, index) => {
    const at = `${path}.content[${index}]`;
    if (part.type === "opaque") {
      return warn(writing, "dropped", at, `An item of kind ${part.kind} cannot stand among results.`);
    }
    if (answered.has(part)) return;
    warn(writing, "adapted", at, `No call has the id ${part.id}; the result is sent as words of the user.`);
    const { content, images } = writeOutput(part, at, writing);
    const told = typeof content === "string" ? content : content.map(wordsOf).join("\n");
    written.push({ role: "user", content: `Result of the tool ${part.name}: ${told}` });
    if (images.length > 0) written.push(showImages(part, images, at, writing));
  });
}

function wordsOf(block: JsonObject): string {
  return stringOf(block["text"]) ?? JSON.stringify(objectOf(block["document"])?.["data"] ?? null);
}
