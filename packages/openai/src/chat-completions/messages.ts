import { ModelError } from "@plugboard/core";
import type {
  AssistantMessage,
  FilePart,
  Json,
  JsonObject,
  Message,
  ToolCallPart,
  ToolMessage,
  ToolResultPart,
} from "@plugboard/core";
import { callArguments, mergeProviderOptions, noResult, takeResult } from "@plugboard/wire";
import { writeContent } from "./content.ts";
import { callId } from "../shared/call-ids.ts";
import { pick, warn } from "../shared/writing.ts";
import type { Writing } from "./writing.ts";
import { ownData } from "./writing.ts";

/**
 * A conversation in the form of the protocol, which wants every call of a tool answered right after the turn that made it, and no
 * answer to a call that nobody made. A conversation that is otherwise is mended, with a warning.
 *
 * @throws {ModelError} `invalid-request` for a conversation that says nothing; `unsupported` for a file that cannot be sent
 */
export function writeMessages(messages: readonly Message[], writing: Writing): JsonObject[] {
  const written: JsonObject[] = [];
  const answered = new Set<ToolResultPart>();

  messages.forEach((message, place) => {
    const path = `messages[${place}]`;
    switch (message.role) {
      case "system":
        written.push(own(message, path, { role: writing.systemRole, content: message.content }, writing));
        return;
      case "user": {
        const { content } = message;
        const said = typeof content === "string" ? content : writeContent(content, `${path}.content`, writing);
        written.push(own(message, path, { role: "user", content: said }, writing));
        return;
      }
      case "assistant": {
        const turn = writeAssistant(message, path, writing);
        if (!turn) {
          warn(writing, "dropped", path, "The turn says nothing that can be sent.");
          return;
        }
        written.push(own(message, path, turn.message, writing));
        const pictures: JsonObject[] = [];
        for (const call of turn.calls) {
          const found = takeResult(call, { messages, place, answered }, (warning) => writing.warnings.push(warning));
          const { text, files } = found ? readOutput(found.result) : { text: noResult, files: [] };
          const answer: JsonObject = { role: "tool", tool_call_id: wireId(call.id, writing), content: text };
          const data = found && ownData(found.result, found.path, writing);
          written.push(data ? mergeProviderOptions(answer, data) : answer);
          if (found && files.length > 0) pictures.push(showFiles(files, found.result.name, found.path, writing));
        }
        written.push(...pictures);
        return;
      }
      case "tool":
        writeOrphans(message, path, answered, writing, written);
        return;
    }
  });
  if (written.length > 0) return written;
  const { provider } = writing.dialect;
  throw new ModelError("`messages` must say something; every one of them is empty.", {
    code: "invalid-request",
    provider,
    model: writing.model,
  });
}

function wireId(id: string, { dialect }: Writing): string {
  return dialect.callId ? dialect.callId(id) : callId(id);
}

/** The message with what the vendor wants handed back with it. */
function own(message: Message, path: string, written: JsonObject, writing: Writing): JsonObject {
  const data = ownData(message, path, writing);
  return data ? mergeProviderOptions(written, data) : written;
}

interface Turn {
  readonly message: JsonObject;
  readonly calls: readonly ToolCallPart[];
}

/** `undefined` for a turn that says nothing. */
function writeAssistant({ content }: AssistantMessage, path: string, writing: Writing): Turn | undefined {
  if (typeof content === "string")
    return content === "" ? undefined : { message: { role: "assistant", content }, calls: [] };

  let text = "";
  let thoughts = "";
  const details: Json[] = [];
  const calls: ToolCallPart[] = [];
  const written: JsonObject[] = [];
  const message: Record<string, Json> = { role: "assistant" };
  content.forEach((part, place) => {
    const at = `${path}.content[${place}]`;
    switch (part.type) {
      case "text":
        ownData(part, at, writing);
        text += part.text;
        return;
      case "reasoning": {
        const data = ownData(part, at, writing)?.["reasoning_details"];
        if (Array.isArray(data)) details.push(...data);
        thoughts += part.text;
        if (!writing.dialect.replay)
          warn(writing, "dropped", at, `${writing.dialect.provider} does not take thoughts back.`);
        return;
      }
      case "tool-call":
        if (part.executed) warn(writing, "dropped", at, "A call that its provider ran itself cannot be told.");
        else {
          calls.push(part);
          written.push(writeCall(part, at, writing));
        }
        return;
      case "tool-result":
        warn(writing, "dropped", at, "The result of a call that its provider ran itself cannot be told.");
        return;
      case "file": {
        const audio = ownData(part, at, writing)?.["audio"];
        if (audio) message["audio"] = audio;
        else warn(writing, "dropped", at, "A file in an answer cannot be sent back.");
        return;
      }
      case "source":
        warn(writing, "dropped", at, "A source cannot be sent back.");
        return;
      case "opaque": {
        const data = ownData(part, at, writing);
        if (!data) {
          if (pick(part.providerData, writing.dialect))
            warn(writing, "dropped", at, `An item of kind ${part.kind} cannot be told in chat completions.`);
          return;
        }
        const { reasoning_details: more, ...others } = data;
        if (Array.isArray(more)) details.push(...more);
        Object.assign(message, others);
        return;
      }
    }
  });

  const { replay } = writing.dialect;
  if (replay === "thinking" && thoughts !== "") {
    const thinking = { type: "thinking", thinking: [{ type: "text", text: thoughts }] };
    message["content"] = text === "" ? [thinking] : [thinking, { type: "text", text }];
  } else if (replay === "reasoning_details" && details.length > 0) message["reasoning_details"] = details;
  else if (replay && thoughts !== "") message[replay === "reasoning_details" ? "reasoning" : replay] = thoughts;
  if (written.length > 0) message["tool_calls"] = written;
  if (text === "" && Object.keys(message).every((name) => saysNothing.has(name))) return undefined;
  message["content"] ??= text === "" && calls.length > 0 ? null : text;
  return { message, calls };
}

/** Members that make no turn by themselves: thoughts that nothing follows are refused. */
const saysNothing = new Set(["role", "reasoning_content", "reasoning", "reasoning_details"]);

/** A call as its model wrote it, byte for byte. */
function writeCall(call: ToolCallPart, path: string, writing: Writing): JsonObject {
  const data = ownData(call, path, writing);
  const raw = callArguments(call);
  const id = wireId(call.id, writing);
  const name = writing.names.toWire(call.name);
  if (data?.["type"] === "custom")
    return { id, type: "custom", custom: { name, input: typeof call.input === "string" ? call.input : raw } };
  const written: JsonObject = { id, type: "function", function: { name, arguments: raw } };
  return data ? mergeProviderOptions(written, data) : written;
}

/** Results of calls that are not in the conversation become something the user says. */
function writeOrphans(
  message: ToolMessage,
  path: string,
  answered: ReadonlySet<ToolResultPart>,
  writing: Writing,
  written: JsonObject[],
): void {
  message.content.forEach((part, place) => {
    const at = `${path}.content[${place}]`;
    if (part.type === "opaque") {
      warn(writing, "dropped", at, `An item of kind ${part.kind} cannot stand among results.`);
      return;
    }
    if (answered.has(part)) return;
    warn(writing, "adapted", at, `No call has the id ${part.id}; the result is sent as words of the user.`);
    const { text, files } = readOutput(part);
    written.push({ role: "user", content: `Result of the tool ${part.name}: ${text}` });
    if (files.length > 0) written.push(showFiles(files, part.name, at, writing));
  });
}

/** Results are text here; a failure says so in words, JSON is written out, and files are sent after. */
function readOutput({ output, isError }: ToolResultPart): {
  readonly text: string;
  readonly files: readonly FilePart[];
} {
  const pieces: string[] = [];
  const files: FilePart[] = [];
  if (typeof output === "string") pieces.push(output);
  else {
    for (const part of output) {
      if (part.type === "text") pieces.push(part.text);
      else if (part.type === "json") pieces.push(JSON.stringify(part.value));
      else files.push(part);
    }
  }
  if (files.length > 0) pieces.push(`(${files.length === 1 ? "A file follows" : `${files.length} files follow`}.)`);
  const text = pieces.join("\n");
  return { text: isError && !/^error/i.test(text) ? `Error: ${text}` : text, files };
}

function showFiles(files: readonly FilePart[], name: string, path: string, writing: Writing): JsonObject {
  warn(writing, "adapted", path, "Files in the result of a tool are sent as a message of the user after it.");
  const content = writeContent([{ type: "text", text: `From the tool ${name}:` }, ...files], `${path}.output`, writing);
  return { role: "user", content };
}
