import type { AssistantPart, FilePart, Json, JsonObject, TextPart, ToolResultPart, Warning } from "@plugboard/core";
import { itemsAt, listOf, objectAt, objectOf, refusedField, stringOf, toolArguments } from "@plugboard/wire";
import type { Conversation, ConversationMessage } from "../conversation.ts";
import { defineFormat } from "../define-format.ts";
import type { Format, Loss, ReadConversation } from "../format.ts";
import { readWatched } from "../losses/read-watched.ts";
import { partsOf } from "../parts-of.ts";

/**
 * A conversation of ChatGPT's data export (`conversations.json` is a list of them): a tree of messages, of which the branch is read that
 * was on the screen last. Files are in the export beside it: they are read as their `file-service:` or `sediment:` addresses.
 */
export const chatgptExport: Format = /* @__PURE__ */ defineFormat({
  name: "chatgpt",
  title: "ChatGPT's export",
  holds: {
    conversation: ["id", "title", "created", "model"],
    message: ["id", "created", "model"],
    system: "anywhere",
    reasoning: "any",
    tools: "calls",
    isError: false,
    jsonOutput: false,
    toolDefinitions: false,
    files: ["image-url"],
    filenames: [],
    sources: false,
    citations: false,
    owners: [],
  },
  read: (json) => readWatched(json, readExported),
  tellsAll: true,
  write: writeConversation,
});

function readExported(json: Json): ReadConversation {
  const exported = objectAt(json, "conversation");
  const mapping = objectAt(exported["mapping"], "mapping");
  const losses: Loss[] = [];
  const branch = currentBranch(exported, mapping);
  const followed = new Set(branch);
  for (const id of Object.keys(mapping)) {
    const node = objectOf(mapping[id]);
    if (!node) {
      losses.push({ path: `mapping.${id}`, what: "node", why: "It is no node of the tree." });
      continue;
    }
    // The tree tells both again when it is written: whose parent a node is, and what it is called.
    listOf(node["children"]).forEach(stringOf);
    if ((stringOf(node["id"]) ?? id) !== id)
      losses.push({ path: `mapping.${id}.id`, what: "id", why: "A node is known by the name that it stands under." });
    if (!followed.has(id) && objectOf(objectOf(mapping[id])?.["message"]))
      losses.push({ path: `mapping.${id}`, what: "branch", why: "It stands on a branch that was not gone on with." });
  }
  const reader = new BranchReader(losses);
  for (const id of branch) {
    const message = objectOf(objectOf(mapping[id])?.["message"]);
    if (message) reader.read(message, id);
  }
  const { title, create_time: created, default_model_slug: model } = exported;
  const [id, other] = ["conversation_id", "id"].flatMap((name) => stringOf(exported[name]) ?? []);
  if (other !== undefined && other !== id)
    losses.push({ path: "id", what: "id", why: "A conversation has one, and `conversation_id` is it." });
  return {
    conversation: {
      ...(id !== undefined && { id }),
      ...(typeof title === "string" && title !== "" && { title }),
      ...(typeof created === "number" && { created: milliseconds(created) }),
      ...(typeof model === "string" && { model }),
      messages: reader.messages,
    },
    losses,
  };
}

/** From the first message to the one that was on the screen last; without one, to the newest leaf. */
function currentBranch({ current_node: current }: JsonObject, mapping: JsonObject): string[] {
  const branch: string[] = [];
  let node =
    stringOf(current) ??
    Object.keys(mapping).findLast((id) => listOf(objectOf(mapping[id])?.["children"]).length === 0);
  const seen = new Set<string>();
  while (node !== undefined) {
    if (seen.has(node)) throw refusedField(`mapping.${node}.parent`, "a message before it", node);
    seen.add(node);
    branch.push(node);
    const { parent } = objectAt(mapping[node], `mapping.${node}`);
    node = stringOf(parent);
  }
  return branch.toReversed();
}

class BranchReader {
  readonly messages: ConversationMessage[] = [];
  readonly #losses: Loss[];
  /** Calls that wait for a result, the oldest first. */
  #open: { readonly id: string; readonly name: string }[] = [];

  constructor(losses: Loss[]) {
    this.#losses = losses;
  }

  read(message: JsonObject, node: string): void {
    const path = `mapping.${node}.message`;
    const { author, content: said, recipient } = message;
    const { role, name } = objectAt(author, `${path}.author`);
    const content = objectAt(said, `${path}.content`);
    this.#tellLosses(message, path);
    const notes = {
      id: stringOf(message["id"]) ?? node,
      ...(typeof message["create_time"] === "number" && { created: milliseconds(message["create_time"]) }),
    };
    switch (role) {
      case "system":
      case "user": {
        const parts = this.#parts(content, path).filter((part) => part.type === "text" || part.type === "file");
        if (parts.length === 0) return;
        // What a user told of themselves for all conversations stands above this one.
        if (role === "user" && content["content_type"] !== "user_editable_context") {
          const [first] = parts;
          const plain = parts.length === 1 && first?.type === "text";
          this.messages.push({ role, content: plain ? first.text : parts, ...notes });
          return;
        }
        this.messages.push({
          role: "system",
          content: parts.map((part) => (part.type === "text" ? part.text : "")).join(""),
          ...notes,
        });
        return;
      }
      case "assistant": {
        const model = stringOf(objectOf(message["metadata"])?.["model_slug"]);
        const tool = typeof recipient === "string" && recipient !== "all" ? recipient : undefined;
        const parts = tool === undefined ? this.#parts(content, path) : [this.#call(notes.id, tool, content, path)];
        if (parts.length > 0) this.#addAnswer(parts, { ...notes, ...(model !== undefined && { model }) });
        return;
      }
      case "tool":
        return this.#addResult(stringOf(name) ?? "tool", this.#parts(content, path), notes);
      default:
        throw refusedField(`${path}.author.role`, "system, user, assistant or tool", role);
    }
  }

  #tellLosses({ metadata }: JsonObject, path: string): void {
    const kept = objectOf(metadata) ?? {};
    for (const member of ["citations", "content_references", "attachments"]) {
      if (listOf(kept[member]).length > 0)
        this.#losses.push({
          path: `${path}.metadata.${member}`,
          what: member,
          why: "It points to places and files outside the conversation.",
        });
    }
  }

  /** What a model says in a row is one turn: its thoughts, its calls, its answer. */
  #addAnswer(parts: readonly AssistantPart[], notes: object): void {
    const last = this.messages.at(-1);
    if (last?.role === "assistant") {
      this.messages[this.messages.length - 1] = { ...last, content: [...partsOf(last.content), ...parts] };
    } else this.messages.push({ role: "assistant", content: parts, ...notes });
  }

  #call(id: string, name: string, content: JsonObject, path: string): AssistantPart {
    const text = this.#parts(content, path)
      .map((part) => ("text" in part ? part.text : ""))
      .join("");
    this.#open.push({ id, name });
    const { input, invalid } = toolArguments(text);
    // What is run there is mostly code, which is a text.
    if (invalid || typeof input !== "object" || input === null) return { type: "tool-call", id, name, input: text };
    return { type: "tool-call", id, name, input };
  }

  #addResult(name: string, parts: readonly AssistantPart[], notes: { readonly id: string }): void {
    const place = this.#open.findIndex(
      (call) => call.name === name || name.startsWith(`${call.name}.`) || call.name.startsWith(`${name}.`),
    );
    const [call = { id: notes.id, name }] = place < 0 ? [] : this.#open.splice(place, 1);
    const pieces = parts.filter((part) => part.type === "text" || part.type === "file");
    const [first] = pieces;
    const plain = pieces.length === 0 || (pieces.length === 1 && first?.type === "text");
    const output = plain ? (first?.type === "text" ? first.text : "") : pieces;
    const result: ToolResultPart = { type: "tool-result", ...call, output };
    const last = this.messages.at(-1);
    if (last?.role === "tool")
      this.messages[this.messages.length - 1] = { ...last, content: [...last.content, result] };
    else this.messages.push({ role: "tool", content: [result], ...notes });
  }

  #parts(content: JsonObject, path: string): AssistantPart[] {
    const type = stringOf(content["content_type"]);
    switch (type) {
      case "text":
      case "multimodal_text":
        return itemsAt(content["parts"], `${path}.content.parts`).flatMap((part, place) =>
          this.#piece(part, `${path}.content.parts[${place}]`),
        );
      case "thoughts":
        return listOf(content["thoughts"]).flatMap((thought): AssistantPart[] => {
          const { summary, content: said } = objectOf(thought) ?? {};
          const words = stringOf(said) || stringOf(summary);
          return words ? [{ type: "reasoning", text: words }] : [];
        });
      case "reasoning_recap": // how long it thought
        return [];
      case "user_editable_context":
        return text(
          [stringOf(content["user_profile"]), stringOf(content["user_instructions"])].filter(Boolean).join("\n\n"),
        );
      case "tether_browsing_display":
        return text(content["result"]);
      default: {
        // Code, what it printed, quotes: whatever has a text.
        const said = text(content["text"]);
        if (said.length === 0)
          this.#losses.push({
            path: `${path}.content`,
            what: type ?? "content",
            why: "It has neither parts nor a text.",
          });
        return said;
      }
    }
  }

  #piece(part: Json, path: string): AssistantPart[] {
    if (typeof part === "string") return part === "" ? [] : [{ type: "text", text: part }];
    const piece = objectOf(part) ?? {};
    const { content_type: type, text: said, asset_pointer: pointer } = piece;
    if (typeof said === "string") return text(said);
    const data = typeof pointer === "string" ? URL.parse(pointer) : null;
    if (data)
      return [{ type: "file", mediaType: (stringOf(type) ?? "").startsWith("audio") ? "audio/*" : "image/*", data }];
    this.#losses.push({ path, what: stringOf(type) ?? "part", why: "It is neither text nor a file." });
    return [];
  }
}

function text(said: Json | undefined): AssistantPart[] {
  return typeof said === "string" && said !== "" ? [{ type: "text", text: said }] : [];
}

/** Their times are seconds with fractions. */
function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}

interface Node {
  readonly id: string;
  readonly message: JsonObject | null;
}

function writeConversation({ id, title, created, model, messages }: Conversation): {
  readonly json: Json;
  readonly warnings: readonly Warning[];
} {
  const nodes: Node[] = [{ id: "client-created-root", message: null }];
  const taken = new Set<string>(["client-created-root"]);
  const warnings: Warning[] = [];
  const add = (wanted: string, message: JsonObject): void => {
    let unique = wanted;
    for (let number = 2; taken.has(unique); number++) unique = `${wanted}-${number}`;
    taken.add(unique);
    nodes.push({ id: unique, message: { id: unique, ...message } });
  };

  messages.forEach((message, place) => {
    const written = nodesOf(message, `messages[${place}]`, warnings);
    written.forEach(({ id: own, ...node }, index) => {
      const made = `message-${place}${index > 0 ? `-${index}` : ""}`;
      add((index === 0 ? message.id : undefined) ?? own ?? made, {
        ...node,
        create_time: message.created === undefined ? null : message.created / 1000,
        metadata: message.model === undefined ? {} : { model_slug: message.model },
      });
    });
  });
  const mapping = Object.fromEntries(
    nodes.map((node, place) => [
      node.id,
      {
        ...node,
        parent: nodes[place - 1]?.id ?? null,
        children: place + 1 < nodes.length ? [nodes[place + 1]!.id] : [],
      },
    ]),
  );
  return {
    json: {
      ...(id !== undefined && { conversation_id: id, id }),
      title: title ?? "",
      create_time: created === undefined ? null : created / 1000,
      ...(model !== undefined && { default_model_slug: model }),
      current_node: nodes.at(-1)!.id,
      mapping,
    },
    warnings,
  };
}

type NewNode = { readonly id?: string } & JsonObject;

/** A turn as the messages that stand for it there. */
function nodesOf(message: ConversationMessage, path: string, warnings: Warning[]): NewNode[] {
  const { role, content } = message;
  if (role === "system") return [node({ role }, { content_type: "text", parts: [content] })];
  if (role === "user")
    return [node({ role }, wordsOf(partsOf(content) as (TextPart | FilePart)[], `${path}.content`, warnings))];
  const nodes: NewNode[] = [];
  let said: TextPart[] = [];
  const end = (): void => {
    if (said.length > 0)
      nodes.push(node({ role: "assistant" }, { content_type: "text", parts: said.map(({ text }) => text) }));
    said = [];
  };
  partsOf(content).forEach((part, index) => {
    const at = `${path}.content[${index}]`;
    if (part.type === "text") {
      said.push(part);
      return;
    }
    end();
    switch (part.type) {
      case "reasoning":
        nodes.push(
          node({ role: "assistant" }, { content_type: "thoughts", thoughts: [{ summary: "", content: part.text }] }),
        );
        return;
      case "tool-call": {
        const text = typeof part.input === "string" ? part.input : JSON.stringify(part.input);
        nodes.push({
          ...node({ role: "assistant" }, { content_type: "code", language: "unknown", text }, part.name),
          id: part.id,
        });
        return;
      }
      case "tool-result": {
        const { output } = part;
        const pieces = typeof output === "string" ? [{ type: "text" as const, text: output }] : output;
        const words = pieces.map((piece) =>
          piece.type === "json" ? { type: "text" as const, text: JSON.stringify(piece.value) } : piece,
        );
        nodes.push(node({ role: "tool", name: part.name }, wordsOf(words, `${at}.output`, warnings)));
        return;
      }
      default:
        warnings.push({ code: "dropped", path: at, message: `ChatGPT's export has no ${part.type} by itself.` });
    }
  });
  end();
  return nodes;
}

function node(author: JsonObject, content: JsonObject, recipient = "all"): NewNode {
  return { author, content, recipient };
}

function wordsOf(parts: readonly (TextPart | FilePart)[], path: string, warnings: Warning[]): JsonObject {
  const pieces = parts.flatMap((part, place): Json[] => {
    if (part.type === "text") return [part.text];
    if (part.data instanceof URL) {
      const type = part.mediaType.startsWith("audio/") ? "audio_asset_pointer" : "image_asset_pointer";
      return [{ content_type: type, asset_pointer: part.data.href }];
    }
    warnings.push({
      code: "dropped",
      path: `${path}[${place}]`,
      message: "ChatGPT's export names files by their addresses; bytes have no place in it.",
    });
    return [];
  });
  return {
    content_type: pieces.every((piece) => typeof piece === "string") ? "text" : "multimodal_text",
    parts: pieces,
  };
}
