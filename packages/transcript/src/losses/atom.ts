import type { AssistantPart, FilePart, Message, OpaquePart, Owned, ToolResultPart } from "@plugboard/core";
import type { Conversation, ConversationMessage } from "../conversation.ts";
import { sha256 } from "../sha256.ts";
import { sortedJson } from "../sorted-json.ts";

/** The least that is kept or lost as a whole: a part, or the texts of one speaker in a row, which formats join as they like. */
export interface Atom {
  readonly kind: Exclude<AssistantPart["type"], "text"> | "text" | "system" | "message";
  readonly role: Message["role"];
  /** What makes it itself: two atoms with one key say the same. */
  key: string;
  /** Of texts, thoughts and system messages. */
  text?: string;
  /** Where it stands, piece by piece. */
  readonly pieces: { readonly path: string; readonly text: string }[];
  /** What it has besides. */
  readonly attributes: Attribute[];
  /** The texts that a result is made of. */
  readonly outputs?: readonly string[];
  /** Of a call, and of the result that answers it. */
  readonly call?: { readonly id: string; readonly name: string; readonly input: string };
}

/** Something that an atom may lose and still be itself. */
export interface Attribute {
  readonly what: string;
  readonly path: string;
  readonly value: string;
  /** It is of a whole message, which may be told elsewhere than with what the message says first. */
  readonly isNote?: true;
}

/** Everything that a conversation says, in order. */
export function atomsOf({ messages }: Pick<Conversation, "messages">): Atom[] {
  const reader = new AtomReader();
  messages.forEach((message, place) => reader.read(message, `messages[${place}]`));
  return reader.atoms;
}

class AtomReader {
  readonly atoms: Atom[] = [];
  #role: Message["role"] | undefined;
  #path = "";
  /** What the message before this atom has told of itself, and whether it goes on from one of the same speaker. */
  #notes: Attribute[] = [];
  #joins = false;
  /** An atom of the speaker's that text may be added to. */
  #open: Atom | undefined;
  /** How many pieces there are so far. */
  #said = 0;

  read(message: ConversationMessage, path: string): void {
    const { role, content } = message;
    this.#joins = role === this.#role && role !== "tool" && role !== "system";
    if (!this.#joins) this.#open = undefined;
    this.#role = role;
    this.#path = path;
    this.#notes = notesOf(message, path);
    const before = this.#said;
    if (role === "system") this.#add({ kind: "system", key: `system:${message.content}`, text: message.content, path });
    else if (typeof content === "string") this.#addText(content, path, []);
    else content.forEach((part, place) => this.#addPart(part, `${path}.content[${place}]`));
    if (this.#said === before) this.#add({ kind: "message", key: `message:${role}`, path });
  }

  #addPart(part: AssistantPart | OpaquePart, path: string): void {
    const owned = ownedOf(part, path);
    switch (part.type) {
      case "text": {
        const cited = (part.citations ?? []).map((citation) => at("citations", path, sortedJson(citation)));
        return this.#addText(part.text, path, [...owned, ...cited]);
      }
      case "reasoning":
        // Thoughts without words are known by what their provider wants back.
        return this.#add({
          kind: "reasoning",
          key: part.text === "" ? `reasoning:${sortedJson(part.providerData)}` : `reasoning::${part.text}`,
          text: part.text,
          path,
          attributes: owned,
        });
      case "file":
        return this.#addFile(part, path, owned);
      case "source": {
        const { providerData: _, ...source } = part;
        return this.#add({ kind: "source", key: `source:${sortedJson(source)}`, path, attributes: owned });
      }
      case "tool-call": {
        const input = sortedJson(part.input);
        const attributes = [at("id", path, part.id), at("name", path, part.name), at("input", path, input), ...owned];
        if (part.executed) attributes.push(at("executed", path, "true"));
        if (part.invalid) attributes.push(at("invalid", path, "true"));
        if (part.raw !== undefined && part.raw !== JSON.stringify(part.input))
          attributes.push(at("raw", path, part.raw));
        const call = { id: part.id, name: part.name, input };
        return this.#add({ kind: "tool-call", key: `call:${part.name}:${input}`, path, attributes, call });
      }
      case "tool-result":
        return this.#addResult(part, path, owned);
      case "opaque":
        return this.#add({
          kind: "opaque",
          key: `opaque:${part.kind}:${sortedJson(part.providerData)}`,
          path,
          attributes: [],
        });
    }
  }

  #addText(text: string, path: string, attributes: Attribute[]): void {
    if (text === "" && attributes.length === 0) return;
    const open = this.#open;
    if (!open) {
      this.#add({ kind: "text", key: `text:${this.#role!}:${text}`, text, path, attributes });
      this.#open = this.atoms.at(-1);
      return;
    }
    open.attributes.push(...this.#taken((open.text ?? "").length), ...attributes);
    open.pieces.push({ path, text });
    this.#said++;
    open.text += text;
    open.key = `text:${open.role}:${open.text}`;
  }

  #addFile({ data, mediaType, filename }: FilePart, path: string, owned: readonly Attribute[]): void {
    const key = data instanceof URL ? `file:${data.href}` : `file:${sha256(data)}`;
    const attributes = [at("mediaType", path, mediaType), at("place", path, this.#role!), ...owned];
    if (filename !== undefined) attributes.push(at("filename", path, filename));
    this.#add({ kind: "file", key, path, attributes });
  }

  #addResult(part: ToolResultPart, path: string, owned: readonly Attribute[]): void {
    const { id, name, output } = part;
    const pieces = typeof output === "string" ? [] : output;
    const said = pieces.filter((piece) => piece.type !== "file");
    const outputs =
      typeof output === "string"
        ? [output]
        : said.map((piece) => (piece.type === "json" ? JSON.stringify(piece.value) : piece.text));
    const text = outputs.join("\n");
    const attributes = [at("id", path, id), at("name", path, name), ...owned];
    if (part.isError) attributes.push(at("isError", path, "true"));
    if (part.executed) attributes.push(at("executed", path, "true"));
    said.forEach((piece, place) => {
      if (piece.type === "json") attributes.push(at("json", `${path}.output[${place}]`, sortedJson(piece.value)));
      else if (piece.providerData) attributes.push(...ownedOf(piece, `${path}.output[${place}]`));
    });
    const call = { id, name, input: "" };
    this.#add({ kind: "tool-result", key: `result:${id}:${text}`, text, outputs, path, attributes, call });
    pieces.forEach((piece, place) => {
      if (piece.type === "file")
        this.#addFile(piece, `${path}.output[${place}]`, ownedOf(piece, `${path}.output[${place}]`));
    });
  }

  #add({ path, attributes = [], ...atom }: Omit<Atom, "role" | "pieces" | "attributes"> & NewAtom): void {
    this.#open = undefined;
    this.#said++;
    this.atoms.push({
      ...atom,
      role: this.#role!,
      pieces: [{ path, text: atom.text ?? "" }],
      attributes: [...this.#taken(0), ...attributes],
    });
  }

  /** What the message tells of itself goes to the first that it says. */
  #taken(offset: number): Attribute[] {
    const taken = this.#notes;
    if (this.#joins) taken.push(at("boundary", this.#path, String(offset)));
    this.#notes = [];
    this.#joins = false;
    return taken;
  }
}

interface NewAtom {
  readonly path: string;
  readonly attributes?: readonly Attribute[];
}

function notesOf(message: ConversationMessage, path: string): Attribute[] {
  const { id, created, model } = message;
  const notes: Attribute[] = ownedOf(message, path);
  if (id !== undefined) notes.push(at("id", `${path}.id`, id));
  if (created !== undefined) notes.push(at("created", `${path}.created`, String(created)));
  if (model !== undefined) notes.push(at("model", `${path}.model`, model));
  return notes.map((note) => Object.assign(note, { isNote: true as const }));
}

/** What providers want handed back, member by member. */
export function ownedOf({ providerData }: Owned, path: string): Attribute[] {
  return Object.entries(providerData ?? {}).flatMap(([owner, members]) =>
    Object.entries(members).flatMap(([name, value]) =>
      value === undefined ? [] : [at(`providerData.${owner}.${name}`, path, sortedJson(value))],
    ),
  );
}

function at(what: string, path: string, value: string): Attribute {
  return { what, path, value };
}
