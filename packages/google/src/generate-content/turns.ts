import type {
  AssistantPart,
  FilePart,
  Json,
  Message,
  OpaquePart,
  Owned,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  Warning,
} from "@plugboard/core";
import type { Abilities } from "./abilities.ts";
import type { WirePart } from "./messages.ts";
import { ModelError } from "@plugboard/core";
import { foreignData, leftOut, objectOf, stringOf } from "@plugboard/wire";
import { wireFileOf } from "./file-part.ts";
import { inline, owner, ownData, wirePartOf } from "./messages.ts";
import { resultContentOf } from "./result-content.ts";
import { WaitingResults } from "./waiting-results.ts";

/** One content of a request. */
interface Turn {
  readonly role: "user" | "model";
  /** Results of tools stand in a content of their own, right after their calls. */
  readonly results?: true;
  readonly parts: WirePart[];
}

/** A conversation as Google wants it. */
export interface Conversation {
  readonly system: readonly WirePart[];
  readonly turns: readonly Turn[];
}

export interface TurnContext {
  readonly abilities: Abilities;
  readonly toolName: (name: string) => string;
  readonly warn: (warning: Warning) => void;
  /** Said after the system messages. */
  readonly instruction?: string | undefined;
}

/** Tells Gemini 3 not to look for the signature of a call that is not its own: https://ai.google.dev/gemini-api/docs/thought-signatures. */
const noSignature = "skip_thought_signature_validator";

/**
 * Lays a conversation out as Google wants it: neighbours of one role are joined, the results of calls follow them in the same order and
 * number, and what Google would refuse is repaired or left out, with a warning.
 *
 * @throws {ModelError} `unsupported` or `invalid-request`, naming the message
 */
export function conversationOf(messages: readonly Message[], context: TurnContext): Conversation {
  const layout = new Layout(messages, context);
  messages.forEach((message, place) => layout.add(message, place));
  return layout.finish();
}

interface OpenCall {
  readonly part: ToolCallPart;
  readonly place: number;
}

class Layout {
  readonly #context: TurnContext;
  readonly #system: WirePart[] = [];
  readonly #turns: Turn[] = [];
  readonly #results: WaitingResults;
  readonly #noteForeign: (owned: Owned, path: string) => void;
  #open: OpenCall[] = [];
  #leading = true;

  constructor(messages: readonly Message[], context: TurnContext) {
    this.#context = context;
    const { warn } = context;
    this.#noteForeign = foreignData({ provider: "Google", understands: (data) => data[owner] !== undefined, warn });
    this.#results = new WaitingResults(messages);
  }

  add(message: Message, place: number): void {
    const path = `messages[${place}]`;
    const before = this.#size;
    this.#noteForeign(message, path);
    if (message.role === "system") return this.#addSystem(message.content, path);
    this.#leading = false;
    if (message.role === "assistant") this.#addAssistant(message.content, place, path);
    else {
      this.#answerCalls();
      if (typeof message.content === "string") this.#addText(message.content);
      else message.content.forEach((part, index) => this.#addUserPart(part, `${path}.content[${index}]`));
    }
    // Results may have gone to their calls before.
    if (this.#size === before && message.role !== "tool") {
      this.#warn("adapted", path, "The message has nothing in it to send, and is left out.");
    }
  }

  finish(): Conversation {
    this.#answerCalls();
    const [first] = this.#turns;
    if (!first) {
      const message = "`messages` must have at least one message with something in it, besides system messages.";
      throw new ModelError(message, { code: "invalid-request" });
    }
    // A call may follow the user's words or results alone.
    if (first.role === "model" && first.parts.some(({ functionCall }) => functionCall !== undefined)) {
      this.#turns.unshift({ role: "user", parts: [{ text: "Go on." }] });
      this.#warn(
        "adapted",
        "messages[0]",
        "The conversation begins with a call; the user is made to say something first.",
      );
    }
    const { instruction } = this.#context;
    if (instruction?.trim()) this.#system.push({ text: instruction });
    if (this.#context.abilities.wantsSignatures) this.#signForeignCalls();
    if (!this.#context.abilities.instructed) this.#moveSystem();
    return { system: this.#system, turns: this.#turns };
  }

  get #size(): number {
    return this.#turns.reduce((sum, { parts }) => sum + parts.length, 0);
  }

  #warn(code: "adapted" | "dropped", path: string, message: string): void {
    this.#context.warn({ code, path, message });
  }

  #put(role: Turn["role"], part: WirePart): void {
    const last = this.#turns.at(-1);
    if (last?.role === role && !last.results) last.parts.push(part);
    else this.#turns.push({ role, parts: [part] });
  }

  #addText(text: string, role: Turn["role"] = "user"): void {
    if (text !== "") this.#put(role, { text });
  }

  #addSystem(text: string, path: string): void {
    if (text.trim() === "") return;
    this.#system.push({ text });
    if (this.#leading) return;
    this.#warn("adapted", path, "Google takes no system message in the middle; it stands with the first ones.");
  }

  #addUserPart(part: TextPart | FilePart | ToolResultPart | OpaquePart, path: string): void {
    this.#noteForeign(part, path);
    switch (part.type) {
      case "text":
        if (part.text !== "") this.#put("user", { text: part.text, ...ownData(part.providerData) });
        return;
      case "file":
        return this.#put("user", wireFileOf(part, path));
      case "tool-result":
        return this.#addOrphan(part, path);
      default: {
        const own = ownData(part.providerData);
        if (own) this.#put("user", own);
        else this.#warn("dropped", path, `Google does not know this part (${stringOf(part.type)}); it is not sent.`);
      }
    }
  }

  /** A result that no call took is told as text. */
  #addOrphan(part: ToolResultPart, path: string): void {
    if (!this.#results.takeOrphan(part)) return; // its call has it
    this.#tellResult(part, path);
  }

  #tellResult(part: ToolResultPart, path: string): void {
    this.#warn("adapted", path, `The result ${part.id} answers no call before it; it is sent as text.`);
    const { value, files } = resultContentOf(part);
    this.#addText(`Result of ${part.name}:\n${typeof value === "string" ? value : JSON.stringify(value)}`);
    for (const file of files) this.#put("user", wireFileOf(file, path));
  }

  #addAssistant(content: string | readonly AssistantPart[], place: number, path: string): void {
    if (typeof content === "string") return this.#addText(content, "model");
    const inlineResults = new Map<string, ToolResultPart>();
    for (const part of content) if (part.type === "tool-result") inlineResults.set(part.id, part);
    content.forEach((part, index) => this.#addAssistantPart(part, place, `${path}.content[${index}]`, inlineResults));
  }

  #addAssistantPart(
    part: AssistantPart,
    place: number,
    path: string,
    inlineResults: ReadonlyMap<string, ToolResultPart>,
  ): void {
    const own = ownData(part.providerData);
    this.#noteForeign(part, path);
    if (part.type === "text") {
      if (part.citations?.some(({ source }) => !source.providerData?.[owner])) {
        this.#warn("dropped", `${path}.citations`, "Citations are not sent to Google.");
      }
      // Empty text is sent where it carries a signature.
      if (part.text === "" && !own) return;
    }
    if (part.type === "tool-call" && !own?.["part"]) {
      // What a layer or another provider ran is told as a call of ours with its result.
      if (part.executed && !inlineResults.has(part.id)) {
        const message = `The call of ${part.name} was run elsewhere and has no result here; it is not sent.`;
        return this.#warn("dropped", path, message);
      }
      if (part.invalid || objectOf(part.input) === undefined) {
        this.#warn("adapted", path, "Arguments that are no JSON object are sent within one.");
      }
      const { executed: _, ...call } = part;
      this.#open.push({ part: call, place });
      return this.#put("model", wirePartOf(call, this.#context.toolName)!);
    }
    if (part.type === "tool-result" && !own?.["part"]) {
      if (this.#open.some((call) => call.part.id === part.id)) {
        this.#results.putFirst({ part, place, path });
        return this.#answerCalls();
      }
      return this.#tellResult(part, path);
    }
    const wire = wirePartOf(part, this.#context.toolName);
    if (wire) return this.#put("model", wire);
    // What an answer rests on came beside it, and is not part of the conversation.
    if (part.type === "source" && own) return;
    this.#context.warn(leftOut(part, path, "Google"));
  }

  /** Writes the results of the calls that are open, in their order: Google wants as many, right after them. */
  #answerCalls(): void {
    if (this.#open.length === 0) return;
    const calls = this.#open;
    this.#open = [];
    const parts: WirePart[] = [];
    const files: { readonly of: string; readonly path: string; readonly files: readonly FilePart[] }[] = [];
    for (const { part, place } of calls) {
      const result = this.#results.take(part.id, place);
      if (!result) {
        this.#warn("adapted", "messages", `The call ${part.id} has no result; Google is told that it failed.`);
        parts.push(this.#responseOf(part, { error: "The tool gave no result." }, []));
        continue;
      }
      this.#noteForeign(result.part, result.path);
      const content = resultContentOf(result.part);
      const response = { [result.part.isError ? "error" : "output"]: content.value };
      const within = this.#context.abilities.fileResults && content.files.every(({ data }) => !(data instanceof URL));
      parts.push(this.#responseOf(part, response, within ? content.files : []));
      if (!within && content.files.length > 0) files.push({ of: part.name, path: result.path, files: content.files });
    }
    this.#turns.push({ role: "user", results: true, parts });
    for (const { of, path, files: given } of files) {
      this.#warn("adapted", path, "The model takes no such files in results; the user gives them.");
      this.#addText(`Files from ${of}:`);
      for (const file of given) this.#put("user", wireFileOf(file, path));
    }
  }

  #responseOf(call: ToolCallPart, response: Record<string, Json>, files: readonly FilePart[]): WirePart {
    const id = ownData(call.providerData)?.["id"];
    const parts = files.map(({ mediaType, data }) => ({ inlineData: inline(mediaType, data as Uint8Array) }));
    const head = { ...(id !== undefined && { id }), name: this.#context.toolName(call.name), response };
    return { functionResponse: { ...head, ...(parts.length > 0 && { parts }) } };
  }

  /** Of the calls of a turn only the first has a signature, and must have one. */
  #signForeignCalls(): void {
    let signed = false;
    for (const { role, parts } of this.#turns) {
      const first = role === "model" ? parts.find(({ functionCall }) => functionCall !== undefined) : undefined;
      if (!first || first["thoughtSignature"] !== undefined) continue;
      first["thoughtSignature"] = noSignature;
      signed = true;
    }
    if (signed)
      this.#warn(
        "adapted",
        "messages",
        "Calls that have no signature of Google's are sent with one that stands for none.",
      );
  }

  /** A model without system messages is told in the user's first words. */
  #moveSystem(): void {
    const system = this.#system.splice(0);
    if (system.length === 0) return;
    this.#warn("adapted", "messages", "The model takes no system messages; they stand in the user's first words.");
    const [first] = this.#turns;
    if (first!.role === "user" && !first!.results) first!.parts.unshift(...system);
    else this.#turns.unshift({ role: "user", parts: system });
  }
}
