import type { AssistantPart, FilePart, TextPart } from "@plugboard/core";
import type { Conversation, ConversationMessage } from "./conversation.ts";
import type { Holds } from "./format.ts";

/** One thing that a conversation says, told apart by what kind of thing it is. Written for the tests, from the words of `Holds` alone. */
export interface Fact {
  readonly kind:
    | "note"
    | "message-note"
    | "system"
    | "later-system"
    | "text"
    | "reasoning"
    | "signature"
    | "call"
    | "call-id"
    | "result"
    | "is-error"
    | "json"
    | "tool"
    | "file"
    | "filename"
    | "source"
    | "citation";
  /** Which note, whose signature, what kind of file. */
  readonly of?: string;
  /** Within which turn and step. */
  readonly at: string;
  readonly value: string;
  readonly path: string;
}

/** All that a conversation says. */
export function factsOf(conversation: Conversation): Fact[] {
  const facts: Fact[] = [];
  for (const of of ["id", "title", "created", "model"] as const)
    if (conversation[of] !== undefined)
      facts.push({ kind: "note", of, at: "", value: String(conversation[of]), path: of });
  conversation.tools?.forEach((tool, place) => {
    if (tool.type === "provider") return;
    const value = JSON.stringify([tool.name, tool.description ?? "", ordered(tool.input)]);
    facts.push({ kind: "tool", at: "", value, path: `tools[${place}]` });
  });

  let turn = 0;
  let step = 0;
  let isFirst = true;
  conversation.messages.forEach((message, place) => {
    const path = `messages[${place}]`;
    if (message.role === "user") {
      turn++;
      step = 0;
    }
    if (message.role !== "system") isFirst = false;
    facts.push(...messageFacts(message, path, `${turn}.${step}`, isFirst));
    if (message.role === "tool") step++;
  });
  return facts;
}

function messageFacts(message: ConversationMessage, path: string, at: string, isFirst: boolean): Fact[] {
  const { role, content } = message;
  const notes = (["id", "created", "model"] as const).flatMap((of): Fact[] =>
    message[of] === undefined || role === "tool"
      ? []
      : [{ kind: "message-note", of, at: `${at} ${role}`, value: String(message[of]), path: `${path}.${of}` }],
  );
  if (role === "system") return [...notes, { kind: isFirst ? "system" : "later-system", at, value: content, path }];
  const parts: readonly AssistantPart[] = typeof content === "string" ? [{ type: "text", text: content }] : content;
  const where = (index: number): string => (typeof content === "string" ? path : `${path}.content[${index}]`);
  return [...notes, ...parts.flatMap((part, index) => partFacts(part, where(index), `${at} ${role}`))];
}

function partFacts(part: AssistantPart, path: string, at: string): Fact[] {
  switch (part.type) {
    case "text":
      return [
        ...(part.text === "" ? [] : [{ kind: "text" as const, at, value: part.text, path }]),
        ...citationFacts(part, path, at),
      ];
    case "reasoning": {
      const signed = Object.keys(part.providerData ?? {});
      return [
        { kind: "reasoning", of: signed.join(), at, value: part.text, path },
        ...signed.map((of): Fact => ({
          kind: "signature",
          of,
          at,
          value: JSON.stringify(ordered(part.providerData?.[of])),
          path,
        })),
      ];
    }
    case "tool-call":
      return [
        { kind: "call", at, value: JSON.stringify([part.name, ordered(part.input)]), path },
        { kind: "call-id", at, value: part.id, path },
      ];
    case "tool-result": {
      const { output } = part;
      const pieces = typeof output === "string" ? [{ type: "text" as const, text: output }] : output;
      const texts = pieces.flatMap((piece) =>
        piece.type === "json" ? [JSON.stringify(piece.value)] : piece.type === "text" ? [piece.text] : [],
      );
      return [
        ...texts.map((value): Fact => ({ kind: "result", at, value, path })),
        ...(part.isError ? [{ kind: "is-error" as const, at, value: texts[0] ?? "", path }] : []),
        ...pieces.flatMap((piece, place): Fact[] =>
          piece.type === "json"
            ? [{ kind: "json", at, value: JSON.stringify(ordered(piece.value)), path: `${path}.output[${place}]` }]
            : [],
        ),
      ];
    }
    case "file":
      return fileFacts(part, path, at);
    case "source": {
      const { url, title = "", id = "" } = part;
      return [{ kind: "source", at, value: JSON.stringify([url, title, id]), path }];
    }
    default:
      return [];
  }
}

function citationFacts({ citations = [] }: TextPart, path: string, at: string): Fact[] {
  return citations.map(({ source, start, end }) => ({
    kind: "citation",
    at,
    value: JSON.stringify([source.url, source.title, start, end]),
    path,
  }));
}

function fileFacts({ data, mediaType, filename }: FilePart, path: string, at: string): Fact[] {
  const of = data instanceof URL ? "image-url" : mediaType === "application/pdf" ? "pdf" : "image";
  const value = data instanceof URL ? data.href : `${mediaType} ${[...data].join(" ")}`;
  return [
    { kind: "file", of, at, value, path },
    ...(filename === undefined ? [] : [{ kind: "filename" as const, of, at, value: `${filename} ${value}`, path }]),
  ];
}

/** Whether a format promises to hold a fact. */
export function promises(holds: Holds, { kind, at, of = "" }: Fact): boolean {
  switch (kind) {
    case "note":
      return (holds.conversation as readonly string[]).includes(of);
    case "message-note":
      if (at.endsWith(" system") && holds.system !== "anywhere") return false;
      // Of an answer that took several steps, those of the first.
      return (holds.message as readonly string[]).includes(of) && / (?:user|system)$|\.0 /.test(at);
    case "system":
      return holds.system !== "none";
    case "later-system":
      return holds.system === "anywhere";
    case "text":
      return true;
    case "reasoning":
      if (holds.reasoning === "any" || (holds.reasoning === "unsigned" && of === "")) return true;
      return holds.reasoning !== "none" && holds.owners.includes(of);
    case "signature":
      return holds.owners === "all" || holds.owners.includes(of);
    case "call":
    case "result":
      return holds.tools !== "none";
    case "call-id":
      return holds.tools === "ids";
    case "is-error":
      return holds.isError;
    case "json":
      return holds.jsonOutput;
    case "tool":
      return holds.toolDefinitions;
    case "file":
      return (holds.files as readonly string[]).includes(of);
    case "filename":
      return (holds.filenames as readonly string[]).includes(of);
    case "source":
      return holds.sources;
    default:
      return holds.citations;
  }
}

/** A fact as a format gives it back: a thought whose signature it cannot hold is nobody's. */
export function asHeldBy(holds: Holds, fact: Fact): Fact {
  return fact.kind === "reasoning" && !promises(holds, { ...fact, kind: "signature" }) ? { ...fact, of: "" } : fact;
}

/** Whether a fact is among others: texts may have been joined, a result may tell of its failure in words, a moved rule is a rule. */
export function isAmong(fact: Fact, others: readonly Fact[]): boolean {
  return others.some((other) => {
    if (fact.kind === "message-note")
      return other.kind === fact.kind && other.of === fact.of && other.value === fact.value;
    if (fact.kind === "system" || fact.kind === "later-system")
      return other.kind === fact.kind && other.value.includes(fact.value);
    if (other.kind !== fact.kind || other.at !== fact.at) return false;
    // Claude's signatures are the same ones on Bedrock.
    if (fact.kind === "signature" && fact.of !== other.of && !(claude.has(fact.of!) && claude.has(other.of!)))
      return false;
    const mayBeJoined =
      fact.kind === "text" || fact.kind === "result" || fact.kind === "is-error" || fact.kind === "reasoning";
    return mayBeJoined ? other.value.includes(fact.value) : other.value === fact.value;
  });
}

const claude = new Set(["anthropic", "bedrock"]);

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, ordered(member)]),
  );
}
