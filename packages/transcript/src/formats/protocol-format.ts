import { ModelError } from "@plugboard/core";
import type {
  AssistantPart,
  FilePart,
  Json,
  JsonObject,
  Message,
  ProviderModel,
  RequestPlan,
  Tool,
  Warning,
} from "@plugboard/core";
import type { ServedProtocol } from "@plugboard/wire";
import { itemsAt, objectAt } from "@plugboard/wire";
import type { Conversation } from "../conversation.ts";
import { defineFormat } from "../define-format.ts";
import type { EncodedConversation, FormatParts } from "../define-format.ts";
import type { Format, Holds, Loss, ReadConversation } from "../format.ts";

/** The protocol of a provider, as the form of a conversation: its requests hold one. */
export interface ProtocolParts {
  readonly name: string;
  readonly title: string;
  readonly holds: Holds;
  /** How requests are written. */
  readonly model: (id: string) => ProviderModel;
  /** Written for where none is named: one that takes most. */
  readonly usualModel: string;
  /** How requests are read. */
  readonly protocol: Pick<ServedProtocol, "readRequest">;
  /** Where the messages stand in a body. */
  readonly list: "messages" | "contents" | "input";
  /** What else of a body is of the conversation. */
  readonly members: readonly string[];
  /** What a reader wants of a body that is of the request alone. */
  readonly filling?: JsonObject;
  /** Calls are written beside their tools alone: where the conversation tells of none, the member that tools stand in is left out again. */
  readonly toolMember?: string;
  /** What becomes of a part that the reader gives, where a conversation that goes elsewhere has another word for it. */
  readonly readPart?: (part: AssistantPart) => AssistantPart;
  /** Whether a piece that was refused is of a kind that is not known here. @default one whose `type` was refused */
  readonly isUnknown?: FormatParts["isUnknown"];
}

/**
 * A format made of an adapter and the protocol that it speaks: conversations are read and written by the same mappings as requests, so
 * what is written can be sent, and what was sent can be read.
 */
export function protocolFormat({ name, title, holds, ...parts }: ProtocolParts): Format {
  return defineFormat({
    name,
    title,
    holds,
    isList: true,
    list: parts.list,
    ...(parts.isUnknown && { isUnknown: parts.isUnknown }),
    read: (json) => readBody(json, parts),
    write: (conversation, { model = parts.usualModel }) => writeBody(conversation, parts.model(model), parts),
  });
}

type Reading = Pick<ProtocolParts, "protocol" | "list" | "members" | "filling" | "readPart">;

function readBody(json: Json, { protocol, list, members, filling, readPart }: Reading): ReadConversation {
  const asked = Array.isArray(json) ? { [list]: json as Json } : objectAt(json, "conversation");
  const body: Record<string, Json | undefined> = {};
  for (const member of [list, ...members]) if (asked[member] !== undefined) body[member] = asked[member];
  const { model } = asked;
  const { request } = protocol.readRequest({ ...filling, ...body, model: "any" });
  const { messages, tools } = request;
  const losses = Object.keys(asked)
    .filter((member) => member !== "model" && member !== list && !members.includes(member))
    .map((member): Loss => ({
      path: member,
      what: "setting",
      why: `\`${member}\` is of the request, not of the conversation.`,
    }));
  return {
    conversation: {
      ...(typeof model === "string" && { model }),
      messages: readPart ? messages.map((message) => withParts(message, readPart)) : messages,
      ...(tools && tools.length > 0 && { tools }),
    },
    losses,
  };
}

function withParts(message: Message, readPart: (part: AssistantPart) => AssistantPart): Message {
  if (typeof message.content === "string" || message.role === "tool") return message;
  // A part of a user's turn becomes another of those.
  return { ...message, content: (message.content as readonly AssistantPart[]).map(readPart) } as Message;
}

async function writeBody(
  { messages, tools = [] }: Conversation,
  model: ProviderModel,
  { list, members, toolMember }: Pick<ProtocolParts, "list" | "members" | "toolMember">,
): Promise<EncodedConversation> {
  const end = endOf(messages);
  const untold = toolMember === undefined || tools.length > 0 ? [] : toolsCalled(messages);
  const { body, warnings } = await writable([...messages, ...end.messages], [...tools, ...untold], model);
  const entries = [...itemsAt(body[list], list)];
  while (end.mark !== "" && entries.length > 0 && JSON.stringify(entries.at(-1)).includes(end.mark)) entries.pop();
  const kept = members.filter((member) => body[member] !== undefined && !(member === toolMember && tools.length === 0));
  return {
    json: { ...Object.fromEntries(kept.map((member) => [member, body[member]])), [list]: entries },
    warnings,
  };
}

/** Tools of which is known that they were called. */
function toolsCalled(messages: readonly Message[]): Tool[] {
  const names = messages.flatMap(({ content }) =>
    typeof content === "string"
      ? []
      : content.flatMap((part) => (part.type === "tool-call" && !part.executed ? [part.name] : [])),
  );
  return [...new Set(names)].map((name) => ({ name, input: { type: "object", properties: {} } }));
}

/**
 * What is put after a conversation so that it ends as a request does, with the user, and is taken off again: otherwise the last answer
 * would be written as the beginning of one, and calls that wait for results would get some.
 */
function endOf(messages: readonly Message[]): { readonly messages: readonly Message[]; readonly mark: string } {
  const last = messages.at(-1);
  if (last?.role !== "assistant") return { messages: [], mark: "" };
  const mark = markFor(messages);
  const calls = typeof last.content === "string" ? [] : last.content.filter((part) => part.type === "tool-call");
  const answered = new Set(
    typeof last.content === "string"
      ? []
      : last.content.flatMap((part) => (part.type === "tool-result" ? part.id : [])),
  );
  const open = calls.filter(({ id, executed }) => !executed && !answered.has(id));
  if (open.length === 0) return { messages: [{ role: "user", content: mark }], mark };
  const content = open.map(({ id, name }) => ({ type: "tool-result" as const, id, name, output: mark }));
  return { messages: [{ role: "tool", content }], mark };
}

/** A text that nothing in the conversation says. */
function markFor(messages: readonly Message[]): string {
  const said = JSON.stringify(messages, (_name, value: unknown) => (value instanceof Uint8Array ? "" : value));
  for (let number = 0; ; number++) {
    const mark = `<end-of-conversation-${number}>`;
    if (!said.includes(mark)) return mark;
  }
}

/** The request; files that the provider does not take at all are left out, and told. */
async function writable(
  messages: readonly Message[],
  tools: readonly Tool[],
  model: ProviderModel,
): Promise<Pick<RequestPlan, "body" | "warnings">> {
  try {
    return await model.plan({ messages, tools });
  } catch (error) {
    if (!(error instanceof ModelError) || (error.code !== "unsupported" && error.code !== "invalid-request"))
      throw error;
    const refused = new Map<FilePart, Warning>();
    for (const [file, path] of filesOf(messages)) {
      const why = await refusal(file, model);
      if (why !== undefined) refused.set(file, { code: "dropped", path, message: why.replaceAll(alone, path) });
    }
    if (refused.size === 0) throw error;
    const { body, warnings } = await model.plan({ messages: without(messages, refused), tools });
    return { body, warnings: [...refused.values(), ...warnings.map((warning) => moved(warning, messages, refused))] };
  }
}

/** Where a file stands in a request that has nothing else. */
const alone = "messages[0].content[0]";

async function refusal(file: FilePart, model: ProviderModel): Promise<string | undefined> {
  try {
    await model.plan({ messages: [{ role: "user", content: [file] }] });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function filesOf(messages: readonly Message[]): [FilePart, string][] {
  return messages.flatMap(({ content }, index) =>
    typeof content === "string"
      ? []
      : content.flatMap((part, place): [FilePart, string][] => {
          const path = `messages[${index}].content[${place}]`;
          if (part.type === "file") return [[part, path]];
          if (part.type !== "tool-result" || typeof part.output === "string") return [];
          return part.output.flatMap((piece, at): [FilePart, string][] =>
            piece.type === "file" ? [[piece, `${path}.output[${at}]`]] : [],
          );
        }),
  );
}

function without(messages: readonly Message[], files: ReadonlyMap<unknown, Warning>): Message[] {
  return messages.map((message): Message => {
    if (typeof message.content === "string") return message;
    const content = message.content.flatMap((part) => {
      if (files.has(part)) return [];
      if (part.type !== "tool-result" || typeof part.output === "string") return [part];
      return [{ ...part, output: part.output.filter((piece) => !files.has(piece)) }];
    });
    return { ...message, content } as Message;
  });
}

/** A warning of a conversation without some of its files, at the place that it has with them. */
function moved(warning: Warning, messages: readonly Message[], files: ReadonlyMap<unknown, Warning>): Warning {
  const [start, index, place] = /^messages\[(\d+)\]\.content\[(\d+)\]/.exec(warning.path ?? "") ?? [];
  const content = start === undefined ? undefined : messages[Number(index)]?.content;
  if (start === undefined || content === undefined || typeof content === "string") return warning;
  const kept = content.flatMap((part, at) => (files.has(part) ? [] : [at]));
  const path = `messages[${index}].content[${kept[Number(place)] ?? place}]${warning.path!.slice(start.length)}`;
  return { ...warning, path };
}
